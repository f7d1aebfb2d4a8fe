"""What the officer side answers about offers: slates, reasons, what would help."""

import datetime as dt
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.fields import Body, Count, SuggestionKind

Share = Annotated[float, Field(ge=0, le=1)]


class SlateNew(Body):
    """How long a slate to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"k": 5}]})

    k: Annotated[int, Field(ge=1, le=20, description="Most suggestions.")] = 5


class LineOut(Body):
    """One feature of a suggestion in numbers and in words."""

    feature: str
    group: str
    unit: str
    value: float | None = Field(description="Null where it is not known.")
    contribution: float = Field(description="Log-odds it adds to the score.")
    text: str


class SuggestionOut(Body):
    """One offer, or two in a row, with exact reasons: base + contributions = score."""

    opportunity_id: str
    steps: list[str]
    kind: SuggestionKind
    title: str
    livelihood: str | None
    employer: str | None
    place: str | None
    score: float
    base: float
    contributions: dict[str, float]
    retention_90d: Share = Field(description="Chance of being retained and safe after 90 days.")
    retention_180d: Share
    interval: tuple[Share, Share] = Field(description="90 % interval of the first.")
    reasons: list[LineOut]
    certain: str
    hoped: str
    cautions: list[str]
    income_usd: float | None = Field(description="US$ a month before its costs.")
    net_income_usd: float | None = Field(description="After transport, debt, care, climate.")
    travel_minutes: float | None
    climate: dict[str, float]
    diversification: float | None


class OfferedOut(SuggestionOut):
    """A suggestion as it stood in a slate."""

    position: Annotated[int, Field(ge=1)]
    propensity: Share = Field(description="Probability with which the ranking showed it here.")


class SlateOut(Body):
    """A slate as it was shown, and what it was made from."""

    slate_id: str
    client_id: str
    created_at: dt.datetime
    client_version: int
    market_revision: Count
    market_day: dt.date
    model_version: str
    language: str
    suggestions: list[OfferedOut]
    considered: Count
    admissible: Count
    refused: dict[str, Count]
    note: str


class ReasonOut(Body):
    """One reason why an offer may not be made."""

    code: str
    message: str
    evidence: dict[str, Any]


class WhyNotOut(Body):
    """Every gate the offer failed for the client; none where it may be offered."""

    client_id: str
    opportunity_id: str
    offered: bool
    reasons: list[ReasonOut]


class HelpOut(Body):
    """Something that can change, and what it would change; verified by scoring again."""

    change: str
    code: str
    message: str
    opportunity_id: str
    opens: Count
    before: Share | None
    after: Share


class HelpsOut(Body):
    """What would help a client, the most useful first."""

    client_id: str
    items: list[HelpOut]

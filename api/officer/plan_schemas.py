"""What the officer side takes and answers about caseload plans."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from api.fields import Body, Count, Id, OneOf, SuggestionKind, Word
from matcher.planning.groupings import GROUPINGS
from matcher.planning.terms import FLOORS
from models import vocabulary

Share = Annotated[float, Field(ge=0, le=1)]
Floor = Annotated[str, OneOf(FLOORS)]
Grouping = Annotated[str, OneOf(tuple(GROUPINGS))]
Standing = Annotated[str, OneOf(vocabulary.PLAN_STANDING)]
Status = Annotated[str, OneOf(vocabulary.PLAN_STATUS)]
Proof = Annotated[str, OneOf(vocabulary.PLAN_PROOF)]


class PairOf(Body):
    """A client and an offer."""

    client_id: Id
    opportunity_id: Id


Pairs = Annotated[list[PairOf], Field(max_length=150)]
Together = Annotated[
    list[Annotated[list[Id], Field(min_length=2, max_length=10)]], Field(max_length=50)
]


class PlanNew(Body):
    """Whom to plan for, and on which terms."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"cohort": "malaysia-august", "fund_usd": 1000, "floor": "maxmin"}]
        }
    )

    cohort: Annotated[Word, Field(max_length=64)] | None = Field(
        None, description="Clients of one cohort; without cohort and officer: all."
    )
    officer: Annotated[Word, Field(max_length=64)] | None = Field(
        None, description="Clients whom one officer accompanies."
    )
    fund_usd: Annotated[float, Field(ge=0, le=1e9)] | None = Field(
        None, description="Money for grants; left out: not limited."
    )
    floor: Floor | None = Field(None, description="How far no group may fall behind others.")
    group: Grouping = Field("sex", description="What groups are made of; nothing scores on it.")
    pins: Pairs = Field([], description="Pairs that must stand in the plan.")
    bans: Pairs = Field([], description="Pairs that may not.")
    together: Together = Field([], description="Clients placed in one province, or not at all.")
    time_limit: Annotated[float, Field(gt=0, le=120)] = Field(30, description="Seconds to solve.")
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    @model_validator(mode="after")
    def _one_scope(self) -> "PlanNew":
        if self.cohort is not None and self.officer is not None:
            raise ValueError("cohort or officer expected, not both")
        return self


class OverrideNew(Body):
    """What to change in a plan; a pin replaces the client's earlier pin, and lifts a ban."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"pins": [{"client_id": "C-EXAMPLE", "opportunity_id": "V-SEWING-1"}]}]
        }
    )

    pins: Pairs = Field([], description="Pairs that must stand in the new plan.")
    bans: Pairs = Field([], description="Pairs that may not.")


class PlanLineOut(Body):
    """One client in a plan."""

    client_id: str
    opportunity_id: str | None = Field(description="What to refer to now; null: unplaced.")
    then_id: str | None = Field(description="What is hoped to follow a training.")
    kind: SuggestionKind | None
    title: str | None
    employer: str | None
    place: str | None
    value: Share = Field(description="Chance of being retained and safe after 90 days.")
    standing: Standing
    reason: str = Field(description="The standing in a phrase.")
    rank: Annotated[int, Field(ge=1)] | None = Field(
        description="Place of the offer among those the client may be offered."
    )
    best_id: str | None = Field(description="What would be worth most to the client alone.")
    best_value: Share
    seat_price: float = Field(description="What one more such seat adds at most, in people kept.")
    cost_usd: float = Field(description="What the programme pays now.")
    wanted_id: str | None = Field(description="Unplaced: where one more seat would help.")
    gain: float = Field(description="What that seat adds at most, in people kept.")
    refused: dict[str, Count] = Field(description="Nothing to offer: refusals by reason code.")


class GroupOut(Body):
    """What a group gets."""

    label: str
    size: Count
    placed: Count
    mean_value: float = Field(description="Over all who may be offered anything; unplaced: 0.")
    floor: float | None
    floor_price: float
    reached: bool


class ScarceOut(Body):
    """An offer whose seats are all given."""

    opportunity_id: str
    title: str | None
    seats: Count = Field(description="Seats that were free before the plan.")
    price: float = Field(description="What one more adds at most, in people kept.")


class FiguresOut(Body):
    """What a manager reads."""

    clients: Count
    placed: Count
    no_offer: Count = Field(description="Clients to whom nothing may be offered.")
    already_placed: Count = Field(description="Clients left out: they hold a seat already.")
    objective: float = Field(description="People expected to be retained and safe after 90 days.")
    bound: float = Field(description="No plan on these terms is better.")
    gap: float
    seconds: float
    mean_value: float = Field(description="Over those placed.")
    price_of_fairness: float | None = Field(description="Share of the total the floor costs.")
    fund_usd: float | None
    spent_usd: float
    fund_price: float = Field(description="What 1,000 USD more adds at most, in people kept.")
    scarce_offers: Count
    groups: list[GroupOut]
    scarce: list[ScarceOut] = Field(description="The dearest.")


class PlanOut(Body):
    """A plan as it was made."""

    plan_id: str
    parent_id: str | None = Field(description="The plan this one overrides.")
    created_at: dt.datetime
    who: str
    status: Status
    proof: Proof = Field(description="Whether the gap asked for was reached.")
    inputs_hash: str = Field(description="The same hash is the same plan.")
    market_revision: Count
    market_day: dt.date
    model_version: str
    asked: PlanNew
    figures: FiguresOut
    applied_at: dt.datetime | None
    applied_by: str | None
    lines: list[PlanLineOut]

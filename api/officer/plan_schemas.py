"""What the officer side answers about caseload plans."""

import datetime as dt
from typing import Annotated, Any

from pydantic import Field

from api.fields import Body, Count, OneOf, SuggestionKind
from api.officer.plan_asked import PlanNew, Share
from models import vocabulary

Standing = Annotated[str, OneOf(vocabulary.PLAN_STANDING)]
Status = Annotated[str, OneOf(vocabulary.PLAN_STATUS)]
Proof = Annotated[str, OneOf(vocabulary.PLAN_PROOF)]


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


class FundUseOut(Body):
    """What a fund pays."""

    name: str = Field(description="Employer id of the provider; empty: all other grants.")
    usd: float
    spent_usd: float
    price: float = Field(description="What 1,000 USD more adds at most, in people kept.")


class OfficerWeekOut(Body):
    """New cases of an officer in the week that begins on a Monday."""

    officer: str
    monday: dt.date
    cases: Count
    room: Count
    price: float = Field(description="What time for one more adds at most, in people kept.")


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
    funds: list[FundUseOut] = Field([], description="Each fund that is limited.")
    officers: list[OfficerWeekOut] = Field([], description="Where officers' time is limited.")
    unaccompanied: Count = Field(0, description="Clients without an officer, where time counts.")
    households_parted: list[list[str]] = Field(
        [], description="Clients of one household placed in different provinces."
    )


class ChoiceOut(Body):
    """Another offer for a client, with the plan solved again around it."""

    opportunity_id: str
    title: str | None
    value: Share
    own: float = Field(description="What the client gains by it against the plan.")
    others: float | None = Field(
        description="What all others gain together, in people kept; null: no plan keeps the terms."
    )


class PlanWhyOut(Body):
    """Why a client stands in a plan as she or he does."""

    client_id: str
    line: PlanLineOut
    choices: list[ChoiceOut] = Field(description="The best other offers.")


class PlanSummaryOut(Body):
    """A plan in a list."""

    plan_id: str
    parent_id: str | None
    created_at: dt.datetime
    who: str
    status: Status
    clients: Count
    placed: Count
    objective: float
    asked: dict[str, Any] = Field(description="The terms that differ from the usual.")


class PlanPage(Body):
    """Some plans, the newest first."""

    items: list[PlanSummaryOut]


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


class LivelihoodMixOut(Body):
    """A main and a side livelihood that no other pair beats in both income and risk."""

    main: str
    main_name: str
    side: str | None
    side_name: str | None
    main_days: float = Field(description="Days a month.")
    side_days: float
    income_usd: float = Field(description="Household's expected income a month, all it has among.")
    risk: float = Field(description="Standard deviation of that income, as a share of it.")
    start_usd: float = Field(description="What starting takes.")


class LivelihoodsOut(Body):
    """What a household could live from, the highest income first, each with less risk."""

    client_id: str
    capital_unknown: bool = Field(description="Own money was not asked; it counts as none.")
    items: list[LivelihoodMixOut]

"""What the officer side asks of a caseload plan."""

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from api.fields import Body, Id, OneOf, Word
from matcher.planning.groupings import GROUPINGS
from matcher.planning.terms import AIMS, FLOORS, TOTAL, Reserved, Terms

Share = Annotated[float, Field(ge=0, le=1)]
Floor = Annotated[str, OneOf(FLOORS)]
Grouping = Annotated[str, OneOf(tuple(GROUPINGS))]
Aim = Annotated[str, OneOf(AIMS)]


class PairOf(Body):
    """A client and an offer."""

    client_id: Id
    opportunity_id: Id

    @property
    def key(self) -> tuple[str, str]:
        """Return both ids."""
        return self.client_id, self.opportunity_id


class FundOf(Body):
    """Money for the grants of one provider."""

    employer_id: Id
    usd: Annotated[float, Field(ge=0, le=1e9)]


class SeatsKept(Body):
    """Seats of an offer that a plan keeps."""

    opportunity_id: Id
    seats: Annotated[int, Field(ge=1, le=1_000_000)]
    group: Annotated[Word, Field(max_length=64)] | None = Field(
        None, description="Label of the group they are for; left out: for people of a later plan."
    )


Cases = Annotated[int, Field(ge=0, le=1000)]
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
    funds: Annotated[list[FundOf], Field(max_length=100)] = Field(
        [], description="Money for one provider's grants each; `fund_usd` is for the others."
    )
    floor: Floor | None = Field(None, description="How far no group may fall behind others.")
    floors: Annotated[dict[str, Share], Field(max_length=200)] = Field(
        {}, description="Or the mean that a group may not fall below, by its label."
    )
    group: Grouping = Field("sex", description="What groups are made of; nothing scores on it.")
    pins: Pairs = Field([], description="Pairs that must stand in the plan.")
    bans: Pairs = Field([], description="Pairs that may not.")
    together: Together = Field([], description="Clients placed in one province, or not at all.")
    households: bool = Field(
        False, description="Whether members of one household are too, who may be offered anything."
    )
    reserved: Annotated[list[SeatsKept], Field(max_length=200)] = Field(
        [], description="Seats that this plan keeps for a group, or for a later plan."
    )
    must_place: bool = Field(
        False, description="Whether everybody is placed to whom anything may be offered, or nobody."
    )
    cases_a_week: Cases | None = Field(
        None, description="New cases an officer can take on in a week; left out: not limited."
    )
    cases_of: Annotated[dict[str, Cases], Field(max_length=500)] = Field(
        {}, description="The same for an officer by name."
    )
    aim: Aim = Field(
        TOTAL,
        description="The greatest total; or what neither clients nor employers, ranking by stated"
        " needs, would both rather change (`stable`); or the greatest product of both (`nash`).",
    )
    to_come: Annotated[int, Field(ge=0, le=500)] | None = Field(
        None, description="Clients to come while these offers stand, for whom seats are left."
    )
    time_limit: Annotated[float, Field(gt=0, le=120)] = Field(30.0, description="Seconds to solve.")
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    @model_validator(mode="after")
    def _one_scope(self) -> "PlanNew":
        if self.cohort is not None and self.officer is not None:
            raise ValueError("cohort or officer expected, not both")
        if (self.cases_a_week is not None or self.cases_of) and self.terms().apart:
            raise ValueError(f"{self.terms().apart[0]}: expected without cases_a_week")
        self.terms()
        return self

    def terms(self) -> Terms:
        """Return what is asked as the engine reads it.

        Raises
        ------
        ValueError
            Where two terms exclude each other.
        """
        return Terms(
            fund_usd=self.fund_usd,
            funds=tuple((fund.employer_id, fund.usd) for fund in self.funds),
            floor=self.floor,
            floors=tuple(sorted(self.floors.items())),
            group=self.group,
            pins=tuple(pair.key for pair in self.pins),
            bans=tuple(pair.key for pair in self.bans),
            together=tuple(map(tuple, self.together)),
            households=self.households,
            reserved=tuple(Reserved(**kept.model_dump()) for kept in self.reserved),
            must_place=self.must_place,
            aim=self.aim,
            to_come=self.to_come,
            time_limit=self.time_limit,
            seed=self.seed,
        )


class OverrideNew(Body):
    """What to change in a plan; a pin replaces the client's earlier pin, and lifts a ban."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"pins": [{"client_id": "C-EXAMPLE", "opportunity_id": "V-SEWING-1"}]}]
        }
    )

    pins: Pairs = Field([], description="Pairs that must stand in the new plan.")
    bans: Pairs = Field([], description="Pairs that may not.")
    lifted: Pairs = Field([], description="Pairs whose pin or ban no longer holds.")

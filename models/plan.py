"""Caseload plans as they were made, and the seats that an applied plan holds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models import constraints, vocabulary
from models.base import NullableJSON, Table, now


class CaseloadPlan(Table, table=True):
    """One joint assignment of a caseload, with its proof; never changed but for being applied.

    ``inputs_hash`` is over everything the plan depends on: the same hash is the same plan.
    """

    __tablename__ = "caseload_plan"
    __table_args__ = (
        constraints.sized("plan_id", constraints.ID_LENGTH),
        constraints.sized("who", 2 * constraints.WORD_LENGTH),
        constraints.one_of("status", vocabulary.PLAN_STATUS),
        constraints.one_of("proof", vocabulary.PLAN_PROOF),
        constraints.sized("inputs_hash", 64, low=64),
        constraints.sized("model_version", 200),
        constraints.between("gap", 0, 1e9),
        *constraints.amounts("clients", "placed", "market_revision", "seconds", high=1e15),
        *constraints.mappings("asked", "figures"),
        CheckConstraint("placed <= clients", name="placed_counted"),
        CheckConstraint("(status = 'proposed') = (applied_at IS NULL)", name="applied_dated"),
        CheckConstraint("(applied_at IS NULL) = (applied_by IS NULL)", name="applied_by_somebody"),
    )

    plan_id: str = Field(primary_key=True)
    parent_id: str | None = Field(default=None, foreign_key="caseload_plan.plan_id", index=True)
    created_at: datetime = Field(default_factory=now)
    who: str
    status: str
    proof: str
    inputs_hash: str = Field(index=True)
    market_revision: int
    market_day: date
    model_version: str
    clients: int
    placed: int
    objective: float
    bound: float
    gap: float
    seconds: float
    asked: dict[str, Any] = Field(sa_type=NullableJSON, nullable=False)
    figures: dict[str, Any] = Field(sa_type=NullableJSON, nullable=False)
    applied_at: datetime | None = None
    applied_by: str | None = None


class PlanLine(Table, table=True):
    """One client in a plan: what is planned, why, and what it costs others; or why nothing is."""

    __tablename__ = "plan_line"
    __table_args__ = (
        constraints.one_of("kind", vocabulary.SUGGESTION_KIND),
        constraints.one_of("standing", vocabulary.PLAN_STANDING),
        constraints.between("value", 0, 1),
        constraints.between("best_value", 0, 1),
        constraints.between("rank", 1, 1e9),
        *constraints.amounts("cost_usd", high=1e6),
        *constraints.mappings("refused"),
        CheckConstraint("(opportunity_id IS NULL) = (kind IS NULL)", name="kind_told"),
        CheckConstraint("then_id IS NULL OR kind = 'pathway'", name="then_of_pathway"),
    )

    plan_id: str = Field(foreign_key="caseload_plan.plan_id", primary_key=True)
    client_id: str = Field(foreign_key="client.client_id", primary_key=True, index=True)
    client_version: int
    opportunity_id: str | None = Field(
        default=None, foreign_key="opportunity.opportunity_id", index=True
    )
    then_id: str | None = None
    kind: str | None = None
    value: float
    standing: str
    rank: int | None = None
    best_id: str | None = None
    best_value: float
    seat_price: float
    cost_usd: float
    wanted_id: str | None = None
    gain: float
    refused: dict[str, int] = Field(sa_type=NullableJSON, nullable=False)


class Placement(Table, table=True):
    """One seat held for one client by an applied plan.

    A seat is a number of its offer and can be held once: ``(opportunity_id, seat)`` is unique, and
    ``seat`` stays within the seats the offer had when it was taken. A client holds one seat.
    """

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("opportunity_id", "seat", name="uq_placement_seat"),
        UniqueConstraint("client_id", name="uq_placement_client_id"),
        constraints.between("seats_posted", 1, 1_000_000),
        CheckConstraint("seat BETWEEN 1 AND seats_posted", name="seat_posted"),
        constraints.sized("who", 2 * constraints.WORD_LENGTH),
    )

    placement_id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(foreign_key="caseload_plan.plan_id", index=True)
    client_id: str = Field(foreign_key="client.client_id")
    opportunity_id: str = Field(foreign_key="opportunity.opportunity_id")
    seat: int
    seats_posted: int
    who: str
    at: datetime = Field(default_factory=now)

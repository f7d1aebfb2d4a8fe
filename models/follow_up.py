"""Referrals with consent, and the visits that tell how each went."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models import constraints, vocabulary
from models.base import NullableJSON, Table, now, version_column

_version = version_column()


class Referral(Table, table=True):
    """One offer taken forward for one client, who agreed to it.

    ``features`` are the values the offer was judged by on that day, ``propensity`` the probability
    with which it was shown: what a model learns from later is what was known then.
    """

    __tablename__ = "referral"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__ = (
        constraints.sized("referral_id", constraints.ID_LENGTH),
        constraints.one_of("kind", vocabulary.SUGGESTION_KIND),
        constraints.one_of("state", vocabulary.REFERRAL_STATE),
        constraints.sized("model_version", 200),
        constraints.between("propensity", 0, 1),
        *constraints.mappings("features"),
        CheckConstraint("consented = true", name="consented_given"),
        CheckConstraint("then_id IS NULL OR kind = 'pathway'", name="then_of_pathway"),
        CheckConstraint("(slate_id IS NULL) = (position IS NULL)", name="position_of_slate"),
        CheckConstraint("started_on IS NULL OR state = 'accepted'", name="started_accepted"),
        CheckConstraint("started_on >= sent_on", name="started_after_sent"),
    )

    referral_id: str = Field(primary_key=True)
    client_id: str = Field(foreign_key="client.client_id", index=True)
    opportunity_id: str = Field(foreign_key="opportunity.opportunity_id", index=True)
    then_id: str | None = None
    kind: str
    slate_id: str | None = Field(default=None, foreign_key="slate.slate_id", index=True)
    position: int | None = None
    consented: bool
    state: str = "sent"
    sent_on: date
    started_on: date | None = Field(default=None, index=True)
    model_version: str
    score: float
    propensity: float
    features: dict[str, float | None] = Field(sa_type=NullableJSON, nullable=False)
    version: int = Field(default=None, sa_column=_version)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


class Visit(Table, table=True):
    """One follow-up visit, or the attempt at one: who was not reached is neither safe nor lost."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("referral_id", "visited_on", name="uq_visit_day"),
        constraints.one_of("outcome", vocabulary.OUTCOME),
        constraints.amounts("income_usd", high=1e6)[0],
        *(
            constraints.between(name, 1, 5)
            for name in ("self_sufficiency", "social_stability", "psychosocial")
        ),
        *constraints.truths("employer_reported"),
        *constraints.lists("warnings"),
        CheckConstraint("ended_on <= visited_on", name="ended_before_visit"),
        CheckConstraint(
            "ended_on IS NULL OR outcome IN ('better', 'ended', 'harm')", name="ended_told"
        ),
        CheckConstraint("outcome = 'harm' OR employer_reported = false", name="report_of_harm"),
    )

    visit_id: int | None = Field(default=None, primary_key=True)
    referral_id: str = Field(foreign_key="referral.referral_id", index=True)
    visited_on: date
    outcome: str
    ended_on: date | None = None
    income_usd: float | None = None
    self_sufficiency: int | None = None
    social_stability: int | None = None
    psychosocial: int | None = None
    warnings: list[str] = Field(sa_type=NullableJSON, nullable=False)
    employer_reported: bool = False
    who: str
    created_at: datetime = Field(default_factory=now)

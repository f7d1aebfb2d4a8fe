"""What an officer was shown for a client, kept whole: with it every suggestion can be judged."""

import os
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Field, Session

from models import appended, constraints, vocabulary
from models.base import NullableJSON, Table, now

_UUID7_MASK, _UUID7_MARKS = 0xF << 76 | 0x3 << 62, 0x7 << 76 | 0x2 << 62
"""Bits of a UUID that tell its version and variant, and what they are in version 7."""


class Slate(Table, table=True):
    """One ranked list shown for one client, from one revision of the market by one model."""

    __tablename__ = "slate"
    __table_args__ = (
        constraints.sized("slate_id", constraints.ID_LENGTH),
        constraints.one_of("language", vocabulary.LANGUAGE),
        constraints.sized("model_version", 200),
        constraints.between("asked", 1, 100),
        *constraints.amounts("considered", "admissible", "market_revision", high=1e15),
        *constraints.mappings("refused"),
        constraints.sized("note", constraints.TEXT_LENGTH, low=0),
    )

    slate_id: str = Field(primary_key=True)
    client_id: str = Field(foreign_key="client.client_id", index=True)
    client_version: int
    market_revision: int
    model_version: str
    market_day: date
    language: str
    asked: int
    considered: int
    admissible: int
    refused: dict[str, int] = Field(sa_type=NullableJSON, nullable=False)
    note: str
    created_at: datetime = Field(default_factory=now)


class SlateOffer(Table, table=True):
    """One suggestion of a slate: what it was worth, why, and how likely it was to be shown.

    ``features`` holds the values the score was computed from and ``contributions`` what each
    added; ``propensity`` is the probability with which the ranking showed it at this position.
    """

    __tablename__ = "slate_offer"
    __table_args__ = (
        constraints.between("position", 1, 100),
        constraints.one_of("kind", vocabulary.SUGGESTION_KIND),
        constraints.between("propensity", 0, 1),
        constraints.between("retention_90d", 0, 1),
        constraints.between("retention_180d", 0, 1),
        constraints.between("interval_low", 0, 1),
        constraints.between("interval_high", 0, 1),
        *constraints.lists("steps"),
        *constraints.mappings("contributions", "features"),
    )

    slate_id: str = Field(foreign_key="slate.slate_id", primary_key=True)
    position: int = Field(primary_key=True)
    opportunity_id: str = Field(foreign_key="opportunity.opportunity_id")
    kind: str
    steps: list[str] = Field(sa_type=NullableJSON, nullable=False)
    score: float
    base: float
    contributions: dict[str, float] = Field(sa_type=NullableJSON, nullable=False)
    features: dict[str, float | None] = Field(sa_type=NullableJSON, nullable=False)
    propensity: float
    retention_90d: float
    retention_180d: float
    interval_low: float
    interval_high: float
    shown: dict[str, Any] = Field(sa_type=NullableJSON, nullable=False)


def new_slate_id() -> str:
    """Return an id that no slate has yet, later ones after earlier ones.

    Rows that are added together then stand together in every index: random ids would touch a page
    of its own for each slate.

    References
    ----------
    RFC 9562, section 5.7: UUID version 7.
    """
    milliseconds = time.time_ns() // 1_000_000
    drawn = int.from_bytes(os.urandom(10), "big")
    marked = drawn & ~_UUID7_MASK | _UUID7_MARKS
    return f"{milliseconds << 80 | marked:032x}"


def store(session: Session, slate: Mapping[str, Any], offers: Sequence[Mapping[str, Any]]) -> None:
    """Write a slate and what it holds."""
    appended.add(session, Slate, [slate])
    appended.add(session, SlateOffer, offers)

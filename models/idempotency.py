"""Answers already given to keyed requests, so that a repeated one is answered and not redone."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from models import constraints
from models.base import NullableJSON, Table, now


class Answered(Table, table=True):
    """One request that carried an ``Idempotency-Key``, and its answer.

    References
    ----------
    IETF draft "The Idempotency-Key HTTP Header Field".
    """

    __tablename__ = "answered"
    __table_args__ = (
        constraints.sized("who", 2 * constraints.WORD_LENGTH),
        constraints.sized("operation", 300),
        constraints.sized("key", 200),
        constraints.sized("fingerprint", 64, low=64),
        constraints.between("status", 200, 299),
    )

    who: str = Field(primary_key=True)
    operation: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    status: int
    headers: dict[str, str] = Field(sa_type=NullableJSON, nullable=False)
    body: Any = Field(sa_type=NullableJSON, nullable=False)
    created_at: datetime = Field(default_factory=now)

"""Where rows came from: one row with every import and every load of generated data."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from models import constraints
from models.base import NullableJSON, Table, now


class Intake(Table, table=True):
    """One file or generator whose rows entered the store, in the transaction that wrote them."""

    __tablename__ = "intake"
    __table_args__ = (
        constraints.sized("kind", constraints.WORD_LENGTH),
        constraints.sized("source", 1000),
        constraints.sized("who", 2 * constraints.WORD_LENGTH),
        *constraints.amounts("rows_read", "rows_kept", high=1e12),
        *constraints.mappings("detail"),
    )

    intake_id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now)
    who: str
    kind: str = Field(index=True)
    source: str
    rows_read: int
    rows_kept: int
    detail: dict[str, Any] = Field(sa_type=NullableJSON, nullable=False)

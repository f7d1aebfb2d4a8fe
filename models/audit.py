"""Who read or wrote which case, when: one row with every access."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Field, Session

from models import appended, constraints
from models.base import Table, now


class Audit(Table, table=True):
    """One access to one case.

    ``client_id`` is deliberately no foreign key: the trail outlives the case.
    """

    __tablename__ = "audit"
    __table_args__ = (
        constraints.sized("who", 2 * constraints.WORD_LENGTH),
        constraints.sized("action", constraints.WORD_LENGTH),
        constraints.sized("client_id", constraints.ID_LENGTH),
        constraints.sized("request_id", constraints.ID_LENGTH),
    )

    audit_id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, index=True)
    who: str
    action: str
    client_id: str = Field(index=True)
    request_id: str


def write(session: Session, row: Mapping[str, Any]) -> None:
    """Write one access."""
    appended.add(session, Audit, [{"at": now(), **row}])

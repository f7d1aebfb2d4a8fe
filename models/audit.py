"""Who read or wrote which case, when: one row with every access."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert
from sqlmodel import Field, Session

from models import constraints
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


_INSERT = insert(Audit.__table__)  # type: ignore[attr-defined]
_TRAIL = "audit_trail"


def write(session: Session, row: Mapping[str, Any]) -> None:
    """Write one access: now, or with those of others where the session's are gathered."""
    told = {"at": now(), **row}
    trail = session.info.get(_TRAIL)
    if trail is None:
        session.connection().execute(_INSERT, told)
    else:
        trail.append(told)


def gather(session: Session) -> list[Mapping[str, Any]]:
    """Gather a session's accesses from now on; who commits it owes them to :func:`write_all`."""
    trail: list[Mapping[str, Any]] = session.info.setdefault(_TRAIL, [])
    return trail


def write_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write accesses that were gathered."""
    if rows:
        connection.execute(_INSERT, rows)

"""Rows that are added and never changed: written now, or gathered and written with others'."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, insert
from sqlmodel import Session

from models.base import Table

Row = Mapping[str, Any]
Gathered = dict[type[Table], list[Row]]
"""Rows by table; a table that others refer to comes before them."""

_GATHERED = "gathered_rows"


def add(session: Session, table: type[Table], rows: Sequence[Row]) -> None:
    """Add rows: now, or with those of others where the session's are gathered."""
    gathered: Gathered | None = session.info.get(_GATHERED)
    if gathered is None:
        write_all(session.connection(), {table: [*rows]})
    else:
        gathered.setdefault(table, []).extend(rows)


def gather(session: Session) -> Gathered:
    """Gather a session's rows from now on; who commits it owes them to :func:`write_all`.

    What is gathered is not seen by a query of the same transaction.
    """
    gathered: Gathered = {}
    session.info[_GATHERED] = gathered
    return gathered


def join(gathered: Gathered, more: Gathered) -> None:
    """Put the rows of one session behind those of others."""
    for table, rows in more.items():
        gathered.setdefault(table, []).extend(rows)


def write_all(connection: Connection, gathered: Gathered) -> None:
    """Write rows that were gathered, a statement a table: they need no unit of work."""
    for table, rows in gathered.items():
        if rows:
            connection.execute(_insert(table), rows)


@cache
def _insert(table: type[Table]) -> Insert:
    return insert(table.__table__)  # type: ignore[attr-defined]

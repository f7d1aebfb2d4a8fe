"""Marks of the store: while the mark stands, no row that was read before has changed.

What is kept in memory is looked up again with every request, save where a mark says that it need
not be. A mark names a connection, what SQLite counts of the commits of all others
(``PRAGMA data_version``) and what is counted here of its own changes; rows that are only added
change nothing that was read. A store that counts no commits has no marks.

References
----------
SQLite documentation: PRAGMA data_version.
"""

from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

Mark = tuple[object, int, int]

_NAME, _CHANGES, _MARK = "standing_name", "standing_changes", "standing_mark"


def read(connection: Connection) -> Mark | None:
    """Return the mark that stands in a transaction; None where the store has none."""
    if connection.dialect.name != "sqlite":
        return None
    kept: dict[Any, Any] = connection.info
    others = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    return kept.setdefault(_NAME, object()), others, kept.setdefault(_CHANGES, 0)


def change(connection: Connection) -> None:
    """Let no mark of this connection stand: rows may have changed, or a change been undone."""
    connection.info[_CHANGES] = connection.info.get(_CHANGES, 0) + 1


def give(session: Session, mark: Mark | None) -> None:
    """Give a mark to a session that changes no row."""
    session.info[_MARK] = mark


def mark_of(session: Session) -> Mark | None:
    """Return the mark that was given to a session; None where its rows must be looked up."""
    found: Mark | None = session.info.get(_MARK)
    return found

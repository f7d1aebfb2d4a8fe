"""Rows that are added and never changed: written now, or gathered and written with others'."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, insert
from sqlmodel import Session

from models.base import Table

Row = Mapping[str, Any]
Bind = Callable[[Any], Any]
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
    """Write rows that were gathered, a statement a table: they need no unit of work.

    Raises
    ------
    KeyError
        Where a row lacks a column that the first of its table has.
    """
    for table, rows in gathered.items():
        if rows:
            written = _insert(table, tuple(rows[0]), connection.dialect)
            connection.exec_driver_sql(written.text, [*map(written.parameters, rows)])


class _Insert:
    """An insert of some columns as the driver takes it; each row's values are turned but once.

    Parameters
    ----------
    text
        The statement.
    named
        Whether its places have names.
    columns
        Names of its places in order, each with what turns a value into what the driver takes.
    """

    def __init__(self, text: str, named: bool, columns: Sequence[tuple[str, Bind | None]]) -> None:
        self.text = text
        self._named = named
        self._columns = columns

    def parameters(self, row: Row) -> dict[str, Any] | tuple[Any, ...]:
        """Return what the driver is given for a row."""
        values = [bind(row[name]) if bind else row[name] for name, bind in self._columns]
        if self._named:
            return dict(zip((name for name, _ in self._columns), values, strict=True))
        return tuple(values)


@cache
def _insert(table: type[Table], names: tuple[str, ...], dialect: Dialect) -> _Insert:
    rows = table.__table__  # type: ignore[attr-defined]
    compiled = insert(rows).compile(dialect=dialect, column_keys=[*names])
    placed = getattr(compiled, "positiontup", None)
    columns = [(name, _bind_of(rows.c[name], dialect)) for name in placed or names]
    return _Insert(str(compiled), placed is None, columns)


def _bind_of(column: Any, dialect: Dialect) -> Bind | None:
    bind: Bind | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return bind

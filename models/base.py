"""What every table shares: one metadata with named constraints, column types, the clock's zone."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Integer, MetaData
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of the project's tables.

    Notes
    -----
    SQLModel table classes do not validate: what a row must obey stands as a constraint of the
    database, built by :mod:`models.constraints`, as well as in the schema that let it in.
    """

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


class NullableJSON(JSON):
    """JSON whose ``None`` is SQL ``NULL``: unknown, which is not the empty list."""

    def __init__(self) -> None:
        super().__init__(none_as_null=True)


def version_column() -> Column[Any]:
    """Return the column SQLAlchemy counts writes in, for optimistic locking."""
    return Column("version", Integer, nullable=False, default=1)


def now() -> datetime:
    """Return this moment, in UTC and aware of it."""
    return datetime.now(UTC)

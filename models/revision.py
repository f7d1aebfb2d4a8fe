"""The market's version number: it moves with every write to an offer, an employer, a clearance."""

from sqlalchemy import CheckConstraint, select, update
from sqlmodel import Field, Session, col

from models.base import Table

MOVED = "market_moved"


class MarketRevision(Table, table=True):
    """A single row; whoever holds an older number than it rebuilds its market."""

    __tablename__ = "market_revision"
    __table_args__ = (
        CheckConstraint("revision_id = 1", name="single"),
        CheckConstraint("number >= 0", name="number_range"),
    )

    revision_id: int = Field(default=1, primary_key=True)
    number: int = 0


_NUMBER = select(MarketRevision.__table__.c.number)  # type: ignore[attr-defined]


def current(session: Session) -> int:
    """Return the market's version number as this transaction sees it."""
    return int(session.connection().execute(_NUMBER).scalar_one())


def move(session: Session) -> None:
    """Count one write to the market, in the transaction that makes it."""
    session.exec(update(MarketRevision).values(number=col(MarketRevision.number) + 1))
    session.info[MOVED] = True


def moved(session: Session) -> bool:
    """Tell whether this session wrote to the market, so that its view is not yet everybody's."""
    return bool(session.info.get(MOVED))

"""The market in memory: rebuilt when the store's revision, or the day, has moved."""

import datetime as dt
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlmodel import Session, col, select

from matcher import Engine, Market, Screen
from models import revision
from models.employer import Employer
from models.opportunity import Clearance, Opportunity

_UNMATCHED = {"version", "created_at", "updated_at"}
OFFER_FIELDS = tuple(n for n in Opportunity.model_fields if n not in _UNMATCHED)
EMPLOYER_FIELDS = ("employer_name", "employer_vetted", "vetted_until", "harm_report_open")


@dataclass(frozen=True)
class MarketView:
    """One revision of the market on one day.

    Parameters
    ----------
    revision
        The market's version number in the store.
    day
        The day offers are judged on.
    market
        The columns the engine reads.
    screen
        The safety verdict on every offer.
    """

    revision: int
    day: dt.date
    market: Market
    screen: Screen


class MarketCache:
    """Holds the newest view; safe to ask from several threads.

    Parameters
    ----------
    engine
        Screens the offers.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._view: MarketView | None = None

    def current(self, session: Session, day: dt.date) -> MarketView:
        """Return the market as the session's transaction sees it, judged on `day`.

        What a transaction has written itself is not kept: it may yet be undone.
        """
        number = revision.current(session)
        if revision.moved(session):
            return self.view(market_records(session), number, day)
        with self._lock:
            view = self._view
            if view is None or (view.revision, view.day) != (number, day):
                view = self._view = self.view(market_records(session), number, day)
            return view

    def view(self, records: list[dict[str, Any]], number: int, day: dt.date) -> MarketView:
        """Screen `records`: the market, or a part of it, since verdicts do not depend on others."""
        market = Market.from_records(records, as_of=day)
        return MarketView(number, day, market, self._engine.screen(market))


def market_records(session: Session, *ids: str) -> list[dict[str, Any]]:
    """Return offers as the engine reads them, in order of id: all, or those of `ids`."""
    columns = [*(col(getattr(Opportunity, name)) for name in OFFER_FIELDS)]
    vetting = [col(getattr(Employer, name)) for name in EMPLOYER_FIELDS]
    query = (
        select(*columns, *vetting).join(Employer, isouter=True).order_by(Opportunity.opportunity_id)
    )
    if ids:
        query = query.where(col(Opportunity.opportunity_id).in_(ids))
    cleared = cleared_flags(session, *ids)
    records = [dict(row._mapping) for row in session.exec(query)]
    for record in records:
        record["cleared_flags"] = cleared.get(record["opportunity_id"], [])
    return records


def cleared_flags(session: Session, *ids: str) -> dict[str, list[str]]:
    """Return the flags a person has cleared, by offer."""
    query = select(Clearance.opportunity_id, Clearance.flag).order_by(Clearance.flag)
    if ids:
        query = query.where(col(Clearance.opportunity_id).in_(ids))
    flags: dict[str, list[str]] = {}
    for opportunity_id, flag in session.exec(query):
        flags.setdefault(opportunity_id, []).append(flag)
    return flags

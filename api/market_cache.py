"""The market in memory: rebuilt when the store's revision, or the day, has moved."""

import datetime as dt
from dataclasses import dataclass
from threading import Lock

from sqlmodel import Session

from api.market_beside import MarketBeside
from api.market_columns import Columns, market_columns
from matcher import Engine, Market, Screen
from models import revision


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
    beside
        Reads the first market, where another process does so.
    """

    def __init__(self, engine: Engine, beside: MarketBeside | None = None) -> None:
        self._engine = engine
        self._beside = beside
        self._lock = Lock()
        self._view: MarketView | None = None

    def current(self, session: Session, day: dt.date) -> MarketView:
        """Return the market as the session's transaction sees it, judged on `day`.

        What a transaction has written itself is not kept: it may yet be undone.
        """
        number = revision.current(session)
        if revision.moved(session):
            return self.view(market_columns(session), number, day)
        with self._lock:
            view = self._view
            if view is None or (view.revision, view.day) != (number, day):
                read = self._beside.columns(number) if self._beside else None
                view = self._view = self.view(read or market_columns(session), number, day)
            return view

    def view(self, columns: Columns, number: int, day: dt.date) -> MarketView:
        """Screen offers: the market, or a part of it, since verdicts do not depend on others."""
        market = Market.from_columns(columns, as_of=day)
        return MarketView(number, day, market, self._engine.screen(market))

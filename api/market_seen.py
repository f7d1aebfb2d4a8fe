"""The market that was seen last, for as long as a mark of the store says that it stands."""

import datetime as dt

from api import ahead, standing
from api.context import Context
from api.market_cache import MarketView


class MarketSeen:
    """Holds the view that the newest mark was given for."""

    def __init__(self) -> None:
        self._seen: tuple[standing.Mark, dt.date, MarketView] | None = None

    def now(self, context: Context) -> MarketView:
        """Return the market as the request's transaction sees it, judged on its day."""
        mark, day, seen = standing.mark_of(context.session), context.today, self._seen
        if seen is not None and seen[:2] == (mark, day):
            if not context.engine.has_folded(seen[2].market):
                ahead.leave(context.session)
            return seen[2]
        view = context.services.markets.current(context.session, day)
        if mark is not None:
            self._seen = mark, day, view
        return view

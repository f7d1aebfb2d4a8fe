"""Whether pins can hold, told in the words of ids: the first reason found."""

from collections.abc import Sequence

import numpy as np

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.engine import Engine
from matcher.errors import NotOffered
from matcher.market import Market
from matcher.planning.caseload_limits import Funds, Weeks
from matcher.planning.terms import PinRefused, Terms

SLACK_USD = 1e-9


def check_pins(
    engine: Engine,
    caseload: Caseload,
    market: Market,
    terms: Terms,
    value: Floats,
    free: Floats,
    money: Funds,
    time: Weeks | None,
    pins: Sequence[tuple[int, int]],
) -> None:
    """Raise where a pin can't hold.

    Parameters
    ----------
    engine
        Says why a pin is forbidden.
    caseload, market, terms
        Clients, opportunities and what is asked.
    value
        (n, m) worth of each pair; NaN forbidden.
    free
        (m,) seats this plan may give.
    money, time
        Funds, and officers' weeks where they are limited.
    pins
        Rows of the pinned pairs.

    Raises
    ------
    NotOffered
        Where a gate forbids a pinned pair.
    PinRefused
        Where pins contradict each other, a ban, the seats, a fund or an officer's time.
    """
    banned, held = set(terms.bans), dict[str, str]()
    stock = _Stock(free.copy(), money, time)
    for row, chosen in pins:
        client, offer = str(caseload.client_id[row]), str(market.opportunity_id[chosen])
        if held.setdefault(client, offer) != offer:
            raise PinRefused("twice", client, offer, other=held[client])
        if (client, offer) in banned:
            raise PinRefused("banned", client, offer)
        if np.isnan(value[row, chosen]):
            raise NotOffered(engine.why_not(caseload, market, client, offer))
        if code := stock.lacks(row, chosen, float(market.grant_usd[chosen])):
            raise PinRefused(code, client, offer)


class _Stock:
    """What pins leave of seats, money and time."""

    def __init__(self, seats: Floats, money: Funds, time: Weeks | None) -> None:
        self._seats, self._money, self._usd = seats, money, money.usd.copy()
        self._time, self._load = time, None if time is None else time.load.copy()

    def lacks(self, row: int, chosen: int, usd: float) -> str | None:
        """Take what a pin needs, and return what there is not enough of."""
        self._seats[chosen] -= 1
        if self._seats[chosen] < 0:
            return "no_seat"
        if (fund := self._money.of[chosen]) >= 0:
            self._usd[fund] -= usd
            if not self._usd[fund] >= -SLACK_USD:  # nor where the amount is not told
                return "no_money"
        return "no_time" if self._out_of_time(row, chosen) else None

    def _out_of_time(self, row: int, chosen: int) -> bool:
        if self._time is None or self._load is None or self._time.officer[row] < 0:
            return False
        at = self._time.officer[row], self._time.week[chosen]
        self._load[at] -= 1
        return bool(self._load[at] < 0)

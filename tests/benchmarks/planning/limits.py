"""What even those reach who know more than anybody can: the year's distribution, or who will come.

Hindsight places everybody at once; whoever decides batch by batch loses to it, however much is
known beforehand. The policies here say how much of what ours loses is lost by not knowing.
"""

import numpy as np

from matcher.planning import assign
from matcher.planning.arrivals import Arrivals
from matcher.planning.arrivals.cases import Cases
from matcher.planning.arrivals.outlook import Coming
from tests.benchmarks.planning.years import CASES, together

YEARS = 10
"""Years whose cases stand for the distribution that this one was drawn from."""


def distribution(instance):
    """Return ours with ten years of this one's own distribution as its history."""
    dice = np.random.default_rng(1)
    known = together([instance.drawn(dice) for _ in range(YEARS)])
    arrivals = Arrivals(instance.capacity, known.value, known.size, expected_arrivals=CASES)
    return lambda v, s, left: arrivals.offer(v, sizes=s).assignment


def exact_prices(instance, price):
    """Return each batch's best plan at prices (m,) of the programme of those who really come.

    Being placed outweighs every price, as it does for ours where there are seats for all.
    """
    placed = np.nanmax(instance.now.value)
    return lambda v, s, left: assign(v + placed - s[:, None] * price, left, sizes=s).assignment


def exact_set(instance, order):
    """Return ours where those still to come are known one by one, though not in which order."""
    arrivals = _Knowing(instance, order)
    return lambda v, s, left: arrivals.offer(v, sizes=s).assignment


class _Knowing(Arrivals):
    """Arrivals that look up who is still to come instead of drawing it."""

    def __init__(self, instance, order):
        now = instance.now
        super().__init__(instance.capacity, now.value, now.size, expected_arrivals=CASES)
        self._year = Cases(now.value[order], now.size[order, None, None])

    def _coming(self):
        came = len(self._futures.seen)
        rest = Cases(self._year.value[came:], self._year.size[came:])
        return Coming(rest, np.ones(len(rest)), len(rest))

"""Seats kept for those still to come: the plan with arrivals, on a market that comes and goes."""

from typing import Final

import numpy as np

from matcher.columns import Floats
from matcher.planning.arrivals import Arrivals
from matcher.simulation.programme.calendar import DAYS_A_YEAR, Days
from matcher.simulation.programme.desk import Batch, Desk
from matcher.simulation.programme.stage import NO_PAIR
from matcher.simulation.simulator import Indices

HISTORY: Final = 300
"""Clients of the past that those to come are drawn from: the latest."""

FUTURES: Final = 10


def keeping_seats(desk: Desk, batch: Batch) -> Indices:
    """Return a batch's plan at prices that keep seats for those still to come.

    Who comes later also finds offers that are not open yet. So those to come are drawn with the
    delay after which today's offers are still the ones she would look at, and what has closed by
    then is not open to her.
    """
    left = desk.stage.calendar.closes[batch.offers] - desk.today
    overlap = np.array([(left > day).mean() for day in range(1, int(left.max()) + 1)])
    dice = np.random.default_rng((desk.stage.simulator.seed, 4, desk.today, len(batch.clients)))
    arrivals = Arrivals(
        desk.seats[batch.offers],
        history_score=_history(desk, batch, left, overlap, dice),
        expected_arrivals=len(batch.clients) + round(_arrivals_a_day(desk) * overlap.sum()),
        futures=FUTURES,
        seed=int(dice.integers(2**31)),
    )
    return np.asarray(arrivals.offer(batch.value).assignment, dtype=np.intp)


def _arrivals_a_day(desk: Desk) -> float:
    return desk.stage.terms.clients / (desk.stage.terms.years * DAYS_A_YEAR)


def _history(
    desk: Desk, batch: Batch, left: Days, overlap: Floats, dice: np.random.Generator
) -> Floats:
    """Return what today's offers would be worth to clients of the past who came again later."""
    past = np.flatnonzero(desk.stage.calendar.arrives <= desk.today)[-HISTORY:]
    pairs = desk.stage.pair[np.ix_(past, batch.offers)]
    delay = 1 + dice.choice(len(overlap), size=len(past), p=overlap / overlap.sum())
    there = (pairs != NO_PAIR) & (left > delay[:, None])
    return np.where(there, batch.worth[pairs], np.nan)

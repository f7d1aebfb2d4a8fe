"""Seats kept for those still to come: a plan with arrivals, on a market that comes and goes.

:class:`matcher.planning.Arrivals` keeps the seats of one market until its last arrival. Here
offers open and close all the time, so each batch is priced anew with futures in which today's
offers close on their days.
"""

from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.columns import Floats
from matcher.simulation.programme.calendar import DAYS_A_YEAR, Days
from matcher.simulation.programme.desk import Batch, Desk
from matcher.simulation.programme.stage import NO_PAIR
from matcher.simulation.simulator import Indices

FUTURES: Final = 30
"""Futures a batch is priced with."""

_NEVER: Final = -1e3


def keeping_seats(desk: Desk, batch: Batch) -> Indices:
    """Return a batch's plan, each seat at the price of what those still to come lose by it.

    Who comes later also finds offers that are not open yet. So those to come are drawn with the
    delay after which today's offers are still the ones she would look at, and what has closed by
    then is not open to her.

    References
    ----------
    Ahani, N., Golz, P., Procaccia, A., Teytelboym, A., Trapp, A. (2023), Dynamic placement in
    refugee resettlement, Operations Research: prices from sampled futures.
    """
    offer_of_seat = _seats(desk.seats[batch.offers], len(batch.clients))
    net = batch.value - _prices(desk, batch)
    staying_out = np.zeros((len(net), len(net)))
    each = np.concatenate([np.where(np.isnan(net), _NEVER, net)[:, offer_of_seat], staying_out], 1)
    column_of = np.concatenate([offer_of_seat, np.full(len(net), -1)])
    chosen = linear_sum_assignment(each, maximize=True)[1]
    return np.asarray(column_of[chosen], dtype=np.intp)


def _prices(desk: Desk, batch: Batch) -> Floats:
    """Return what one seat less of each offer costs those to come, on average over futures."""
    left = desk.stage.calendar.closes[batch.offers] - desk.today
    overlap = np.array([(left > day).mean() for day in range(1, int(left.max()) + 1)])
    arrivals = round(_arrivals_a_day(desk) * float(overlap.sum()))
    price = np.zeros(len(left))
    if not arrivals or not overlap.any():
        return price
    dice = np.random.default_rng((desk.stage.simulator.seed, 4, desk.today, len(batch.clients)))
    for _ in range(FUTURES):
        price += _loss(_future(desk, batch, left, overlap, arrivals, dice), desk, batch)
    return price / FUTURES


def _future(
    desk: Desk,
    batch: Batch,
    left: Days,
    overlap: Floats,
    arrivals: int,
    dice: np.random.Generator,
) -> Floats:
    """Return what today's offers are worth to those of one future, of shape (arrivals, k)."""
    past = np.flatnonzero(desk.stage.calendar.arrives <= desk.today)
    delay = 1 + dice.choice(len(overlap), size=arrivals, p=overlap / overlap.sum())
    pairs = desk.stage.pair[np.ix_(dice.choice(past, arrivals), batch.offers)]
    there = (pairs != NO_PAIR) & (left > delay[:, None])
    value = np.where(there, batch.worth[pairs], 0.0)
    return np.asarray(value[value.any(axis=1)])


def _loss(value: Floats, desk: Desk, batch: Batch) -> Floats:
    """Return by how much the best plan of a future falls with one seat less of each offer."""
    seats = desk.seats[batch.offers]
    loss = np.zeros(len(seats))
    if not len(value):
        return loss
    offer_of_seat = _seats(seats, len(value))
    best, taken = _best(value[:, offer_of_seat])
    used = np.bincount(offer_of_seat[taken], minlength=len(seats))
    for offer in np.flatnonzero(used >= seats):
        fewer = np.delete(offer_of_seat, np.argmax(offer_of_seat == offer))
        loss[offer] = best - _best(value[:, fewer])[0]
    return loss


def _best(value: Floats) -> tuple[float, Indices]:
    """Return the value of the best plan, and the columns it takes."""
    row, column = linear_sum_assignment(value, maximize=True)
    worth = value[row, column]
    return float(worth.sum()), np.asarray(column[worth > 0])


def _seats(seats: Days, most: int) -> Indices:
    """Return the offer of each seat; no more seats of one than there are people."""
    return np.repeat(np.arange(len(seats)), np.minimum(seats, most))


def _arrivals_a_day(desk: Desk) -> float:
    return desk.stage.terms.clients / (desk.stage.terms.years * DAYS_A_YEAR)

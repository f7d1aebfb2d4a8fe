"""What may come: whole futures, drawn from the people and the offers that have been seen so far."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.columns import Floats
from matcher.simulation.programme.calendar import DAYS_A_YEAR, Days
from matcher.simulation.programme.desk import Desk
from matcher.simulation.programme.stage import NO_PAIR
from matcher.simulation.simulator import Indices

LOOKED_BACK_DAYS = 30
"""Days before the start whose postings are known of, where they are still open at the start."""


class Future(NamedTuple):
    """One future: who comes, and what can be put to them then.

    Parameters
    ----------
    offers
        Of shape (k,): today's offers first, then those to come.
    seats
        Of each, of shape (k,).
    pairs
        Number of each pair, of shape (n, k); -1 where the offer can't be put to the client.
    """

    offers: Indices
    seats: Days
    pairs: Indices


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a programme can draw futures from on a day: nothing that it has not seen.

    Parameters
    ----------
    desk
        The desk on the day.
    here
        Offers that can be put to somebody today.
    people
        Clients who have come so far.
    posted
        Offers posted so far by employers who are not paused.
    days
        Length of a future: by then all of today's offers have closed.
    """

    desk: Desk
    here: Indices
    people: Indices
    posted: Indices
    days: int

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """Return the outlook of a desk today."""
        calendar, today = desk.stage.calendar, desk.today
        seen = (calendar.opens > -LOOKED_BACK_DAYS) & (calendar.opens <= today)
        seen &= calendar.closes > 0
        length = (calendar.closes - calendar.opens)[calendar.opens <= today]
        return cls(
            desk=desk,
            here=np.flatnonzero(desk.available()),
            people=np.flatnonzero(calendar.arrives <= today),
            posted=np.flatnonzero(seen & ~desk.paused[desk.stage.employer]),
            days=int(length.max(initial=1)),
        )

    def draw(self, dice: np.random.Generator) -> Future:
        """Draw cohorts on any day, and offers posted as often as so far, open as long as they."""
        stage, today = self.desk.stage, self.desk.today
        calendar, terms = stage.calendar, stage.terms
        a_day = terms.clients / (terms.years * DAYS_A_YEAR) / terms.cohort_size
        comes = dice.integers(1, self.days + 1, dice.poisson(a_day * self.days))
        comes = np.repeat(comes, terms.cohort_size)
        posted_a_day = len(self.posted) / (today + LOOKED_BACK_DAYS)
        new = dice.choice(self.posted, dice.poisson(posted_a_day * self.days))
        posted = dice.integers(1, self.days + 1, len(new))
        opens = np.concatenate([np.zeros(len(self.here), dtype=np.int64), posted])
        closes = np.concatenate(
            [
                calendar.closes[self.here] - today,
                posted + (calendar.closes - calendar.opens)[new],
            ]
        )
        offers = np.concatenate([self.here, new])
        pairs = stage.pair[np.ix_(dice.choice(self.people, len(comes)), offers)]
        there = (opens <= comes[:, None]) & (comes[:, None] < closes)
        seats = np.concatenate([self.desk.seats[self.here], calendar.seats[new]])
        return Future(offers, seats, np.where(there, pairs, NO_PAIR))


class Matched(NamedTuple):
    """The best plan of a future.

    Parameters
    ----------
    row, column
        Client and offer of each placement, of shape (q,).
    loss
        By how much the plan falls with one seat less of the offer of each, of shape (q,).
    spare
        Whether an offer has seats left, of shape (k,).
    """

    row: Indices
    column: Indices
    loss: Floats
    spare: NDArray[np.bool_]


def best_plan(value: Floats, seats: Days) -> Matched:
    """Return the best plan of people and seats.

    Parameters
    ----------
    value
        What each placement is worth, of shape (n, k); 0 where it can't be made.
    seats
        Of each offer, of shape (k,).

    Examples
    --------
    >>> plan = best_plan(np.array([[0.9, 0.5], [0.8, 0.0]]), np.array([1, 1]))
    >>> plan.column, plan.loss
    (array([1, 0]), array([0.4, 0.8]))
    """
    useful = np.minimum(seats, (value > 0).sum(axis=0))
    offer = np.repeat(np.arange(len(seats)), useful)
    worth = value[:, offer]
    row, seat = linear_sum_assignment(worth, maximize=True)
    placed = worth[row, seat] > 0
    row, seat = row[placed], seat[placed]
    used = np.bincount(offer[seat], minlength=len(seats))
    spare = used < seats
    loss = np.where(spare[offer[seat]], 0.0, _losses(worth, row, seat))
    return Matched(row, offer[seat], loss, spare)


def _losses(worth: Floats, row: Indices, seat: Indices) -> Floats:
    """Return what a plan loses with each of its seats: the cheapest way to give it up.

    Who loses a seat stays out, or takes a free one, or another's, who then does the same:
    shortest paths, found by Bellman and Ford's rounds.
    """
    place = np.arange(len(row))
    mine = worth[row, seat]
    of_seat = np.zeros(worth.shape[1])
    of_seat[seat] = mine
    for _ in range(len(row)):
        elsewhere = worth[row] - of_seat
        elsewhere[place, seat] = -np.inf
        fewer = np.minimum(of_seat[seat], mine - np.maximum(elsewhere.max(axis=1), 0.0))
        if np.array_equal(fewer, of_seat[seat]):
            break
        of_seat[seat] = fewer
    return np.asarray(of_seat[seat])

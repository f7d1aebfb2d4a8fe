"""The desk: where offers are put to clients, and what is left after each."""

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.simulation.programme.calendar import Days
from matcher.simulation.programme.stage import NO_PAIR, Stage
from matcher.simulation.simulator import Indices
from matcher.simulation.visits import Observed, observe, visits_before
from matcher.simulation.world import VISIT_DAYS, Cause


class UnsafeOffer(ValueError):  # noqa: N818 - reads as what it is
    """A policy put an offer to a client that a gate forbids."""


class Cohort(NamedTuple):
    """Clients who came on one day."""

    day: int
    clients: Indices


class Batch(NamedTuple):
    """Clients and the offers that can be put to some of them today.

    Parameters
    ----------
    clients, offers
        Of shape (n,) and (k,).
    pairs
        Number of each pair, of shape (n, k); -1 where the offer can't be put to the client.
    worth
        What every pair of the stage is worth, of shape (pairs,).
    """

    clients: Indices
    offers: Indices
    pairs: Indices
    worth: Floats

    @property
    def value(self) -> Floats:
        """What each placement is worth, of shape (n, k); NaN where it can't be made."""
        return np.where(self.pairs == NO_PAIR, np.nan, self.worth[self.pairs])


class Desk:
    """The state of one programme under one policy.

    Attributes
    ----------
    seats
        Seats left, of shape (m,).
    fund_usd
        Money left of each quarter.
    placed
        Number of the pair each client was placed with, of shape (n,); -1 unplaced.
    asked
        Offers put to each client so far, of shape (n,).
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.today = 0
        self.seats: Days = stage.calendar.seats.copy()
        self.fund_usd: Floats = stage.calendar.fund_usd.copy()
        self.placed = np.full(len(stage.pair), NO_PAIR, dtype=np.int64)
        self.asked = np.zeros(len(stage.pair), dtype=np.int64)
        self._declined: set[int] = set()
        self._paused = np.zeros(int(stage.employer.max(initial=0)) + 1, dtype=bool)
        self._reports: list[tuple[int, int]] = []

    def open_on(self, day: int) -> None:
        """Open the desk on a day: reports of harm that came in since pause their employers."""
        self.today = day
        while self._reports and self._reports[0][0] <= day:
            self._paused[heapq.heappop(self._reports)[1]] = True

    @property
    def paused(self) -> NDArray[np.bool_]:
        """Employers at whom harm was reported, of shape (employers,)."""
        return self._paused

    def available(self) -> NDArray[np.bool_]:
        """Tell which offers can be put to somebody today, of shape (m,)."""
        stage = self.stage
        money = stage.calendar.cost_usd <= self.fund_usd[stage.calendar.quarter]
        there = stage.calendar.is_open(self.today) & (self.seats > 0) & money
        return np.asarray(there & ~self._paused[stage.employer])

    def options(self, client: int, available: NDArray[np.bool_]) -> Indices:
        """Return the numbers of the pairs that can be put to a client."""
        pairs = self.stage.pair[client]
        found = pairs[(pairs != NO_PAIR) & available]
        return np.array([pair for pair in found if pair not in self._declined], dtype=np.intp)

    def batch(self, clients: Indices, worth: Floats) -> Batch:
        """Return those clients to whom anything can be put, with all that can."""
        available = self.available()
        pairs = np.full((len(clients), len(available)), NO_PAIR, dtype=np.intp)
        for row, client in enumerate(clients):
            if self.can_ask(int(client)):
                found = self.options(int(client), available)
                pairs[row, self.stage.offer[found]] = found
        there = pairs != NO_PAIR
        rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
        return Batch(clients[rows], columns, pairs[np.ix_(rows, columns)], worth)

    def can_ask(self, client: int) -> bool:
        """Tell whether the programme would put another offer to a client."""
        unplaced = self.placed[client] == NO_PAIR
        return bool(unplaced and self.asked[client] < self.stage.terms.asked_at_most)

    def ask(self, pair: int) -> bool:
        """Put an offer to a client; if she takes it, the seat and the money are gone.

        An offer that has just been taken by another is not put.

        Raises
        ------
        UnsafeOffer
            Where there is no such pair: a gate forbids it.
        """
        if not 0 <= pair < len(self.stage.client):
            raise UnsafeOffer(f"expected a pair that no gate forbids, got {pair}")
        client, offer = int(self.stage.client[pair]), int(self.stage.offer[pair])
        if not (self._is_there(offer) and self.can_ask(client)):
            return False
        self.asked[client] += 1
        if not self.stage.takes[pair]:
            self._declined.add(pair)
            return False
        self._place(pair, client, offer)
        return True

    def outcomes(self) -> tuple[Indices, Observed]:
        """Return the pairs placed so far and what follow-up has told of them by today."""
        stage = self.stage
        pairs = self.placed[self.placed != NO_PAIR]
        elapsed = self.today - stage.calendar.arrives[stage.client[pairs]]
        visits = np.minimum(stage.visits[pairs], visits_before(elapsed))
        return pairs, observe(stage.day[pairs], stage.cause[pairs], visits)

    def _is_there(self, offer: int) -> bool:
        calendar = self.stage.calendar
        money = calendar.cost_usd[offer] <= self.fund_usd[calendar.quarter[offer]]
        is_open = calendar.opens[offer] <= self.today < calendar.closes[offer]
        paused = self._paused[self.stage.employer[offer]]
        return bool(is_open and self.seats[offer] > 0 and money and not paused)

    def _place(self, pair: int, client: int, offer: int) -> None:
        stage = self.stage
        self.placed[client] = pair
        self.seats[offer] -= 1
        self.fund_usd[stage.calendar.quarter[offer]] -= stage.calendar.cost_usd[offer]
        if stage.cause[pair] == Cause.HARM:
            told_at = int(np.searchsorted(VISIT_DAYS, stage.day[pair]))
            if told_at < stage.visits[pair]:
                report = (self.today + VISIT_DAYS[told_at], int(stage.employer[offer]))
                heapq.heappush(self._reports, report)

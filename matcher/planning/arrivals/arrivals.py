"""Arrivals: each batch placed at once, at prices that keep seats for those still to come."""

import time
from collections.abc import Hashable
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.planning.arrivals.cases import Cases
from matcher.planning.arrivals.futures import Futures
from matcher.planning.arrivals.inputs import cases, officer_load, seats
from matcher.planning.arrivals.moves import improved
from matcher.planning.arrivals.outlook import (
    Coming,
    Outlook,
    outlook,
    spread,
    whole_sizes,
    worth_of_seats,
)
from matcher.planning.arrivals.rehearsal import rehearsed
from matcher.planning.arrivals.reporting import batch_plan
from matcher.planning.arrivals.seat_values import seat_values
from matcher.planning.assign import assign
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.plan import UNPLACED, Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SECONDS: Final = 10.0
"""Time limit of a batch's programme; batches of tens take a hundredth of a second."""


DOUBT: Final = 2.5
"""Standard errors of what those to come take by which they may outnumber the seats before any is
left unplaced for another's sake."""


class Arrivals:
    """Places people who come in batches, so that those who come later find good seats too.

    For each batch, futures are drawn of those still to come. The dual prices of the programme of
    batch and futures together say what a seat will be worth; the batch is placed by an integer
    programme with these prices subtracted. Seats few and whole are then looked at more closely:
    a dynamic programme for each site says what one, two, ... seats are worth to those to come, and
    the batch is moved about until nothing pays any more. All is found anew for the next batch.
    Where there are seats for (nearly) all, prices only steer: being placed outweighs every price,
    and the last batches are rehearsed, so that blocks of seats are left for families.

    Parameters
    ----------
    capacity
        (m,) seats, or (m, d) resources, for all that come.
    history_score
        (h, m) scores of an earlier time, nan = forbidden; None: arrivals are learned as they come.
    history_sizes
        (h,), (h, d), (h, m) or (h, m, d) what they took; None = 1.
    expected_arrivals
        Cases that come in all; None: as many as the seats hold.
    futures
        How many futures are drawn for each batch.
    seed
        Seed of the draws.
    officer
        (m,) index of the officer who follows up on the placements of each opportunity.
    load_per_week
        (officers,) new cases that each officer can take in a week.

    Raises
    ------
    InvalidPlanInput
        Where an argument breaks a rule; the message names it.

    References
    ----------
    Ahani, N., Golz, P., Procaccia, A., Teytelboym, A., Trapp, A. (2023). Dynamic placement in
    refugee resettlement. Operations Research.
    Bansak, K., Paulson, E. (2024). Outcome-driven dynamic refugee assignment with allocation
    balancing. Operations Research.

    Examples
    --------
    Both of two seats suit the first comer; the second suits nobody else.

    >>> history = [[0.5, 0.1], [0.5, 0.4]]
    >>> arrivals = Arrivals([1, 1], history_score=history, expected_arrivals=2)
    >>> arrivals.offer([[0.5, 0.4]]).assignment.tolist()
    [1]
    >>> arrivals.remaining.tolist()
    [1.0, 0.0]
    """

    def __init__(
        self,
        capacity: ArrayLike,
        history_score: ArrayLike | None = None,
        history_sizes: ArrayLike | None = None,
        expected_arrivals: float | None = None,
        futures: int = 20,
        seed: int = 0,
        *,
        officer: ArrayLike | None = None,
        load_per_week: ArrayLike | None = None,
    ) -> None:
        self._left, self._flat = seats(capacity)
        self._all = self._left.sum(axis=0)
        if futures < 1 or (expected_arrivals is not None and not expected_arrivals >= 0):
            raise InvalidPlanInput(
                "futures, expected_arrivals: expected at least 1 and at least 0, "
                f"got {futures} and {expected_arrivals}"
            )
        m, d = self._left.shape
        told = np.empty((0, m)) if history_score is None else history_score
        history = cases("history_score", told, "history_sizes", history_sizes, m, d)
        self._expected = expected_arrivals
        coming = _held(self._left, history) if expected_arrivals is None else expected_arrivals
        self._futures = Futures(history, coming)
        self._count = futures
        self._dice = np.random.default_rng(seed)
        self._officer, self._load = officer_load(officer, load_per_week, m)
        self._load_left = self._load.copy()
        self._week: Hashable = None
        self._price = np.zeros((m, d))
        self._price_is_first = True
        _warm_kernels()

    @property
    def remaining(self) -> Floats:
        """Seats (m,), or resources (m, d), that are left."""
        return self._shaped(self._left)

    @property
    def shadow_price(self) -> Floats:
        """What one more seat (m,), or unit of a resource (m, d), is worth to those to come."""
        return self._shaped(self._price)

    @property
    def load_left(self) -> Floats:
        """New cases (officers,) that each officer can still take this week."""
        return self._load_left.copy()

    @property
    def still_to_come(self) -> int:
        """Cases that are still expected."""
        if self._expected is not None:
            return max(0, round(self._expected - len(self._futures.seen)))
        return int(_held(self._left, self._futures.history.and_also(self._futures.seen)))

    def _shaped(self, values: Floats) -> Floats:
        return np.array(values[:, 0] if self._flat else values)

    def offer(
        self, score: ArrayLike, sizes: ArrayLike | None = None, week: Hashable = None
    ) -> Plan:
        """Place a batch; what it takes is gone for those who come later.

        Parameters
        ----------
        score
            (b, m) nan = forbidden; a pair below 0 is never made.
        sizes
            (b,), (b, d), (b, m) or (b, m, d) what cases take; None = 1.
        week
            Label of the week, where officers' loads are limited: the load starts anew when it
            changes. None: each batch is a week.

        Returns
        -------
        plan
            Bound and certificate are those of the batch alone; the gap is what is set aside for
            those to come; the shadow prices are what seats are worth to them.
        """
        started = time.perf_counter()
        batch = cases("score", score, "sizes", sizes, *self._left.shape)
        if week is None or week != self._week:
            self._week, self._load_left = week, self._load.copy()
        self._futures.see(batch, self._dice)
        coming = self._coming()
        chosen = self._placed(batch, coming, self._look(batch, coming))
        alone = self._solved(batch.value, batch)
        self._take(batch, chosen)
        spent = time.perf_counter() - started
        return batch_plan(alone, batch, chosen, self.shadow_price, spent)

    def release(self, opportunity: int, sizes: ArrayLike = 1.0) -> None:
        """Give back what a case took, where it is declined or left.

        Parameters
        ----------
        opportunity
            Where.
        sizes
            What it took there: a number, or (d,).
        """
        back = np.broadcast_to(np.asarray(sizes, dtype=np.float64), self._left.shape[1])
        if not 0 <= opportunity < len(self._left) or not (back >= 0).all():
            raise InvalidPlanInput(
                f"opportunity, sizes: expected an index below {len(self._left)} and amounts of at "
                f"least 0, got {opportunity} and {back.tolist()}"
            )
        self._left[opportunity] += back

    def _coming(self) -> Coming:
        arrivals = self.still_to_come
        return Coming(*self._futures.drawn(self._count, arrivals, self._dice), arrivals)

    def _look(self, batch: Cases, coming: Coming) -> Outlook:
        """Return the outlook at this batch, and keep its prices."""
        if self._price_is_first and len(coming.cases):
            self._price = self._price + spread(coming.cases.value) / 2.0
            self._price_is_first = False
        seen = outlook(batch, coming, self._left, self._price, self._enough(batch, coming))
        self._price = seen.price
        return seen

    def _enough(self, batch: Cases, coming: Coming) -> bool:
        """Tell whether the seats hold all who are expected, or may well do so.

        They may outnumber the seats by what is not known of those to come, and by one middling
        case. The year's seats and people are looked at, so that those left out count. Where the
        order isn't random those seen tell nothing of the rest, and the history tells the total.
        """
        takes = batch.size.mean(axis=1)
        one = takes.mean(axis=0) if len(takes) else 0.0
        known, unseen = self._futures.total_takes(), coming.arrivals
        if known is None:
            wanted = self._futures.seen.size.mean(axis=1).sum(axis=0) + coming.takes()
        else:
            wanted, unseen = known, unseen + len(self._futures.seen)
        error = self._futures.error_of_takes(unseen)
        return bool((wanted <= self._all + DOUBT * error + one).all())

    def _placed(self, batch: Cases, coming: Coming, seen: Outlook) -> Ints:
        """Return where (b,) the batch is placed: by its programme, at these prices, then moved."""
        value = batch.value + seen.placed
        chosen = self._solved(value - (batch.size * seen.price).sum(axis=2), batch).assignment
        if (batch.size != np.rint(batch.size)).any() or np.isfinite(self._load).all():
            return chosen
        after = self._left - self._taken(batch, chosen)
        worth = worth_of_seats(coming, self._left, after, seen.price, seen.placed)
        if worth is None:
            return chosen
        left, size = self._left[:, 0].astype(np.int64), whole_sizes(batch)
        moved = improved(chosen.astype(np.int64), value, size, worth[-1], left)
        if not seen.placed:
            return moved
        later = (coming.cases.value + seen.placed, whole_sizes(coming.cases), coming.chance())
        return rehearsed(moved, value, size, left, worth, later, self._dice)

    def _solved(self, score: Floats, batch: Cases) -> Plan:
        """Return the best plan of a batch for given scores, within seats and officers' loads."""
        limited: dict[str, Any] = {}
        if np.isfinite(self._load).all():
            limited = {"cost": np.ones(score.shape), "fund": self._officer,
                       "budget": self._load_left}  # fmt: skip
        b, (m, d) = len(score), self._left.shape
        if d == 1 and (batch.size == 1.0).all():
            return assign(score, self._left[:, 0], time_limit=SECONDS, **limited)
        sizes = np.broadcast_to(batch.size, (b, m, d))
        return assign(score, self._left, sizes=sizes, time_limit=SECONDS, **limited)

    def _taken(self, batch: Cases, chosen: Ints) -> Floats:
        """Return what (m, d) a batch takes where it is placed."""
        rows = np.flatnonzero(chosen != UNPLACED)
        sites = chosen[rows]
        taken = np.zeros(self._left.shape)
        np.add.at(taken, sites, batch.size[rows, sites if batch.size.shape[1] > 1 else 0])
        return taken

    def _take(self, batch: Cases, chosen: Ints) -> None:
        self._left = self._left - self._taken(batch, chosen)
        self._left = np.where(np.abs(self._left) < 1e-9, 0.0, self._left)
        np.subtract.at(self._load_left, self._officer[chosen[chosen != UNPLACED]], 1.0)


def _held(left: Floats, known: Cases) -> float:
    """Return how many cases like those known the seats (m, d) hold; 0 where none is known."""
    if not len(known):
        return 0.0
    mean = known.size.mean(axis=(0, 1))
    return float((left.sum(axis=0) / np.maximum(mean, 1e-12)).min())


def _warm_kernels() -> None:
    """Compile or load the kernels, so that no batch waits for them."""
    one, whole = np.ones((1, 1)), np.ones((1, 1), dtype=np.int64)
    worth = seat_values(one, whole, np.ones(1), whole[0], 1)
    improved(np.zeros(1, dtype=np.int64), one, whole, worth[-1], whole[0])
    later = (one, whole, np.ones(1))
    rehearsed(whole[0] - 1, one, whole, whole[0], worth, later, np.random.default_rng(0))

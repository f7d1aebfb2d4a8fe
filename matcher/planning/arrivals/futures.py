"""Who may still come: futures drawn from a history and from those who have come so far."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.cases import Cases
from matcher.planning.arrivals.order import DRIFT_LEVEL, Variety, come, drift_chance
from matcher.planning.arrivals.shift import effects, logs, sites_moved
from matcher.planning.arrivals.struck import Struck

Floats = NDArray[np.float64]

TRUST_IN_HISTORY: Final = 60.0
"""Arrivals after which those seen weigh as much as the whole history."""

OWED: Final = 0.95
"""Share of those to come, in an order that is not random, who are whom the history still owes."""

WORTHS: Final = (2, 3)
"""Which of the kinds are worths."""

SORTED_BY: Final = (0, *WORTHS)
"""Which of the kinds cases can be sorted by."""

SORTED: Final = 0.25
"""Share of the history's variance within a block below which cases come sorted."""

WORTH_ARRIVALS: Final = 30
"""Arrivals up to which worths that are alike tell of an order; then drift does, and a year whose
worths vary less than the history's isn't taken for an order."""

LEVEL_ARRIVALS: Final = 8.0
"""Arrivals after which the level of the history's values is moved half-way to those seen."""

LEVEL_ARRIVALS_ALIKE: Final = 20.0
"""The same, where one group comes after the other: its level may be its own."""

FURTHEST: Final = (0.5, 2.0)
"""Least and greatest factor by which the history's values are moved."""


class Futures:
    """Draws those still to come.

    Where the order of arrivals looks random, they are like those seen so far and, until enough are
    seen, like the history: a history of another year is outgrown. Where it does not, those to come
    are mostly whoever the history still owes. Where cases come sorted (small families first), as
    many of the history as have come are struck off by rank; in any other order (one group after
    the other), those most alike.

    Parameters
    ----------
    history
        Cases of an earlier time; may hold none.
    expected
        Cases that come in all.
    """

    def __init__(self, history: Cases, expected: float) -> None:
        self.history = history
        self.seen = Cases(history.value[:0], history.size[:0])
        self._expected = expected
        self.order_is_random = True
        self._ranked: Floats | None = None
        self._struck = Struck(history, expected)
        self._logs = logs(history.value)
        self._case, self._site = effects(self._logs)
        kinds = history.kinds() if len(history) else ()
        self._variety = [Variety(kind, k in WORTHS) for k, kind in enumerate(kinds)]

    def see(self, batch: Cases, dice: np.random.Generator) -> None:
        """Take in those who came, in no order among themselves."""
        order = dice.permutation(len(batch))
        mixed = Cases(batch.value[order], batch.size[order])
        self.seen = self.seen.and_also(mixed)
        if len(self.history):
            self._struck.strike(mixed)
        self._doubt()

    def _doubt(self) -> None:
        """Note whether blocks of arrivals differ, or are alike, more than by chance."""
        kinds = self.seen.kinds()
        pairs = zip(self._variety, kinds, strict=False)
        alike = [known.of_one_kind(kind) for known, kind in pairs]
        if len(self.seen) > WORTH_ARRIVALS:
            alike = [told for k, told in enumerate(alike) if k not in WORTHS]
        drifts = drift_chance(self.seen.features()) < DRIFT_LEVEL
        self.order_is_random = not (drifts or any(alike))
        self._ranked = None
        if not self.order_is_random and len(self.history):
            by = min(SORTED_BY, key=lambda k: self._variety[k].share(kinds[k]))
            if self._variety[by].share(kinds[by]) < SORTED:
                before = self.history.kinds()[by].sum(axis=1)
                self._ranked = come(before, kinds[by].sum(axis=1), self._expected)

    @property
    def owed(self) -> Floats:
        """How many (h,) like each case of the history are still to come, in an order."""
        if self._ranked is None:
            return self._struck.owed
        return (1.0 - self._ranked) * self._expected / len(self.history)

    def chances(self) -> Floats:
        """Return the chance (history + seen,) of each known case to be the next to come."""
        n, old = len(self.seen), len(self.history)
        if not old:
            return np.full(n, 1.0 / max(1, n))
        if not self.order_is_random and self.owed.sum() > 1.0:
            owed = OWED * self.owed / self.owed.sum() + (1.0 - OWED) / old
            return np.concatenate([owed, np.zeros(n)])
        trust = n / (n + TRUST_IN_HISTORY) if self.order_is_random else 0.0
        return np.concatenate([np.full(old, (1 - trust) / old), np.full(n, trust / max(1, n))])

    def corrected_history(self) -> Cases:
        """Return the history with its values moved towards this year's: by site, and in all.

        Where one group comes after the other those seen differ from the history in kind: each is
        compared with her like. Where they come sorted, they are compared with those struck off:
        among the best off, sites differ by less than among all.
        """
        n = len(self.seen)
        if not len(self.history) or n < 2:
            return self.history
        site, few = self._site, LEVEL_ARRIVALS
        if self.order_is_random:
            before = self._case.mean()
        elif self._ranked is not None:
            came = self._ranked > 0.0
            case, site = effects(self._logs[came])
            before = np.average(case, weights=self._ranked[came])
        else:
            site, before, few = self._struck.like, 0.0, LEVEL_ARRIVALS_ALIKE
        apart = logs(self.seen.value) - site
        moved = sites_moved(apart)
        level = effects(apart - moved)[0].mean() - before
        ratio = np.exp(moved + level * n / (n + few))
        return Cases(self.history.value * np.clip(ratio, *FURTHEST), self.history.size)

    def total_takes(self) -> Floats | None:
        """Return what (d,) all who come are expected to take, as the history says.

        None where the order is random, as those seen tell of those to come.
        """
        if self.order_is_random or not len(self.history):
            return None
        total = self._expected * self.history.size.mean(axis=(0, 1))
        return np.asarray(np.maximum(total, self.seen.size.mean(axis=1).sum(axis=0)))

    def error_of_takes(self, arrivals: int) -> Floats:
        """Return the standard error (d,) of what so many to come take all in all.

        Their own chance, and that of the mean, which is known from those seen and the history.
        """
        takes = self.history.and_also(self.seen).size.mean(axis=1)
        if not len(takes):
            return np.zeros(takes.shape[1])
        known = TRUST_IN_HISTORY * (len(self.history) > 0)
        if self.order_is_random:
            known += len(self.seen)
        return np.asarray(takes.std(axis=0) * np.sqrt(arrivals + arrivals**2 / max(1.0, known)))

    def drawn(self, futures: int, arrivals: int, dice: np.random.Generator) -> tuple[Cases, Floats]:
        """Return the kinds of cases in futures of so many arrivals, and how many (n,) in one.

        All futures are drawn in one systematic sample: each kind comes as often as its chance says,
        give or take one case in all futures together.
        """
        known = self.corrected_history().and_also(self.seen)
        if not arrivals or not len(known):
            return Cases(known.value[:0], known.size[:0]), np.zeros(0)
        draws = futures * arrivals
        upto = np.cumsum(self.chances())
        where = (np.arange(draws) + dice.random()) / draws * upto[-1]
        rows = np.minimum(np.searchsorted(upto, where, side="right"), len(known) - 1)
        times = np.bincount(rows, minlength=len(known))
        kinds = np.flatnonzero(times)
        return Cases(known.value[kinds], known.size[kinds]), times[kinds] / futures

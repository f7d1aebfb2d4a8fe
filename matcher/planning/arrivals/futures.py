"""Who may still come: futures drawn from a history and from those who have come so far."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.order import DRIFT_LEVEL, Variety, drift_chance

Floats = NDArray[np.float64]

TRUST_IN_HISTORY: Final = 60.0
"""Arrivals after which those seen weigh as much as the whole history."""

SIZE_FIRST: Final = 10.0
"""What a difference in size counts, in differences in worth, when those who came are struck off."""

OWED: Final = 0.95
"""Share of those to come, in an order that is not random, who are whom the history still owes."""

WORTHS: Final = (2, 3)
"""Which of the kinds are worths."""

NEAREST: Final = 5
"""Cases of the history that a case is compared with."""

WORTH_ARRIVALS: Final = 30
"""Arrivals up to which worths that are alike tell of an order; then drift does, and a year whose
worths vary less than the history's isn't taken for an order."""

SITE_ARRIVALS: Final = 20.0
"""Arrivals after which a site's values of the history are moved half-way to those seen."""

FURTHEST: Final = (0.5, 2.0)
"""Least and greatest factor by which the history's values are moved."""


@dataclass(frozen=True, eq=False)
class Cases:
    """Cases of one or several people: what each is worth where, and what it takes.

    Parameters
    ----------
    value
        (n, m) nan forbids.
    size
        (n, m, d) what a pair takes of each resource; (n, 1, d) where it does not vary.
    """

    value: Floats
    size: Floats

    def __len__(self) -> int:
        return len(self.value)

    def and_also(self, other: "Cases") -> "Cases":
        """Return these cases followed by others."""
        m = self.value.shape[1]
        width = max(self.size.shape[1], other.size.shape[1])
        wide = [
            np.broadcast_to(c.size, (len(c), m if width > 1 else 1, c.size.shape[2]))
            for c in (self, other)
        ]
        return Cases(np.concatenate([self.value, other.value]), np.concatenate(wide))

    def features(self) -> Floats:
        """Return what an order could follow, (n, 2 + m + d): size, worth, and worth by site."""
        worth = np.where(np.isnan(self.value), 0.0, self.value)
        best = worth.max(axis=1, initial=0.0)[:, None]
        takes = self.size.mean(axis=1)
        each = best / np.maximum(takes.sum(axis=1, keepdims=True), 1e-12)
        return np.hstack([takes, best, each, worth - worth.mean(axis=1, keepdims=True)])

    def kinds(self) -> tuple[Floats, ...]:
        """Return what tells kinds of cases: size (n, d), profile (n, m), and two of worth (n, 1).

        A profile is a case's worth by site over its mean; 1 where forbidden. Worth is that of the
        best site, and that by size, in logarithms.
        """
        known = ~np.isnan(self.value)
        worth = np.where(known, self.value, 0.0)
        middle = worth.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        profile = worth / np.maximum(middle, 1e-12)[:, None]
        takes, best = self.size.mean(axis=1), worth.max(axis=1, initial=0.0)[:, None]
        each = best / np.maximum(takes.sum(axis=1, keepdims=True), 1e-12)
        levels = [np.log(np.maximum(told, 1e-12)) for told in (best, each)]
        return takes, np.where(known, profile, 1.0), *levels


class Futures:
    """Draws those still to come.

    Where the order of arrivals looks random, they are like those seen so far and, until enough are
    seen, like the history: a history of another year is outgrown. Where it does not (one group
    after the other, small families first), those to come are mostly whoever the history still
    owes: who came is struck off, by size first.

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
        self.owed = np.full(len(history), expected / max(1, len(history)))
        self._expected = expected
        self.order_is_random = True
        self._moved, self._compared = np.zeros((2, history.value.shape[1]))
        kinds = history.kinds() if len(history) else ()
        self._variety = [Variety(kind, k in WORTHS) for k, kind in enumerate(kinds)]

    def see(self, batch: Cases, dice: np.random.Generator) -> None:
        """Take in those who came, in no order among themselves."""
        order = dice.permutation(len(batch))
        self.seen = self.seen.and_also(Cases(batch.value[order], batch.size[order]))
        self._doubt()
        if len(self.history):
            self._settle(batch)

    def _settle(self, batch: Cases) -> None:
        """Strike those who came from what the history owes: the most alike first."""
        known = self.history.features()
        scale = np.maximum(known.std(axis=0), 1e-9)
        weight = np.sqrt(
            _weights(known.shape[1], self.history.size.shape[2], self.history.value.shape[1])
        )
        for case, value in zip(batch.features(), batch.value, strict=True):
            distance = (((known - case) / scale * weight) ** 2).sum(axis=1)
            left = 1.0
            nearest = np.argsort(distance, kind="stable")
            self._compare(value, nearest[:NEAREST])
            for row in nearest:
                taken = min(left, self.owed[row])
                self.owed[row] -= taken
                left -= taken
                if left <= 0.0:
                    break

    def _compare(self, value: Floats, nearest: NDArray[np.int64]) -> None:
        """Add what a case is worth by site over those of the history most like it, in logarithms.

        Over its own mean of all sites, so that it tells of sites and not of the case.
        """
        before = _logs(self.history.value[nearest])
        known = ~np.isnan(before)
        told = known.any(axis=0) & ~np.isnan(value)
        mean = np.where(known, before, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        moved = np.where(told, _logs(value) - mean, 0.0)
        self._moved += np.where(told, moved - moved.sum() / max(1, told.sum()), 0.0)
        self._compared += told

    def _doubt(self) -> None:
        """Note whether blocks of arrivals differ, or are alike, more than by chance."""
        pairs = zip(self._variety, self.seen.kinds(), strict=False)
        alike = [known.of_one_kind(kind) for known, kind in pairs]
        if len(self.seen) > WORTH_ARRIVALS:
            alike = [told for k, told in enumerate(alike) if k not in WORTHS]
        drifts = drift_chance(self.seen.features()) < DRIFT_LEVEL
        self.order_is_random = not (drifts or any(alike))

    @property
    def trust_in_seen(self) -> float:
        """Share that those seen have in what is known of those to come; the rest is history."""
        if not len(self.history):
            return 1.0
        n = len(self.seen)
        return n / (n + TRUST_IN_HISTORY) if self.order_is_random else 0.0

    def chances(self) -> Floats:
        """Return the chance (history + seen,) of each known case to be the next to come."""
        n, old = len(self.seen), len(self.history)
        if not old:
            return np.full(n, 1.0 / max(1, n))
        if not self.order_is_random and self.owed.sum() > 1.0:
            owed = OWED * self.owed / self.owed.sum() + (1.0 - OWED) / old
            return np.concatenate([owed, np.zeros(n)])
        trust = self.trust_in_seen
        return np.concatenate([np.full(old, (1 - trust) / old), np.full(n, trust / max(1, n))])

    def corrected_history(self) -> Cases:
        """Return the history with each site's values moved towards what those seen have there.

        Where the order isn't random those seen differ from the history in kind: each is compared
        with its like, and sites are moved against each other only.
        """
        n = len(self.seen)
        if not len(self.history) or n < 2:
            return self.history
        if self.order_is_random:
            ratio = _site_means(self.seen.value) / _site_means(self.history.value)
        else:
            ratio = np.exp(self._moved / np.maximum(self._compared, 1.0))
        ratio = np.clip(ratio, *FURTHEST) ** (n / (n + SITE_ARRIVALS))
        return Cases(self.history.value * ratio, self.history.size)

    def total_takes(self) -> Floats | None:
        """Return what (d,) all who come are expected to take, as the history says.

        None where the order is random, as those seen tell of those to come.
        """
        if self.order_is_random or not len(self.history):
            return None
        total = self._expected * self.history.size.mean(axis=(0, 1))
        return np.asarray(np.maximum(total, self.seen.size.mean(axis=1).sum(axis=0)))

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


def _logs(value: Floats) -> Floats:
    """Return logarithms of values, 1e-12 at least; nan stays."""
    return np.log(np.maximum(value, 1e-12))


def _site_means(value: Floats) -> Floats:
    """Return the mean value (m,) at each site, of those who may go there; 1e-12 where nobody."""
    known = ~np.isnan(value)
    total = np.where(known, value, 0.0).sum(axis=0)
    return np.asarray(np.maximum(total / np.maximum(known.sum(axis=0), 1), 1e-12))


def _weights(features: int, resources: int, sites: int) -> Floats:
    """Return weights that put size first, and give the sites together what one worth has."""
    weight = np.ones(features)
    weight[:resources] = SIZE_FIRST
    weight[features - sites :] = 1.0 / sites
    return weight

"""Placements as a model learns from them: what was known on the day, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.learning.outcomes import VISIT_DAYS
from matcher.learning.registry.training import Days

CENSORED: Final = 0
"""Cause of whoever is not known to have left."""


class Labels(NamedTuple):
    """Who is known to be there and safe on a day after the start, or not.

    Parameters
    ----------
    row
        Rows of the placements of which it is known, of shape (q,).
    retained
        1 there and safe, 0 gone, of shape (q,).
    weight
        How many placements each stands for, of shape (q,): itself and those lost like it.
    """

    row: NDArray[np.intp]
    retained: NDArray[np.int64]
    weight: Floats


@dataclass(frozen=True)
class Placements:
    """Placements that started, one entry each.

    Parameters
    ----------
    features
        What the offer was judged by when it was chosen, of shape (n, p); NaN unknown.
    days
        Day after the start on which it ended or the client was last seen, of shape (n,).
    cause
        0 not known to have ended, else by which way, of shape (n,).
    row_id
        Stable ids, of shape (n,).
    placed_on
        First days, of shape (n,).
    groups
        Labels of shape (n,) by column: sex, age band, province and so on.
    """

    features: Floats
    days: Floats
    cause: NDArray[np.int64]
    row_id: NDArray[Any]
    placed_on: Days
    groups: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.days)

    @property
    def known_on(self) -> Days:
        """Days on which the last thing became known, of shape (n,)."""
        return np.asarray(self.placed_on + np.ceil(self.days).astype("timedelta64[D]"))

    def take(self, rows: NDArray[Any]) -> "Placements":
        """Return some of them."""
        return Placements(
            self.features[rows],
            self.days[rows],
            self.cause[rows],
            self.row_id[rows],
            self.placed_on[rows],
            {name: labels[rows] for name, labels in self.groups.items()},
        )

    def as_known(self, day: np.datetime64) -> "Placements":
        """Return what was known on a day: later placements are gone, later visits undone."""
        begun = self.take(self.placed_on < day)
        elapsed = (day - begun.placed_on).astype(np.float64)
        later = begun.days > elapsed
        return replace(
            begun,
            days=np.where(later, elapsed, begun.days),
            cause=np.where(later, CENSORED, begun.cause),
        )

    def started_from(self, day: np.datetime64) -> "Placements":
        """Return the placements that started on a day or later."""
        return self.take(self.placed_on >= day)

    def retained(self, horizon_days: int) -> Floats:
        """Return 1 there and safe on a day after the start, 0 gone, NaN not known."""
        return retained(self.days, self.cause, horizon_days)

    def labels(self, horizon_days: int) -> Labels:
        """Return what is known of a day after the start; see :func:`labels`."""
        return labels(self.days, self.cause, horizon_days)


def retained(days: NDArray[Any], cause: NDArray[np.int64], horizon_days: int) -> Floats:
    """Return 1 there and safe on a day after the start, 0 gone, NaN not known, of shape (n,)."""
    gone = (cause != CENSORED) & (days <= horizon_days)
    stayed = ~gone & (days >= horizon_days)
    return np.where(gone, 0.0, np.where(stayed, 1.0, np.nan))


def labels(days: NDArray[Any], cause: NDArray[np.int64], horizon_days: int) -> Labels:
    """Return what is known of a day after the start, weighted for those of whom it is not.

    Who left early is known sooner than who stayed. Each known outcome is weighted by the inverse
    of the probability of being followed long enough for it to be known, visit by visit.

    Parameters
    ----------
    days, cause
        As in :class:`Placements`, of shape (n,).
    horizon_days
        One of the days of the visits.

    References
    ----------
    Robins, J. M., Rotnitzky, A. (1992), Recovery of information and adjustment for dependent
    censoring using surrogate markers.
    """
    visits = VISIT_DAYS.index(horizon_days) + 1
    outcome = retained(days, cause, horizon_days)
    known, gone = ~np.isnan(outcome), outcome == 0.0
    ended = np.searchsorted(VISIT_DAYS, days, side="left")
    needed = np.where(gone, np.minimum(ended, visits - 1), visits - 1)
    seen = np.where(known, visits, np.searchsorted(VISIT_DAYS, days, side="right"))
    followed = np.ones(visits)
    for visit in range(visits):
        due = (seen >= visit) & ~(gone & (needed < visit))
        missed = ~known & (seen == visit)
        followed[visit] = 1.0 - missed.sum() / max(1, due.sum())
    row = np.flatnonzero(known)
    weight = 1.0 / np.maximum(np.cumprod(followed), 1e-9)[needed[row]]
    return Labels(row, outcome[row].astype(np.int64), weight)

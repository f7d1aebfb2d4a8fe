"""A history from which those who came are struck off, the most alike first."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.cases import Cases
from matcher.planning.arrivals.shift import logs

Floats = NDArray[np.float64]

NEAREST: Final = 5
"""Cases of the history that a case is compared with."""


class Struck:
    """Whom a history still owes, and whom those who came are like: cases with the same profile.

    Parameters
    ----------
    history
        Cases of an earlier time.
    expected
        Cases that come in all.

    Attributes
    ----------
    owed
        (h,) how many like each case of the history are still to come.
    like
        (seen, m) what those most like each who came were worth, in logarithms; nan where unknown.
    """

    def __init__(self, history: Cases, expected: float) -> None:
        self.owed = np.full(len(history), expected / max(1, len(history)))
        self.like = np.empty((0, history.value.shape[1]))
        self._logs, self._profile = logs(history.value), history.profiles()

    def strike(self, batch: Cases) -> None:
        """Strike off those who came."""
        for profile in batch.profiles():
            distance = ((self._profile - profile) ** 2).sum(axis=1)
            nearest = np.argsort(distance, kind="stable")
            self.like = np.vstack([self.like, self._mean(nearest[:NEAREST])])
            taken = np.diff(np.minimum(np.cumsum(self.owed[nearest]), 1.0), prepend=0.0)
            self.owed[nearest] -= taken

    def _mean(self, rows: NDArray[np.int64]) -> Floats:
        """Return the mean logarithm (m,) of some cases at each site."""
        told = self._logs[rows]
        known = ~np.isnan(told)
        total = np.where(known, told, 0.0).sum(axis=0)
        return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)

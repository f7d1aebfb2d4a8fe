"""How far the values of this year have moved from those of the history, by site and in all."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SWEEPS: Final = 3
"""Alternations of the fit of cases and sites; few pairs are forbidden, so it settles fast."""

LEAST: Final = 1e-9
"""Values below tell nothing of how far values have moved."""


def logs(value: Floats) -> Floats:
    """Return logarithms of values; nan where forbidden, or worth nothing."""
    return np.log(np.where(value > LEAST, value, np.nan))


def effects(told: Floats) -> tuple[Floats, Floats]:
    """Return what lies in the case (n,) and what in the site (m,) of logarithms (n, m).

    By least squares; the sites' are 0 on average.
    """
    known = ~np.isnan(told)
    site = np.zeros(told.shape[1])
    case = np.zeros(len(told))
    for _ in range(SWEEPS):
        case = _mean(told - site, known, 1)
        site = _mean(told - case[:, None], known, 0)
        site = site - site.mean()
    return case, site


def sites_moved(apart: Floats) -> Floats:
    """Return how far (m,) each site has moved against the others, drawn to 0 for what is noise.

    Empirical Bayes: how much sites move at all is what they differ by beyond their errors.

    Parameters
    ----------
    apart
        (n, m) logarithms of values less what the history led to expect; nan where not known.
    """
    known = ~np.isnan(apart)
    case, site = effects(apart)
    count = known.sum(axis=0)
    rest = np.where(known, apart - case[:, None] - site, 0.0)
    free = max(1, known.sum() - known.any(axis=1).sum() - known.any(axis=0).sum() + 1)
    error = (rest**2).sum() / free / np.maximum(count, 1)
    told = count > 0
    moves = max(0.0, float((site[told] ** 2 - error[told]).mean())) if told.any() else 0.0
    return np.where(told, site * moves / np.maximum(moves + error, 1e-12), 0.0)


def _mean(value: Floats, known: NDArray[np.bool_], axis: int) -> Floats:
    """Return the mean along an axis of what is known; 0 where nothing is."""
    total = np.where(known, value, 0.0).sum(axis=axis)
    return np.asarray(total / np.maximum(known.sum(axis=axis), 1))

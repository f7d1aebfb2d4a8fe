"""Whether probabilities come true: reliability with intervals, and the expected error with its own.

References
----------
Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, Journal
of the American Statistical Association 22(158).
Naeini, M. P., Cooper, G. F. and Hauskrecht, M. (2015), Obtaining well calibrated probabilities
using Bayesian binning, AAAI 29.
Kumar, A., Liang, P. and Ma, T. (2019), Verified uncertainty calibration, NeurIPS 32.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from matcher.columns import Floats


class Estimate(NamedTuple):
    """A number with its interval.

    Parameters
    ----------
    value, low, high
        Estimate and the ends of its interval.
    n
        Rows that it rests on.
    """

    value: float
    low: float
    high: float
    n: int


class Forecasts(NamedTuple):
    """Probabilities and what came true, checked.

    Parameters
    ----------
    outcome
        0 or 1, of shape (n,).
    probability
        In [0, 1], of shape (n,).
    """

    outcome: Floats
    probability: Floats

    @classmethod
    def of(cls, outcome: ArrayLike, probability: ArrayLike) -> "Forecasts":
        """Return them as arrays.

        Raises
        ------
        ValueError
            Where they differ in length, an outcome is not 0 or 1 or a probability not in [0, 1].
        """
        told = np.asarray(outcome, dtype=np.float64)
        said = np.asarray(probability, dtype=np.float64)
        if told.ndim != 1 or told.shape != said.shape:
            raise ValueError(
                "outcome, probability: expected the same number of each, got shapes "
                f"{told.shape} and {said.shape}"
            )
        if (bad := np.flatnonzero(~np.isin(told, (0.0, 1.0)))).size:
            raise ValueError(f"outcome, row {bad[0]}: expected 0 or 1, got {told[bad[0]]}")
        if (bad := np.flatnonzero(~((said >= 0) & (said <= 1)))).size:
            raise ValueError(
                f"probability, row {bad[0]}: expected a number in [0, 1], got {said[bad[0]]}"
            )
        return cls(told, said)


def wilson_interval(
    successes: ArrayLike, n: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the ends of Wilson's interval of a share; 0 and 1 where there is nobody.

    Examples
    --------
    >>> low, high = wilson_interval(8, 10)
    >>> round(float(low), 2), round(float(high), 2)
    (0.49, 0.94)
    """
    count = np.asarray(n, dtype=np.float64)
    z = norm.ppf(0.5 + level / 2.0)
    at = np.asarray(successes, dtype=np.float64) + z**2 / 2
    share = np.asarray(successes, dtype=np.float64) / np.maximum(count, 1.0)
    half = z * np.sqrt(np.maximum(count * share * (1 - share), 0.0) + z**2 / 4)
    low, high = (at - half) / (count + z**2), (at + half) / (count + z**2)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def reliability(
    outcome: ArrayLike, probability: ArrayLike, bins: int = 10, level: float = 0.95
) -> pd.DataFrame:
    """Return how often what was said came true, in bins of about as many rows each.

    Rows of the same probability are never parted, so that there may be fewer bins.

    Returns
    -------
    DataFrame
        ``said`` (mean probability), ``came_true`` (share), ``low``, ``high`` (Wilson's interval),
        ``n``; one row a bin, rising.
    """
    told, said = Forecasts.of(outcome, probability)
    rows = pd.DataFrame({"said": said, "came_true": told}).groupby(_binned(said, bins))
    table = rows.mean()
    table["low"], table["high"] = wilson_interval(rows["came_true"].sum(), rows.size(), level)
    return table.assign(n=rows.size()).reset_index(drop=True)


def expected_calibration_error(
    outcome: ArrayLike,
    probability: ArrayLike,
    bins: int = 10,
    level: float = 0.95,
    draws: int = 1_000,
    seed: int = 0,
    less_chance: bool = True,
) -> Estimate:
    """Return the mean distance of what was said from what came true, with a bootstrap interval.

    A bin is off by chance alone, the more so the fewer its rows. What chance gives to forecasts
    that are right is taken off the squares, bin by bin, unless told otherwise: without that, 15
    rows always look badly calibrated.

    Parameters
    ----------
    outcome, probability
        0 or 1, and the probability of 1, of shape (n,).
    bins
        Bins of about as many rows each.
    level
        Of the interval.
    draws, seed
        Resamples, and the seed of them.
    less_chance
        Whether chance is taken off.
    """
    told, said = Forecasts.of(outcome, probability)
    if len(told) == 0:
        return Estimate(np.nan, 0.0, 1.0, 0)
    place = _binned(said, bins)
    counts = np.random.default_rng(seed).multinomial(
        len(told), np.full(len(told), 1.0 / len(told)), size=draws
    )
    # drawing again adds as much chance as the rows had
    drawn = _distance(place, told - said, counts.astype(np.float64), 2.0 * less_chance)
    value = float(_distance(place, told - said, np.ones((1, len(told))), 1.0 * less_chance)[0])
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, min(float(low), value), max(float(high), value), len(told))


def _binned(probability: Floats, bins: int) -> NDArray[np.intp]:
    """Bin of each row: edges at quantiles, equal probabilities together."""
    if bins < 1:
        raise ValueError(f"bins: expected at least 1, got {bins}")
    edges = np.unique(np.quantile(probability, np.arange(1, bins) / bins)) if bins > 1 else []
    place = np.searchsorted(edges, probability, side="left")
    return np.unique(place, return_inverse=True)[1]


def _distance(place: NDArray[np.intp], surplus: Floats, counts: Floats, times: float) -> Floats:
    """Expected calibration error of each resample (a row of counts), less so many times chance."""
    member = np.eye(place.max(initial=0) + 1)[place]
    size = np.maximum(counts @ member, 1.0)
    mean = (counts * surplus) @ member / size
    square = (counts * surplus**2) @ member / size
    chance = np.maximum(square - mean**2, 0.0) / np.maximum(size - 1.0, 1.0)
    distance = np.sqrt(np.maximum(mean**2 - times * chance, 0.0))
    return np.asarray((distance * (counts @ member)).sum(axis=1) / counts.sum(axis=1))

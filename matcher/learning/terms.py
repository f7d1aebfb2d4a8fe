"""Terms as learned: straight lines between knots, spanned by a few shapes each."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.scoring.scorecard import Term

MOST_KNOTS: Final = 12
"""At quantiles; common values have two more beside them."""

DECAY: Final = 1.0
"""A ripple twice as fine is expected to be half as large, as in a random walk over the knots."""

FREE_SD: Final = 10.0
"""Log-odds: so wide that a base rate is not drawn anywhere."""


class Family(IntEnum):
    """What a shape says; each family has a strength of its own."""

    BASE = 0
    COMMON = 1
    STRENGTH = 2
    LINE = 3
    RIPPLE = 4
    UNKNOWN = 5


@dataclass(frozen=True)
class Shapes:
    """The ways in which one term may move.

    Parameters
    ----------
    knots
        Values of the column, rising, of shape (q,).
    points
        Log-odds that one unit of each shape adds at the knots, of shape (q, r).
    unknown
        What it adds where the value is not known, of shape (r,).
    family
        Family of each shape, of shape (r,).
    """

    knots: Floats
    points: Floats
    unknown: Floats
    family: NDArray[np.intp]

    def __call__(self, values: Floats) -> Floats:
        """Return each shape at each value, of shape (n, r)."""
        worth = np.empty((len(values), len(self.family)))
        missing = np.isnan(values)
        for shape in range(len(self.family)):
            worth[:, shape] = np.interp(values, self.knots, self.points[:, shape])
        worth[missing] = self.unknown
        return worth


def shapes_of(values: Floats, weight: Floats, prior: Term | None) -> Shapes:
    """Return the shapes of a column: a line, ripples, a level for unknown values.

    Shapes have mean 0 over the rows whose value is known. Lines have a standard deviation of 1.

    Parameters
    ----------
    values, weight
        The column and the weight of each row, of shape (n,).
    prior
        What the expert thinks of it: her knots are kept.
    """
    known = ~np.isnan(values)
    seen, seen_weight = values[known], weight[known]
    knots = prior.knots if prior else knots_of(seen, seen_weight)
    parts = [] if len(knots) < 2 else list(_movements(knots, seen, seen_weight))
    if prior:
        parts.insert(0, (Family.STRENGTH, prior.uncertainty * prior.points))
    unknown = [0.0] * len(parts)
    if prior or weight[~known].sum() > 0:
        parts.append((Family.UNKNOWN, np.zeros(len(knots))))
        unknown.append(_anything(prior) if prior else 1.0)
    points = np.array([p for _, p in parts]).reshape(len(parts), len(knots)).T
    family = np.array([f for f, _ in parts], dtype=np.intp)
    return Shapes(knots, points, np.array(unknown), family)


def _anything(term: Term) -> float:
    """Standard deviation of a term if any of its values were as likely."""
    return float(np.ptp(term.points)) / math.sqrt(12)


def knots_of(values: Floats, weight: Floats) -> Floats:
    """Return knots at quantiles: every value where there are few.

    A value that many rows share, such as an income of nothing, has its neighbours as knots too, so
    that it need not be worth what lies beside it. Repeating a row and doubling its weight give the
    same knots.
    """
    values, weight = values[weight > 0], weight[weight > 0]
    if len(values) == 0:
        return np.zeros(1)
    distinct, place = np.unique(values, return_inverse=True)
    if len(distinct) <= MOST_KNOTS:
        return distinct
    share = np.bincount(place, weight) / weight.sum()
    wanted = np.linspace(0.0, 1.0, MOST_KNOTS)
    at = np.minimum(np.searchsorted(np.cumsum(share), wanted - 1e-9), len(distinct) - 1)
    at[-1] = len(distinct) - 1
    common = np.flatnonzero(share >= 1.0 / MOST_KNOTS)
    beside = np.concatenate([common - 1, common, common + 1]).clip(0, len(distinct) - 1)
    return np.asarray(distinct[np.union1d(at, beside)])


def _movements(knots: Floats, seen: Floats, weight: Floats) -> Iterator[tuple[Family, Floats]]:
    line = _centred(knots, knots, seen, weight)
    spread = _spread(line, knots, seen, weight)
    yield Family.LINE, line / (spread if spread > 0 else max(float(np.ptp(knots)) / 2, 1e-300))
    if len(knots) < 3:
        return
    at = np.pi * (np.arange(len(knots)) + 0.5) / len(knots)
    for wave in range(1, len(knots)):
        ripple = np.sqrt(2.0) * np.cos(wave * at) / wave**DECAY
        yield Family.RIPPLE, _centred(ripple, knots, seen, weight)


def _centred(points: Floats, knots: Floats, seen: Floats, weight: Floats) -> Floats:
    if weight.sum() <= 0:
        return np.asarray(points - points.mean())
    mean = np.average(np.interp(seen, knots, points), weights=weight)
    return np.asarray(points - mean)


def _spread(points: Floats, knots: Floats, seen: Floats, weight: Floats) -> float:
    if weight.sum() <= 0:
        return 0.0
    largest = float(np.abs(points).max(initial=0.0))
    if largest == 0.0:
        return 0.0
    share = np.interp(seen, knots, points / largest)  # whatever the unit, squares stay in range
    return largest * float(np.sqrt(np.average(share**2, weights=weight)))

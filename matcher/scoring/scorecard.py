r"""The scorecard: features -> log-odds of being retained and safe.

:math:`score = b + \sum_k f_k(x_k)` with every :math:`f_k` piecewise linear and monotone in the
declared direction. The parts are the explanation: they add up to the score exactly. A value that is
not known has points of its own.
"""

import hashlib
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from matcher.columns import Floats
from matcher.features import Feature
from matcher.pairs import Pairs

LEARNED = "learned"
"""Basis of a row whose source is the version of the model that it was learned by."""

BASE, LATER = "base_90d", "shift_180d"
"""Rows of the table that are no features: the base rate, and what three more months take."""

NORMAL_90: Final = 1.6448536269514722
"""Half-width of a central 90 % interval of the standard normal distribution."""


class InvalidScorecard(ValueError):  # noqa: N818 - reads as what it is
    """A scorecard that does not fit the features or its own directions."""


@dataclass(frozen=True)
class Term:
    """What one feature is worth.

    Parameters
    ----------
    knots
        Values of the feature, rising, of shape (q,).
    points
        Log-odds at the knots, of shape (q,); straight lines between, constant beyond.
    unknown
        Log-odds where the value is not known.
    uncertainty
        Standard deviation of the points as a share of them.
    """

    knots: Floats
    points: Floats
    unknown: float
    uncertainty: float

    def __call__(self, values: Floats) -> Floats:
        """Return the log-odds of each value."""
        worth = np.interp(values, self.knots, self.points)
        return np.where(np.isnan(values), self.unknown, worth)

    @property
    def anything(self) -> float:
        """Standard deviation where any value between the ends is as likely."""
        return float(self.points.max() - self.points.min()) / math.sqrt(12)

    def spread(self, values: Floats, worth: Floats) -> Floats:
        """Return the standard deviation of each value's log-odds.

        Not knowing the value counts as much as any value between the ends being as likely.
        """
        return np.where(np.isnan(values), self.anything, self.uncertainty * np.abs(worth))


@dataclass(frozen=True)
class Forecast:
    """What a score says of the future, one entry a pair.

    Parameters
    ----------
    retention_90d, retention_180d
        Probability of being retained and safe after 90 and 180 days.
    low, high
        90 % interval of the first.
    """

    retention_90d: Floats
    retention_180d: Floats
    low: Floats
    high: Floats


class Scorecard:
    """Points of every feature, from one reviewed table.

    Parameters
    ----------
    table
        Columns ``feature``, ``direction``, ``group``, ``unit``, ``knots``, ``points``,
        ``unknown_points``, ``uncertainty``; one row a feature and the rows ``base_90d`` and
        ``shift_180d``.
    features
        The features, in the order in which they are added up.

    Raises
    ------
    InvalidScorecard
        Where a feature has no row, a row no feature, or points run against the direction.
    """

    def __init__(self, table: pd.DataFrame, features: Sequence[Feature]) -> None:
        rows = {str(row["feature"]): row for row in table.to_dict("records")}
        expected = {BASE, LATER, *(feature.name for feature in features)}
        if odd := expected.symmetric_difference(rows):
            raise InvalidScorecard(f"scorecard: features and rows differ in {sorted(odd)}")
        self.features = tuple(features)
        self.base, self.base_sd = float(rows[BASE]["points"]), float(rows[BASE]["uncertainty"])
        self._later = float(rows[LATER]["points"])
        self.terms = tuple(_term(rows[feature.name], feature) for feature in features)
        self.version = _version(table)

    def values(self, pairs: Pairs) -> list[Floats]:
        """Return the value of every feature, each of the pairs' shape."""
        return [feature(pairs) for feature in self.features]

    def contributions(self, values: Sequence[Floats]) -> list[Floats]:
        """Return the log-odds of every feature's values."""
        return [term(value) for term, value in zip(self.terms, values, strict=True)]

    def total(self, contributions: Sequence[Floats]) -> Floats:
        """Return base plus contributions, added in the order of the features."""
        score = np.full(contributions[0].shape, self.base)
        for worth in contributions:
            score = score + worth
        return score

    def score(self, pairs: Pairs) -> Floats:
        """Return the score of each pair, in log-odds."""
        return self.total(self.contributions(self.values(pairs)))

    def retention(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the probability of being retained and safe after 90 and after 180 days."""
        return probability(scores), probability(scores + self._later)

    def variance(self, values: Sequence[Floats], contributions: Sequence[Floats]) -> Floats:
        """Return the variance that the table's uncertainties give the score of each pair."""
        variance = np.full(contributions[0].shape, self.base_sd**2)
        for term, value, worth in zip(self.terms, values, contributions, strict=True):
            variance = variance + term.spread(value, worth) ** 2
        return variance

    def forecast(self, score: Floats, variance: Floats) -> Forecast:
        """Return what scores say of the future, with the interval that their variance gives."""
        margin, told = NORMAL_90 * np.sqrt(variance), np.empty((4, *score.shape))
        told[0], told[1] = score, score + self._later
        told[2], told[3] = score - margin, score + margin
        return Forecast(*probability(told))


def probability(log_odds: Floats) -> Floats:
    """Return the probability of log-odds.

    Examples
    --------
    >>> probability(np.array([0.0, 1.0])).round(3).tolist()
    [0.5, 0.731]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _term(row: Mapping[Hashable, Any], feature: Feature) -> Term:
    knots = np.array([float(x) for x in str(row["knots"]).split(";")])
    points = np.array([float(x) for x in str(row["points"]).split(";")])
    declared = (int(row["direction"]), str(row["group"]), str(row["unit"]))
    if declared != (feature.direction, str(feature.group), feature.unit):
        raise InvalidScorecard(f"scorecard, {feature.name}: direction, group or unit differ")
    if len(knots) != len(points) or len(knots) < 2 or (np.diff(knots) <= 0).any():
        raise InvalidScorecard(f"scorecard, {feature.name}: expected rising knots, a point each")
    if (np.diff(points) * feature.direction < 0).any():
        raise InvalidScorecard(f"scorecard, {feature.name}: points run against the direction")
    return Term(knots, points, float(row["unknown_points"]), float(row["uncertainty"]))


def _version(table: pd.DataFrame) -> str:
    """Version of the model that the points come from; the expert's is a hash of them."""
    rows = table.to_dict("records")
    learned = {str(row["source"]) for row in rows if row.get("basis") == LEARNED}
    return learned.pop() if len(learned) == 1 else f"expert-{_digest(table)}"


def _digest(table: pd.DataFrame) -> str:
    weights = table[["feature", "knots", "points", "unknown_points", "uncertainty"]].astype(str)
    return hashlib.sha256(weights.to_csv(index=False).encode()).hexdigest()[:12]

"""When the model should not decide: conformal sets, for each group at the level that was promised.

A set holds the outcomes that can't be ruled out. Over calibration rows and a new row that could
have come in any order, it holds what happens with at least the level's probability, group by group.

References
----------
Vovk, V., Gammerman, A. and Shafer, G. (2005), Algorithmic learning in a random world, chapter 4
(Mondrian predictors).
Romano, Y., Barber, R. F., Sabatti, C. and Candes, E. (2020), With malice toward none: assessing
uncertainty via equalized coverage, Harvard Data Science Review 2(2).
"""

import math
from enum import StrEnum
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold

from matcher.columns import Floats
from matcher.learning.calibration import Forecasts

Bools = NDArray[np.bool_]


class Verdict(StrEnum):
    """What a set says."""

    LASTS = "lasts"
    ENDS = "ends"
    UNDECIDED = "undecided"
    """Both outcomes are possible, or the row is like none that was seen."""


class Decisions(NamedTuple):
    """What can be said of rows.

    Parameters
    ----------
    sets
        Whether outcome 0 and outcome 1 can't be ruled out, of shape (n, 2).
    verdict
        One :class:`Verdict` a row, of shape (n,).
    pooled
        Whether the row's group was too small, so that all groups together decided: the promise
        then holds for everybody on average, not for the group. Of shape (n,).
    """

    sets: Bools
    verdict: NDArray[np.object_]
    pooled: Bools

    @property
    def undecided(self) -> Bools:
        """Whether the officer should be told that the model does not know, of shape (n,)."""
        return np.asarray(self.verdict == Verdict.UNDECIDED)


class GroupConformal:
    """Conformal sets calibrated on held-out rows, group by group.

    Parameters
    ----------
    level
        Probability with which a set holds what happens, in (0, 1).

    Attributes
    ----------
    thresholds_ : dict of str to float
        By group: strangest score that a set still takes in; groups too small have none.
    pooled_threshold_ : float
        The same over all rows; infinite where even they are too few.

    Examples
    --------
    >>> said = np.linspace(0.02, 0.98, 49)
    >>> sure = GroupConformal(0.8).fit(said > 0.5, said, ["all"] * 49)
    >>> [str(v) for v in sure.decide([0.05, 0.55, 0.9], ["all"] * 3).verdict]
    ['ends', 'undecided', 'lasts']
    """

    def __init__(self, level: float = 0.9) -> None:
        if not 0.0 < level < 1.0:
            raise ValueError(f"level: expected a number between 0 and 1, got {level}")
        self.level = level

    def fit(self, outcome: ArrayLike, probability: ArrayLike, group: ArrayLike) -> Self:
        """Calibrate on rows that the model did not learn from.

        Parameters
        ----------
        outcome, probability
            0 or 1, and the probability of 1, of shape (n,); see :func:`out_of_fold`.
        group
            Group of each row, of shape (n,).

        Raises
        ------
        ValueError
            Where the arguments differ in length or are out of range.
        """
        told, said = Forecasts.of(outcome, probability)
        member = _named(group, len(told))
        strange = np.where(told == 1, 1.0 - said, said)
        found = {name: self._threshold(strange[member == name]) for name in np.unique(member)}
        self.thresholds_ = {n: threshold for n, threshold in found.items() if threshold < math.inf}
        self.pooled_threshold_ = self._threshold(strange)
        return self

    def decide(self, probability: ArrayLike, group: ArrayLike) -> Decisions:
        """Return what can be said of new rows.

        Parameters
        ----------
        probability
            Probability of outcome 1, of shape (n,).
        group
            Group of each row, of shape (n,); one that was never seen is pooled.
        """
        said = np.asarray(probability, dtype=np.float64)
        Forecasts.of(np.zeros_like(said), said)
        member = _named(group, len(said))
        own = np.array([self.thresholds_.get(g, math.nan) for g in member], dtype=np.float64)
        pooled = np.isnan(own)
        limit = np.where(pooled, self.pooled_threshold_, own)[:, None]
        sets = np.column_stack([said, 1.0 - said]) <= limit
        verdict = np.full(len(said), Verdict.UNDECIDED, dtype=object)
        verdict[sets[:, 1] & ~sets[:, 0]] = Verdict.LASTS
        verdict[sets[:, 0] & ~sets[:, 1]] = Verdict.ENDS
        return Decisions(sets, verdict, pooled)

    def _threshold(self, strange: Floats) -> float:
        """Return the score whose rank keeps the promise in any finite sample."""
        rank = math.ceil((len(strange) + 1) * self.level - 1e-9)
        return float(np.sort(strange)[rank - 1]) if 0 < rank <= len(strange) else math.inf


def out_of_fold(
    model: Any, features: ArrayLike, outcome: ArrayLike, folds: int = 5, seed: int = 0
) -> Floats:
    """Return the probability of outcome 1 by models that did not see the row, of shape (n,).

    To calibrate on these spends no rows. The promise is then approximate: exact only for rows that
    no model has seen at all.
    """
    x, told = np.asarray(features), np.asarray(outcome)
    said = np.empty(len(told))
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=seed).split(x, told):
        said[test] = clone(model).fit(x[train], told[train]).predict_proba(x[test])[:, 1]
    return said


def _named(group: ArrayLike, rows: int) -> NDArray[np.str_]:
    named = np.asarray(group).astype(str)
    if named.shape != (rows,):
        raise ValueError(f"group: expected shape ({rows},), got {named.shape}")
    return named

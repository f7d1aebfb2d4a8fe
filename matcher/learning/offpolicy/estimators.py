"""Estimates of a policy's value, each as a mean of one number a decision."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy import stats
from sklearn.base import BaseEstimator

from matcher.columns import Floats
from matcher.learning.offpolicy.log import Integers, PolicyLog
from matcher.learning.offpolicy.outcomes import expected_rewards
from matcher.learning.offpolicy.support import effective_size

STEADY: Final = 50.0
"""Effective rows at which the plain and the pooled variance count alike."""


class Method(StrEnum):
    """How a policy is valued."""

    REPLAY = "replay"
    IPS = "ips"
    SNIPS = "snips"
    DR = "dr"


@dataclass(frozen=True)
class Settings:
    """How the rewards of options are predicted.

    Parameters
    ----------
    folds, seed
        Of the cross-fitting.
    model
        Estimator of scikit-learn; None for a regularised linear one.
    """

    folds: int
    seed: int
    model: BaseEstimator | None


@dataclass(frozen=True)
class Estimate:
    """A value as a direct part and a weighted correction, one entry a decision.

    Parameters
    ----------
    direct
        What is expected without looking at the decision's own outcome.
    weights
        Weight of the outcome; 0 where it was lost.
    residual
        Outcome minus what was expected of it; 0 where it was lost.
    """

    direct: Floats
    weights: Floats
    residual: Floats

    @property
    def terms(self) -> Floats:
        """Numbers whose mean is the value."""
        return self.direct + self.weights * self.residual

    @property
    def value(self) -> float:
        """The value."""
        return float(self.terms.mean())

    def interval(self, level: float, clusters: Integers | None) -> tuple[float, float]:
        """Return a confidence interval of the value.

        Heavy weights make the plain variance unsteady where the rows that matter are few. So it is
        drawn to one that takes the residuals' spread from all rows, the more the fewer they are,
        and the quantile is Student's with the effective size as degrees of freedom.
        """
        effective = effective_size(self.weights)
        freedom = effective - 1
        if clusters is None:
            drawn = STEADY / (STEADY + effective)
            variance = (1 - drawn) * _variance(self.terms) + drawn * self._pooled_variance()
        else:
            sums = np.bincount(clusters, self.terms - self.value)
            many = len(sums)
            variance = float((sums**2).sum()) * many / max(many - 1, 1) / len(self.terms) ** 2
            freedom = min(freedom, many - 1)
        margin = float(stats.t.ppf((1 + level) / 2, max(freedom, 1.0))) * variance**0.5
        return self.value - margin, self.value + margin

    def _pooled_variance(self) -> float:
        known = self.residual[self.weights > 0]
        weighted = float((known**2).mean() * (self.weights**2).sum()) if len(known) else 0.0
        return _variance(self.direct) + weighted / len(self.direct) ** 2


def replay(log: PolicyLog, weights: Floats, settings: Settings) -> Estimate:
    """Return the mean outcome of the decisions that the target would have made too.

    Unbiased only where the log chose evenly.

    References
    ----------
    Li, Chu, Langford, Wang (2011), Unbiased offline evaluation of contextual-bandit-based news
    article recommendation algorithms.
    """
    return _ratio(log, log.target[log.rows, log.chosen] * log.stands_for)


def inverse_propensity(log: PolicyLog, weights: Floats, settings: Settings) -> Estimate:
    """Return the mean of weighted outcomes.

    References
    ----------
    Horvitz, Thompson (1952), A generalization of sampling without replacement from a finite
    universe.
    """
    return Estimate(np.zeros(len(log)), weights, np.nan_to_num(log.reward))


def self_normalised(log: PolicyLog, weights: Floats, settings: Settings) -> Estimate:
    """Return the weighted mean of outcomes: never outside their range.

    References
    ----------
    Swaminathan, Joachims (2015), The self-normalized estimator for counterfactual learning.
    """
    return _ratio(log, weights)


def doubly_robust(log: PolicyLog, weights: Floats, settings: Settings) -> Estimate:
    """Return what a model expects of the target, corrected by weighted residuals.

    References
    ----------
    Dudík, Erhan, Langford, Li (2014), Doubly robust policy evaluation and optimization.
    Chernozhukov et al. (2018), Double/debiased machine learning (the cross-fitting).
    """
    expected = expected_rewards(log, settings.folds, settings.seed, settings.model)
    residual = np.nan_to_num(log.reward - expected[log.rows, log.chosen])
    return Estimate((log.target * expected).sum(axis=1), weights, residual)


Estimator = Callable[[PolicyLog, Floats, Settings], Estimate]

ESTIMATORS: dict[Method, Estimator] = {
    Method.REPLAY: replay,
    Method.IPS: inverse_propensity,
    Method.SNIPS: self_normalised,
    Method.DR: doubly_robust,
}


def _ratio(log: PolicyLog, weights: Floats) -> Estimate:
    """A weighted mean, linearised: its terms have the mean and the spread of the ratio."""
    reward = np.nan_to_num(log.reward)
    mean = float((weights * reward).sum() / weights.sum())
    residual = np.where(weights > 0, reward - mean, 0.0)
    return Estimate(np.full(len(log), mean), weights / weights.mean(), residual)


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) / len(values)

"""The value of a policy from the log of another, with an interval, or a refusal."""

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from matcher.columns import Floats
from matcher.learning.offpolicy.estimators import ESTIMATORS, Estimate, Method, Settings
from matcher.learning.offpolicy.log import InvalidLog, PolicyLog
from matcher.learning.offpolicy.outcomes import observation_probability
from matcher.learning.offpolicy.support import (
    effective_size,
    missing_share,
    require_support,
    standard_error,
)

HEAVIEST: Final = 100.0
"""Weights are cut here, or at the root of the number of rows where that is more."""

FEW_EFFECTIVE: Final = 50.0
"""Fewer effective rows than this are worth a warning."""

MANY_LOST: Final = 0.5
"""A larger share lost than this is worth a warning of its own."""

UNEVEN: Final = 0.2
"""Replay is warned of where propensities are further than this share from even."""


@dataclass(frozen=True)
class PolicyValue:
    """What a policy would have been worth.

    Parameters
    ----------
    value, low, high
        Mean reward of a decision, with its confidence interval.
    n
        Decisions in the log.
    effective_n
        How many decisions of the policy itself they are worth.
    warnings
        What to know before trusting it, in words.
    method
        How it was estimated.
    level
        Level of the interval.
    lost
        Decisions whose reward is not known.
    clipped, clipping_bias
        Decisions whose weight was cut, and what that is estimated to take from the value.
    """

    value: float
    low: float
    high: float
    n: int
    effective_n: float
    warnings: tuple[str, ...]
    method: Method
    level: float
    lost: int
    clipped: int
    clipping_bias: float

    def as_dict(self) -> dict[str, object]:
        """Return plain values, ready for JSON."""
        return {**asdict(self), "warnings": list(self.warnings), "method": str(self.method)}


def policy_value(
    features: ArrayLike,
    offered: ArrayLike,
    chosen: ArrayLike,
    reward: ArrayLike,
    propensity: ArrayLike,
    target: ArrayLike,
    method: str = "dr",
    folds: int = 5,
    seed: int = 0,
    *,
    clusters: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
    clip: float | None = None,
    outcome_model: BaseEstimator | None = None,
) -> PolicyValue:
    """Return what a policy would have been worth, from the log of another.

    Lost rewards are never a zero nor a success: each row that is observed also stands for those
    like it that were lost. How many those are says ``weight``; without it, the inverse of the
    estimated probability of being observed given the features of what was chosen. That is right
    only where, among such rows, being lost has nothing to do with the reward. It has where an early
    end is known sooner than a long stay, as with follow-up visits: take the weights of
    :func:`matcher.learning.placements.labels` then, which go by visit.

    Parameters
    ----------
    features
        Of shape (n, m, p): every option, as far as it was known when it was offered; NaN unknown.
    offered
        Of shape (n, m): options that could be chosen; the rest of the array is not looked at.
    chosen
        Of shape (n,): number of the option that was chosen.
    reward
        Of shape (n,): what came of it; NaN where nobody knows.
    propensity
        Of shape (n,): probability with which the logging policy chose it.
    target
        Of shape (n, m): probability of each option under the policy to be valued.
    method
        ``replay``, ``ips``, ``snips`` or ``dr``.
    folds, seed
        Of the cross-fitted predictions.
    clusters
        Of shape (n,): labels of rows that vary together, such as cohorts.
    weight
        Of shape (n,): how many decisions each known reward stands for; estimated without.
    level
        Of the interval.
    clip
        Heaviest weight; ``max(100, sqrt(n))`` without.
    outcome_model
        What predicts rewards, a scikit-learn estimator; regularised and linear without.

    Raises
    ------
    InvalidLog
        Where the arrays contradict one another.
    NoSupport
        Where the log cannot tell.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> offered = np.ones((400, 2), dtype=bool)
    >>> chosen = rng.integers(0, 2, 400)
    >>> reward = (rng.random(400) < np.where(chosen == 1, 0.6, 0.4)).astype(float)
    >>> always_second = np.tile([0.0, 1.0], (400, 1))
    >>> features = np.tile([[0.0], [1.0]], (400, 1, 1))
    >>> found = policy_value(features, offered, chosen, reward, np.full(400, 0.5), always_second)
    >>> found.low < 0.6 < found.high
    True
    """
    log = PolicyLog.checked(features, offered, chosen, reward, propensity, target, clusters, weight)
    settings = _settings(log, folds, seed, level, outcome_model)
    how = _method(method)
    ratio = log.ratio * log.observed / observation_probability(log, folds, seed)
    require_support(log, ratio)
    weights = np.minimum(ratio, max(HEAVIEST, len(log) ** 0.5) if clip is None else clip)
    estimate = ESTIMATORS[how](log, weights, settings)
    low, high = _within(log, estimate.interval(level, log.clusters))
    return PolicyValue(
        value=float(np.clip(estimate.value, low, high)),
        low=low,
        high=high,
        n=len(log),
        effective_n=effective_size(weights),
        warnings=tuple(_warnings(log, how, ratio, weights)),
        method=how,
        level=level,
        lost=int((~log.observed).sum()),
        clipped=int((ratio > weights).sum()),
        clipping_bias=_clipping_bias(estimate, ratio, weights, how),
    )


def _method(name: str) -> Method:
    if name not in set(Method):
        raise InvalidLog("method", " or ".join(Method), repr(name))
    return Method(name)


def _settings(
    log: PolicyLog, folds: int, seed: int, level: float, model: BaseEstimator | None
) -> Settings:
    if not 2 <= folds <= len(log):
        raise InvalidLog("folds", f"2 to {len(log)}, the number of rows", folds)
    if not 0 < level < 1:
        raise InvalidLog("level", "a number between 0 and 1", level)
    return Settings(folds, seed, model)


def _within(log: PolicyLog, interval: tuple[float, float]) -> tuple[float, float]:
    """The interval, cut to what can be where every reward is 0 or 1.

    Where all are alike the spread is nothing and would promise too much: three in n may still have
    been otherwise (the rule of three).
    """
    if not log.binary:
        return interval
    known = log.reward[log.observed]
    doubt = 3.0 / effective_size(log.ratio * log.observed) if known.min() == known.max() else 0.0
    return max(interval[0] - doubt, 0.0), min(interval[1] + doubt, 1.0)


def _clipping_bias(estimate: Estimate, ratio: Floats, weights: Floats, how: Method) -> float:
    """What cutting weights took from the value, as far as the cut rows themselves tell."""
    if how is Method.REPLAY:
        return 0.0
    return float(-((ratio - weights) * estimate.residual).mean())


def _warnings(log: PolicyLog, how: Method, ratio: Floats, weights: Floats) -> list[str]:
    effective, lost = effective_size(weights), 1 - log.observed.mean()
    mean, doubt = ratio.mean(), 2 * standard_error(ratio)
    return [
        text
        for text, holds in (
            (
                f"{len(log)} rows are worth only {effective:.0f} of this policy's own choices",
                effective < FEW_EFFECTIVE,
            ),
            (
                f"the weights' mean is {mean:.2f}, not 1: some {missing_share(ratio):.0%} of this "
                "policy's choices may never be made in the log",
                mean + doubt < 1,
            ),
            (
                f"the weights' mean is {mean:.2f}, not 1: the propensities may be wrong",
                mean - doubt > 1,
            ),
            (f"{lost:.0%} of the rewards are lost; {_stand_in(log)}", lost > 0),
            ("most rewards are lost: what was seen may be unlike what was not", lost > MANY_LOST),
            (
                f"{int((ratio > weights).sum())} weights were cut at {weights.max():.0f}",
                bool((ratio > weights).any()),
            ),
            (
                "replay is biased: the log did not choose evenly",
                how is Method.REPLAY and _uneven(log),
            ),
            ("all rewards seen are alike", bool(np.ptp(log.reward[log.observed]) == 0)),
        )
        if holds
    ]


def _stand_in(log: PolicyLog) -> str:
    """How those whose reward is known stand for the rest."""
    if log.weight is not None:
        return "the rest stand for them by the weights given"
    return (
        "the rest stand for them by inverse probability of being observed, given the features: "
        "wrong where an early end is known sooner than a long stay; give weight then, as "
        "matcher.learning.placements.labels has it"
    )


def _uneven(log: PolicyLog) -> bool:
    return bool((abs(log.propensity * log.offered.sum(axis=1) - 1) > UNEVEN).any())

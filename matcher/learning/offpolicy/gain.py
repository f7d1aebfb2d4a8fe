"""By how much one policy is worth more than another, from the same decisions."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from matcher.columns import Floats
from matcher.learning.offpolicy.estimators import Settings, doubly_robust
from matcher.learning.offpolicy.log import PolicyLog
from matcher.learning.offpolicy.outcomes import observation_probability
from matcher.learning.offpolicy.support import effective_size, require_support, standard_error

FOLDS: Final = 5


@dataclass(frozen=True)
class PolicyGain:
    """What a policy is worth more than another.

    Parameters
    ----------
    value, low, high
        Mean reward of a decision more, with its confidence interval.
    n
        Decisions in the log.
    effective_n
        How many of the policy's own, or of the other's where that is fewer, they are worth.
    """

    value: float
    low: float
    high: float
    n: int
    effective_n: float


def policy_gain(
    features: ArrayLike,
    offered: ArrayLike,
    chosen: ArrayLike,
    reward: ArrayLike,
    propensity: ArrayLike,
    target: ArrayLike,
    instead_of: ArrayLike,
    seed: int = 0,
    *,
    clusters: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> PolicyGain:
    """Return what a policy is worth more than another: doubly robust, paired by decision.

    Where both would choose alike their doubts are the same and cancel, so that the interval is
    narrower than that of either value.

    Parameters
    ----------
    features, offered, chosen, reward, propensity, target, seed, clusters, weight, level
        As :func:`policy_value` takes them.
    instead_of
        Of shape (n, m): probability of each option under the other policy.

    Raises
    ------
    InvalidLog
        Where the arrays contradict one another.
    NoSupport
        Where the log cannot tell of one of them.
    """
    given = (features, offered, chosen, reward, propensity)
    log, other = (
        PolicyLog.checked(*given, policy, clusters, weight) for policy in (target, instead_of)
    )
    settings = Settings(FOLDS, seed, None)
    terms, sizes = zip(*(_terms(each, settings) for each in (log, other)), strict=True)
    more, effective = terms[0] - terms[1], min(sizes)
    value, error, freedom = float(more.mean()), standard_error(more), effective - 1
    if log.clusters is not None:
        sums = np.bincount(log.clusters, more - value)
        many = len(sums)
        error = float(np.sqrt((sums**2).sum() * many / max(many - 1, 1))) / len(more)
        freedom = min(freedom, many - 1)
    margin = float(stats.t.ppf((1 + level) / 2, max(freedom, 1.0))) * error
    return PolicyGain(value, value - margin, value + margin, len(log), effective)


def _terms(log: PolicyLog, settings: Settings) -> tuple[Floats, float]:
    """Numbers whose mean is the policy's value, and how many decisions of its own they are."""
    observed = observation_probability(log, settings.folds, settings.seed)
    weights = log.ratio * log.observed / observed
    require_support(log, weights)
    return doubly_robust(log, weights, settings).terms, effective_size(weights)

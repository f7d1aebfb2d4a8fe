"""What each model would have been worth as a policy, from the log of slates."""

from typing import Any

import numpy as np
from scipy.special import logit

from matcher.columns import Floats
from matcher.learning.offpolicy import NoSupport
from matcher.learning.offpolicy.gain import policy_gain
from matcher.learning.offpolicy.support import LEAST_EFFECTIVE
from matcher.learning.promotion.held_out import HeldOut
from matcher.learning.promotion.limits import Limits
from matcher.learning.promotion.verdict import Check, Status
from matcher.learning.propensity import Exploration, first_shown


def value_check(
    candidate: Any, current: Any, held_out: HeldOut, limits: Limits, seed: int
) -> Check:
    """Return whether the candidate's value, at its lower bound, holds up to the current model's.

    Both are valued on the same decisions, and the bound is that of their difference.
    """
    if held_out.log is None:
        return _unsure("No log of slates: the policy's value is not known.")
    log: dict[str, Any] = dict(held_out.log)
    n = len(log["chosen"])
    if n < LEAST_EFFECTIVE:
        return _unsure(
            f"The policy's value is not known: {n} slates, {LEAST_EFFECTIVE:.0f} are needed."
        )
    new, old = (_target(model, log) for model in (candidate, current))
    try:
        gain = policy_gain(**log, target=new, instead_of=old, seed=seed)
    except NoSupport as refused:
        return _unsure(f"The policy's value is not known: {refused}.")
    return Check(
        "policy_value",
        Status.PASSED if gain.low >= -limits.value_margin else Status.FAILED,
        f"Policy value {gain.value:+.3f} against the current model's ({gain.low:+.3f} to "
        f"{gain.high:+.3f}, worth {gain.effective_n:.0f} of {gain.n} decisions); expected at least "
        f"{-limits.value_margin} for sure.",
        value=gain.value,
        low=gain.low,
        high=gain.high,
        n=gain.n,
    )


def _target(model: Any, log: Any) -> Floats:
    """What a model would show first, near ties shuffled as usual."""
    features, offered = np.asarray(log["features"], float), np.asarray(log["offered"], bool)
    scores = np.zeros(offered.shape)
    chances = model.predict_proba(features[offered])[:, 1]
    scores[offered] = logit(np.clip(chances, 1e-9, 1 - 1e-9))
    return first_shown(scores, offered, Exploration())


def _unsure(message: str) -> Check:
    return Check("policy_value", Status.UNSURE, message)

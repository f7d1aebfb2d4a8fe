"""What each model would have been worth as a policy, from the log of slates."""

from typing import Any

import numpy as np
from scipy.special import logit

from matcher.columns import Floats
from matcher.learning.offpolicy import NoSupport, policy_value
from matcher.learning.promotion.held_out import HeldOut
from matcher.learning.promotion.limits import Limits
from matcher.learning.promotion.verdict import Check, Status
from matcher.learning.propensity import Exploration, first_shown


def value_check(
    candidate: Any, current: Any, held_out: HeldOut, limits: Limits, seed: int
) -> Check:
    """Return whether the candidate's value, at its lower bound, holds up to the current model's."""
    if held_out.log is None:
        return _unsure("No log of slates: the policy's value is not known.")
    log: dict[str, Any] = dict(held_out.log)
    try:
        new, old = (
            policy_value(**log, target=_target(model, log), seed=seed)
            for model in (candidate, current)
        )
    except NoSupport as refused:
        return _unsure(f"The policy's value is not known: {refused}.")
    floor = old.value - limits.value_margin
    return Check(
        "policy_value",
        Status.PASSED if new.low >= floor else Status.FAILED,
        f"Policy value {new.value:.3f} ({new.low:.3f} to {new.high:.3f}, {new.effective_n:.0f} of "
        f"{new.n} rows); the current model's {old.value:.3f}, expected at least {floor:.3f}.",
        value=new.value,
        low=new.low,
        high=new.high,
        n=new.n,
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

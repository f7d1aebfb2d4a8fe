"""Whether a log can say anything of a policy: weights, how many rows they are worth, refusal."""

from typing import Final

import numpy as np

from matcher.columns import Floats
from matcher.learning.offpolicy.log import PolicyLog

LEAST_EFFECTIVE: Final = 10.0
"""Fewer effective rows than this say nothing: no interval would hold."""

NEVER_CHOSEN_MASS: Final = 0.05
"""A target may give an option that was never chosen less than this."""

SURE: Final = 4.0
"""Standard errors below one at which the weights' mean proves that options lack support."""


class NoSupport(ValueError):  # noqa: N818 - reads as what it is
    """A log that cannot tell what the policy is worth.

    Parameters
    ----------
    reason
        Why, in words.
    n
        Decisions in the log.
    effective_n
        How many decisions of the target itself they are worth.
    unsupported
        Share of the target's choices that the log, as far as it shows, never makes.
    option
        Number of the option that lacks support; None where it is not a single one.
    """

    def __init__(
        self,
        reason: str,
        n: int,
        effective_n: float,
        unsupported: float,
        option: int | None = None,
    ) -> None:
        self.reason, self.n, self.effective_n = reason, n, effective_n
        self.unsupported, self.option = unsupported, option
        super().__init__(f"the log gives no support: {reason}")


def effective_size(weights: Floats) -> float:
    r"""Return how many equal weights are worth as much, :math:`(\sum w)^2 / \sum w^2`.

    References
    ----------
    Kish (1965), Survey Sampling.

    Examples
    --------
    >>> effective_size(np.array([1.0, 1.0, 0.0])), effective_size(np.zeros(2))
    (2.0, 0.0)
    """
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def require_support(log: PolicyLog, weights: Floats) -> None:
    """Refuse a log that gives the target no support.

    Parameters
    ----------
    log
        The log.
    weights
        Of shape (n,): target over logging probability, over that of being observed, 0 where lost.

    Raises
    ------
    NoSupport
        Where the target chooses what was not offered or, as far as the log shows, never chosen; or
        where the rows that speak for it are too few.
    """
    effective = effective_size(weights)

    def refuse(reason: str, unsupported: float, option: int | None = None) -> NoSupport:
        return NoSupport(reason, len(log), effective, unsupported, option)

    astray = np.where(log.offered, 0.0, log.target).sum(axis=1)
    if astray.any():
        row = int(astray.argmax())
        raise refuse(
            f"in {int((astray > 0).sum())} of {len(log)} rows the target chooses options that "
            f"were not offered (row {row}: {astray[row]:.0%} of its choices)",
            float(astray.mean()),
        )
    if (option := _never_chosen(log)) is not None:
        mass = float(log.target[:, option].mean())
        raise refuse(
            f"the target gives option {option} {mass:.0%}, which has no outcome", mass, option
        )
    if effective < LEAST_EFFECTIVE:
        raise refuse(
            f"the {len(log)} rows are worth {effective:.1f} of the target's own choices, "
            f"{LEAST_EFFECTIVE:.0f} are needed",
            missing_share(weights),
        )
    if weights.mean() + SURE * standard_error(weights) < 1 - NEVER_CHOSEN_MASS:
        raise refuse(
            f"about {missing_share(weights):.0%} of the target's choices are never made in the log",
            missing_share(weights),
        )


def missing_share(weights: Floats) -> float:
    """Return the share of the target's choices that the log never makes: one minus the mean."""
    return max(0.0, 1.0 - float(weights.mean()))


def standard_error(values: Floats) -> float:
    """Return the standard error of a mean."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _never_chosen(log: PolicyLog) -> int | None:
    chosen = np.bincount(log.chosen[log.observed], minlength=log.offered.shape[1]) > 0
    mass = np.where(chosen, 0.0, log.target.mean(axis=0))
    option = int(mass.argmax())
    return option if mass[option] >= NEVER_CHOSEN_MASS else None

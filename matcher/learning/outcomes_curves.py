"""Cumulative incidence without features: the Aalen-Johansen curve, and two that mislead.

References
----------
Aalen, O. O. and Johansen, S. (1978), An empirical transition matrix for non-homogeneous Markov
chains based on censored observations, Scandinavian Journal of Statistics 5(3).
Gooley, T. A. et al. (1999), Estimation of failure probabilities in the presence of competing
risks, Statistics in Medicine 18(6).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from matcher.columns import Floats
from matcher.learning.outcome_rows import CENSORED, Integers, checked_outcomes

Curves = dict[int, Floats]
"""Share that left by each cause by each day, of shape (days,)."""


def aalen_johansen(days: ArrayLike, cause: ArrayLike, at: Sequence[float]) -> Curves:
    """Return the cumulative incidence of each cause.

    Right where being lost hangs on nothing; biased where it hangs on what also makes people leave.

    Parameters
    ----------
    days, cause
        Day on which each client left, or was last seen, and the cause (0: censored), (n,).
    at
        Days that are asked for.
    """
    day, told = checked_outcomes(np.size(days), days, cause)
    times, hazard = _hazards(day, told)
    before = np.concatenate([[1.0], np.cumprod(1.0 - sum(hazard.values(), np.zeros(len(times))))])
    return {c: _at(times, np.cumsum(h * before[:-1]), at) for c, h in hazard.items()}


def one_minus_kaplan_meier(days: ArrayLike, cause: ArrayLike, at: Sequence[float]) -> Curves:
    """Return what counting every other cause as lost gives: too much of each."""
    day, told = checked_outcomes(np.size(days), days, cause)
    times, hazard = _hazards(day, told)
    return {c: _at(times, 1.0 - np.cumprod(1.0 - h), at) for c, h in hazard.items()}


def lost_counted_safe(days: ArrayLike, cause: ArrayLike, at: Sequence[float]) -> Curves:
    """Return what counting everybody lost as safe gives: too little of each."""
    day, told = checked_outcomes(np.size(days), days, cause)
    upto = np.asarray(at, dtype=np.float64)
    return {
        c: np.asarray(((told == c)[:, None] & (day[:, None] <= upto)).mean(axis=0))
        for c in causes_in(told)
    }


def causes_in(cause: Integers) -> list[int]:
    """Return the causes that occur, in order."""
    return [int(c) for c in np.unique(cause) if c != CENSORED]


def _hazards(day: Floats, cause: Integers) -> tuple[Floats, Curves]:
    """Return the days on which anybody left, and each cause's share of those still there."""
    times = np.unique(day[cause != CENSORED])
    there = len(day) - np.searchsorted(np.sort(day), times, side="left")
    counts = {c: _counts(times, day[cause == c]) for c in causes_in(cause)}
    return times, {c: count / there for c, count in counts.items()}


def _counts(times: Floats, day: Floats) -> Floats:
    return np.bincount(np.searchsorted(times, day), minlength=len(times)).astype(np.float64)


def _at(times: Floats, curve: Floats, at: Sequence[float]) -> Floats:
    steps = np.concatenate([[0.0], curve])
    return np.asarray(steps[np.searchsorted(times, np.asarray(at, dtype=np.float64), "right")])

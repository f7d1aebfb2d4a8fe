"""Follow-up: which visits reach a client, and what a log can therefore say of a placement.

Who is lost is lost from the first visit that does not reach her; what happened after the visit
before it is not known. Being lost depends on what the features show and, given them, on nothing
else. Lost is censored: neither safe nor failed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from matcher.columns import Floats
from matcher.simulation.hazards import Integers
from matcher.simulation.world import VISIT_DAYS, Cause

HARD_TO_REACH: Final[Mapping[str, float]] = MappingProxyType(
    {
        # log-odds of missing a visit per unit of the feature; all judgement
        "living_away": 0.8,
        "travel_minutes": 0.01,
        "household_income": -0.4,
        "preference": -0.8,
        "months_to_income": 0.05,
    }
)
"""What makes a client hard to reach: far away, poor, and with work she did not want."""

_DAYS: Final = np.array(VISIT_DAYS)
_BISECTIONS: Final = 40


class Observed(NamedTuple):
    """Placements as a log knows them.

    Parameters
    ----------
    days
        Day of the end, or of the last visit that reached the client, of shape (p,); 0 if none did.
    cause
        :class:`~matcher.simulation.Cause`, of shape (p,).
    """

    days: Integers
    cause: Integers


def observe(day: Integers, cause: Integers, visits_made: Integers) -> Observed:
    """Return what is known of placements after so many visits.

    Parameters
    ----------
    day, cause
        What happened, of shape (p,); see :meth:`OutcomeLaw.draw`.
    visits_made
        Visits that reached each client, 0 to 4, of shape (p,).

    Examples
    --------
    >>> observe(np.array([40, 40, 365]), np.array([2, 2, 0]), np.array([1, 2, 4]))
    Observed(days=array([ 30,  40, 365]), cause=array([0, 2, 0]))
    """
    last = np.concatenate([[0], _DAYS])[visits_made]
    told = (cause != Cause.CENSORED) & (day <= last)
    return Observed(np.where(told, day, last), np.where(told, cause, Cause.CENSORED))


def visits_before(elapsed_days: Integers) -> Integers:
    """Return how many visits are due after so many days, of the same shape."""
    return np.searchsorted(_DAYS, elapsed_days, side="right").astype(np.int64)


class FollowUp:
    """Who is lost, and when.

    Parameters
    ----------
    names
        Names of the features, in the order of their columns.
    intercept
        Log-odds that a visit misses a client whose features are all zero.
    """

    def __init__(self, names: tuple[str, ...], intercept: float) -> None:
        self._slopes = np.array([HARD_TO_REACH.get(name, 0.0) for name in names])
        self.intercept = intercept

    @classmethod
    def losing(
        cls, lost: float, names: tuple[str, ...], features: Floats, day: Integers, cause: Integers
    ) -> "FollowUp":
        """Return a follow-up under which a share of these placements is expected to be lost.

        Parameters
        ----------
        lost
            Share whose outcome stays unknown, in [0, 1).
        names, features
            Names of the features, and their values, of shape (p, q).
        day, cause
            What happens to the placements, of shape (p,): an end that a visit learns of is known
            whoever is lost later.

        Raises
        ------
        ValueError
            Where the share is outside [0, 1).
        """
        if not 0.0 <= lost < 1.0:
            raise ValueError(f"lost: expected a share in [0, 1), got {lost}")
        if lost == 0.0 or len(features) == 0:
            return cls(names, -np.inf)
        needed = 1 + np.searchsorted(_DAYS[:-1], day, side="left")
        needed = np.where(cause == Cause.CENSORED, len(_DAYS), needed)
        low, high = -20.0, 20.0
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            kept = (1.0 - cls(names, middle).missing(features)) ** needed
            low, high = (low, middle) if (1.0 - kept).mean() > lost else (middle, high)
        return cls(names, low)

    def missing(self, features: Floats) -> Floats:
        """Return the probability that a visit misses each client, of shape (p,)."""
        log_odds = self.intercept + np.nan_to_num(features) @ self._slopes
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))

    def visits_made(self, features: Floats, luck: Floats) -> Integers:
        """Return how many visits reach each client before one does not, of shape (p,).

        Parameters
        ----------
        features
            Of shape (p, q).
        luck
            Uniform random numbers, of shape (p,).
        """
        kept = np.cumprod(np.repeat(1.0 - self.missing(features)[:, None], len(_DAYS), 1), axis=1)
        return np.asarray((luck[:, None] < kept).sum(axis=1), dtype=np.int64)

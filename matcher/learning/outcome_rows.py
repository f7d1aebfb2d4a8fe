"""Person-period form: one row for each client and each window between visits that she was seen in.

References
----------
Allison, P. D. (1982), Discrete-time methods for the analysis of event histories, Sociological
Methodology 13.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.columns import Floats

CENSORED: Final = 0
"""Not known to have left: still there when last seen."""

Integers = NDArray[np.int64]


class Windows:
    """The windows between visits.

    Parameters
    ----------
    visit_days
        Days of the visits, rising; a window ends with each.

    Raises
    ------
    ValueError
        Where the days do not rise from above 0.
    """

    def __init__(self, visit_days: Sequence[float]) -> None:
        self.edges = np.array([0.0, *visit_days], dtype=np.float64)
        if len(self.edges) < 2 or not (np.diff(self.edges) > 0).all():
            raise ValueError(f"visit_days: expected rising days above 0, got {list(visit_days)}")

    def __len__(self) -> int:
        return len(self.edges) - 1

    def holding(self, days: Floats) -> Integers:
        """Return the window in which each day lies, a visit's day in the one that it ends."""
        return np.clip(np.searchsorted(self.edges, days, side="left") - 1, 0, len(self) - 1)

    def spent(self, days: Floats) -> Floats:
        """Return the share of each window that has passed by each day, of shape (d, windows)."""
        passed = (np.asarray(days, dtype=np.float64)[:, None] - self.edges[:-1]) / np.diff(
            self.edges
        )
        return np.asarray(np.clip(passed, 0.0, 1.0))


class PersonPeriods(NamedTuple):
    """Rows of clients in windows.

    Parameters
    ----------
    person, window
        Which client in which window, of shape (r,).
    cause
        How she left in it; 0 if she was still there at its end, of shape (r,).
    seen
        Share of the window in which she was seen: 0 where she was lost at its start, (r,).
    """

    person: Integers
    window: Integers
    cause: Integers
    seen: Floats


def person_periods(windows: Windows, days: Floats, cause: Integers) -> PersonPeriods:
    """Return the windows that each client entered, the one in which she was lost among them.

    Parameters
    ----------
    windows
        Windows between visits.
    days, cause
        Day on which she left, or was last seen, and the cause, of shape (n,).
    """
    spent = windows.spent(days)
    left = cause != CENSORED
    ended = windows.holding(days)
    entered = np.arange(len(windows)) <= np.where(left, ended, len(windows))[:, None]
    entered &= np.concatenate([np.ones((len(days), 1), dtype=bool), spent[:, :-1] >= 1.0], axis=1)
    person, window = np.nonzero(entered)
    here = left[person] & (ended[person] == window)
    seen = np.where(here, 1.0, spent[person, window])
    return PersonPeriods(person, window, np.where(here, cause[person], CENSORED), seen)


def checked_outcomes(rows: int, days: ArrayLike, cause: ArrayLike) -> tuple[Floats, Integers]:
    """Return days and causes as arrays.

    Raises
    ------
    ValueError
        Where they are not as many as the rows, a day is negative or not known, or a cause is not a
        whole number from 0.
    """
    day, told = np.asarray(days, dtype=np.float64), np.asarray(cause, dtype=np.float64)
    if day.shape != (rows,) or told.shape != (rows,):
        raise ValueError(f"days, cause: expected shape ({rows},), got {day.shape} and {told.shape}")
    if (bad := np.flatnonzero(~(np.isfinite(day) & (day >= 0)))).size:
        raise ValueError(f"days, row {bad[0]}: expected a number from 0, got {day[bad[0]]}")
    if (bad := np.flatnonzero(~((told >= 0) & (told == np.round(told))))).size:
        raise ValueError(
            f"cause, row {bad[0]}: expected 0 (censored) or the number of a cause, "
            f"got {told[bad[0]]}"
        )
    if (bad := np.flatnonzero((told > 0) & (day == 0))).size:
        raise ValueError(f"days, row {bad[0]}: expected a day after 0 for one who left, got 0")
    return day, told.astype(np.int64)

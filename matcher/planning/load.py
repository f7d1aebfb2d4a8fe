"""What officers can take on: new placements, in all or in each week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from matcher.planning import columns
from matcher.planning.columns import Floats, Ints
from matcher.planning.errors import InvalidPlanInput, PinConflict

NOBODY = -1
"""What stands for an officer, or a week, that is not limited."""

SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Load:
    """Who follows up on whom, when, and how many new placements there is time for.

    Parameters
    ----------
    officer
        (n,) officer of each client; -1 where nobody's time counts.
    week
        (pools,) week a placement there begins in; -1 where no week counts it.
    limit
        (officers, weeks) new placements there is time for.
    """

    officer: Ints
    week: Ints
    limit: Floats

    def rows(self, clients: Ints | slice | int) -> Ints:
        """Return which of the ravelled limits pairs (k, pools) take one of; -1 for none."""
        officer = np.atleast_1d(self.officer[clients])[:, None]
        row = officer * self.limit.shape[1] + self.week
        return np.where((officer < 0) | (self.week < 0), NOBODY, row)

    def row(self, client: Ints, pool: Ints) -> Ints:
        """Return the same for single pairs (k,)."""
        officer, week = self.officer[client], self.week[pool]
        return np.where((officer < 0) | (week < 0), NOBODY, officer * self.limit.shape[1] + week)

    def price(self, prices: Floats, clients: Ints | slice) -> Floats:
        """Return the price (k, pools) of the time pairs take, from prices of ravelled limits."""
        return np.append(prices, 0.0)[self.rows(clients)]

    def over(self, opportunity: Ints) -> "Load":
        """Return the same for pools, by the opportunity (pools,) of each."""
        return Load(self.officer, self.week[opportunity], self.limit)


def checked_load(
    officer: ArrayLike | None, week: ArrayLike | None, load: ArrayLike | None, n: int, m: int
) -> Load | None:
    """Return the loads that the arguments of :func:`matcher.planning.assign` describe.

    Raises
    ------
    InvalidPlanInput
        Where an argument breaks a rule; the message names it.
    """
    if load is None:
        if officer is not None or week is not None:
            raise InvalidPlanInput("load: expected with officer and week, got none")
        return None
    if officer is None:
        raise InvalidPlanInput("officer: expected with a load, got none")
    limit = columns.numbers("load", load)
    if limit.ndim not in (1, 2) or not limit.size:
        raise InvalidPlanInput(
            f"load: expected shape (officers,) or (officers, weeks), got {limit.shape}"
        )
    if limit.ndim == 2 and week is None:
        raise InvalidPlanInput("week: expected with a load by week, got none")
    if limit.ndim == 1 and week is not None:
        raise InvalidPlanInput("load: expected shape (officers, weeks) with week, got one a week")
    limit = columns.amounts("load", limit, [limit.shape]).reshape(len(limit), -1)
    weeks = np.zeros(m, dtype=np.int64) if week is None else week
    return Load(
        _codes("officer", officer, n, limit.shape[0]),
        _codes("week", weeks, m, limit.shape[1]),
        np.floor(limit + SLACK),
    )


def _codes(name: str, given: ArrayLike, length: int, below: int) -> Ints:
    """Return indices (length,), -1 among them."""
    found = np.asarray(given)
    if found.shape != (length,) or (length and not np.issubdtype(found.dtype, np.integer)):
        raise InvalidPlanInput(
            f"{name}: expected {length} whole numbers, got {found.dtype} of shape {found.shape}"
        )
    wrong = found[(found < NOBODY) | (found >= below)]
    if len(wrong):
        raise InvalidPlanInput(f"{name}: expected -1 to {below - 1}, got {wrong[0]}")
    return found.astype(np.int64)


def check_load_pins(load: Load, pins: list[tuple[int, int]]) -> None:
    """Refuse pins that take more of an officer's time than there is.

    Raises
    ------
    PinConflict
        Naming the officer, and the week where there are several.
    """
    taken = np.zeros(load.limit.shape)
    for i, j in sorted(set(pins)):
        if load.officer[i] >= 0 and load.week[j] >= 0:
            taken[load.officer[i], load.week[j]] += 1.0
    over = np.argwhere(taken > load.limit + SLACK)
    if len(over):
        officer, week = over[0].tolist()
        when = f" in week {week}" if load.limit.shape[1] > 1 else ""
        raise PinConflict(
            f"pins give officer {officer} {taken[officer, week]:g} placements{when}, there is time "
            f"for {load.limit[officer, week]:g}"
        )

"""What :class:`~matcher.planning.arrivals.Arrivals` is given, as checked arrays."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.planning import columns
from matcher.planning.arrivals.cases import Cases
from matcher.planning.errors import InvalidPlanInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def seats(capacity: ArrayLike) -> tuple[Floats, bool]:
    """Return capacity (m, d), and whether it was given as (m,)."""
    given = columns.numbers("capacity", capacity)
    if given.ndim not in (1, 2):
        raise InvalidPlanInput(f"capacity: expected shape (m,) or (m, d), got {given.shape}")
    told = columns.amounts("capacity", given, [given.shape])
    return told.reshape(len(told), -1).astype(np.float64, copy=True), given.ndim == 1


def cases(
    score_name: str, score: ArrayLike, size_name: str, sizes: ArrayLike | None, m: int, d: int
) -> Cases:
    """Return cases; a pair worth less than staying unplaced is forbidden, as a plan never makes it.

    Raises
    ------
    InvalidPlanInput
        Where a shape or a value breaks a rule.
    """
    value = columns.scores(score)
    n = len(value)
    if value.shape != (n, m):
        raise InvalidPlanInput(f"{score_name}: expected shape (n, {m}), got {value.shape}")
    value = np.where(value < 0, np.nan, value)
    if sizes is None:
        return Cases(value, np.ones((n, 1, d)))
    shapes = {(n,): (n, 1, 1), (n, d): (n, 1, d), (n, m, d): (n, m, d)}
    if d == 1:
        shapes[n, m] = (n, m, 1)
    told = columns.amounts(size_name, sizes, list(shapes))
    size = told.reshape(shapes[told.shape])
    return Cases(value, np.ascontiguousarray(np.broadcast_to(size, (n, size.shape[1], d))))


def officer_load(
    officer: ArrayLike | None, load_per_week: ArrayLike | None, m: int
) -> tuple[Ints, Floats]:
    """Return the officer (m,) of each opportunity and the load (officers,) each can take.

    Where none is told, one officer without limit.

    Raises
    ------
    InvalidPlanInput
        Where only one of the two is told, or an index points at nobody.
    """
    if (officer is None) != (load_per_week is None):
        raise InvalidPlanInput("officer, load_per_week: expected both or neither, got one")
    if officer is None or load_per_week is None:
        return np.zeros(m, dtype=np.int64), np.array([np.inf])
    given = columns.numbers("load_per_week", load_per_week)
    load = columns.amounts("load_per_week", given, [(given.size,)])
    return columns.indices("officer", officer, m, len(load)), load.astype(np.float64, copy=True)

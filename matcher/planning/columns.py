"""Inputs of a plan, checked one by one into arrays; errors name argument, place and rule."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.planning.errors import InvalidPlanInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def _first(mask: NDArray[np.bool_]) -> str:
    """Return the first place where a mask holds, as an index."""
    return "[" + ", ".join(str(int(i)) for i in np.argwhere(mask)[0]) + "]"


def numbers(name: str, given: ArrayLike) -> Floats:
    """Return an argument as floats.

    Raises
    ------
    InvalidPlanInput
        Where it is not numeric.
    """
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidPlanInput(f"{name}: expected numbers, got {error}") from None


def amounts(name: str, given: ArrayLike, shapes: Sequence[tuple[int, ...]]) -> Floats:
    """Return an argument as finite floats of at least zero, of one of some shapes."""
    found = numbers(name, given)
    if found.shape not in shapes:
        expected = " or ".join(str(shape) for shape in shapes)
        raise InvalidPlanInput(f"{name}: expected shape {expected}, got {found.shape}")
    wrong = ~(np.isfinite(found) & (found >= 0))
    if wrong.any():
        at = _first(wrong)
        raise InvalidPlanInput(
            f"{name}{at}: expected a finite number of at least 0, got {found[wrong][0]}"
        )
    return found


def scores(given: ArrayLike) -> Floats:
    """Return scores (n, m); nan forbids a pair, infinities are refused."""
    found = numbers("score", given)
    if found.ndim != 2:
        raise InvalidPlanInput(f"score: expected shape (n, m), got {found.shape}")
    endless = np.isinf(found)
    if endless.any():
        at = _first(endless)
        raise InvalidPlanInput(f"score{at}: expected a finite number, or nan to forbid the pair")
    return found


def indices(name: str, given: ArrayLike, length: int, below: int) -> Ints:
    """Return whole numbers (length,) from 0 to under a limit."""
    found = np.asarray(given)
    if found.shape != (length,):
        raise InvalidPlanInput(f"{name}: expected shape ({length},), got {found.shape}")
    if length and not np.issubdtype(found.dtype, np.integer):
        raise InvalidPlanInput(f"{name}: expected whole numbers, got {found.dtype}")
    wrong = (found < 0) | (found >= below)
    if wrong.any():
        raise InvalidPlanInput(
            f"{name}{_first(wrong)}: expected 0 to {below - 1}, got {found[wrong][0]}"
        )
    return found.astype(np.int64)


def codes(name: str, given: Sequence[Any] | NDArray[Any], length: int) -> tuple[Ints, list[Any]]:
    """Return labels as codes (length,), and the labels in the order they first appear."""
    told = list(given)
    if len(told) != length:
        raise InvalidPlanInput(f"{name}: expected {length} labels, got {len(told)}")
    seen: dict[Any, int] = {}
    found = [seen.setdefault(label, len(seen)) for label in told]
    return np.array(found, dtype=np.int64).reshape(length), list(seen)


def pairs(name: str, given: Iterable[tuple[int, int]], n: int, m: int) -> list[tuple[int, int]]:
    """Return (client, opportunity) pairs whose indices exist."""
    found = [(int(i), int(j)) for i, j in given]
    for i, j in found:
        if not (0 <= i < n and 0 <= j < m):
            raise InvalidPlanInput(
                f"{name} ({i}, {j}): expected a client from 0 to {n - 1} and an opportunity from "
                f"0 to {m - 1}"
            )
    return found


def families(given: Iterable[Iterable[int]] | None, n: int) -> list[tuple[int, ...]]:
    """Return tuples of clients that stay together; nobody is in two."""
    found = [tuple(int(i) for i in family) for family in given or ()]
    members = [i for family in found for i in family]
    for i in members:
        if not 0 <= i < n:
            raise InvalidPlanInput(f"together: expected clients from 0 to {n - 1}, got {i}")
    if len(set(members)) < len(members):
        twice = next(i for i in members if members.count(i) > 1)
        raise InvalidPlanInput(f"together: client {twice} stands in two families or twice in one")
    return [family for family in found if len(family) > 1]


def reserved_seats(
    given: Mapping[Any, ArrayLike] | None, labels: Sequence[Any], capacity: Floats
) -> dict[Any, Floats]:
    """Return seats (m, d) kept for each group, no more of them than there are.

    Raises
    ------
    InvalidPlanInput
        Where a label has no client, or more seats are kept than exist.
    """
    m, d = capacity.shape
    kept: dict[Any, Floats] = {}
    for label, seats in (given or {}).items():
        if label not in labels:
            raise InvalidPlanInput(f"reserved: no client is of group {label!r}")
        kept[label] = np.broadcast_to(
            amounts(f"reserved[{label!r}]", seats, [(m,), (m, d)]).reshape(m, -1), (m, d)
        )
    over = np.sum(list(kept.values()), axis=0) > capacity + 1e-9 if kept else np.zeros((m, d), bool)
    if over.any():
        raise InvalidPlanInput(f"reserved: more seats are kept at {_first(over)} than there are")
    return kept

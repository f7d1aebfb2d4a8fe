"""A batch tried out on sampled futures, case by case: what prices can't see in the last batches.

Prices treat seats as a fluid. Where few are left, a family of six needs six together; so each
placement of the batch is tried on many futures, played to the end, and kept where it pays.
"""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.futures import Cases

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SWEEPS: Final = 3
NOWHERE: Final = -1


@numba.njit(cache=True)
def _fits(size: Any, i: int, j: int, left: Any) -> bool:
    k = j if size.shape[1] > 1 else 0
    for r in range(left.shape[1]):  # noqa: SIM110 - compiled
        if left[j, r] < size[i, k, r] - 1e-9:
            return False
    return True


@numba.njit(cache=True)
def _take(size: Any, i: int, j: int, left: Any) -> None:
    k = j if size.shape[1] > 1 else 0
    for r in range(left.shape[1]):
        left[j, r] -= size[i, k, r]


@numba.njit(cache=True)
def _played(value: Any, price: Any, size: Any, futures: int, start: Any, left: Any) -> float:
    """Return the mean value of futures, each case taking its best open seat at these prices."""
    n = len(value) // futures
    total = 0.0
    for future in range(futures):
        left[:] = start
        for i in range(future * n, (future + 1) * n):
            best, chosen = 0.0, NOWHERE
            for j in range(value.shape[1]):
                gain = value[i, j] - price[i, j]
                if gain > best and _fits(size, i, j, left):
                    best, chosen = gain, j
            if chosen >= 0:
                total += value[i, chosen]
                _take(size, i, chosen, left)
    return total / futures


@numba.njit(cache=True)
def _begun(chosen: Any, value: Any, size: Any, officer: Any, load: Any, left: Any) -> float:
    """Place the batch as chosen; return its value, -inf where a seat or an officer is overfull."""
    total = 0.0
    for i in range(len(chosen)):
        j = chosen[i]
        if j < 0:
            continue
        load[officer[j]] -= 1.0
        if not value[i, j] > -np.inf or load[officer[j]] < -1e-9 or not _fits(size, i, j, left):
            return -np.inf
        total += value[i, j]
        _take(size, i, j, left)
    return total


@numba.njit(cache=True)
def _worth(chosen: Any, batch: Any, later: Any, futures: int, rules: Any) -> float:
    """Return the value of the batch as chosen and, on average, of what comes after it."""
    capacity, officer, load = rules
    left = capacity.copy()
    now = _begun(chosen, batch[0], batch[1], officer, load.copy(), left)
    if now == -np.inf:
        return now
    return float(now + _played(later[0], later[1], later[2], futures, left, left.copy()))


@numba.njit(cache=True)
def _moved(chosen: Any, best: float, batch: Any, later: Any, futures: int, rules: Any) -> float:
    """Move one case after the other to where the whole gains most; return the new worth."""
    for i in range(len(chosen)):
        kept = chosen[i]
        for j in range(-1, batch[0].shape[1]):
            chosen[i] = j
            worth = _worth(chosen, batch, later, futures, rules) if j != kept else -np.inf
            if worth > best + 1e-9:
                best, kept = worth, j
        chosen[i] = kept
    return best


@numba.njit(cache=True)
def _exchanged(chosen: Any, best: float, batch: Any, later: Any, futures: int, rules: Any) -> float:
    """Exchange two cases' places where the whole gains; return the new worth."""
    for i in range(len(chosen)):
        for k in range(i):
            if chosen[i] == chosen[k]:
                continue
            chosen[i], chosen[k] = chosen[k], chosen[i]
            worth = _worth(chosen, batch, later, futures, rules)
            if worth > best + 1e-9:
                best = worth
            else:
                chosen[i], chosen[k] = chosen[k], chosen[i]
    return best


@numba.njit(cache=True)
def _search(chosen: Any, batch: Any, later: Any, futures: int, rules: Any) -> None:
    best = _worth(chosen, batch, later, futures, rules)
    for _ in range(SWEEPS):
        before = best
        best = _moved(chosen, best, batch, later, futures, rules)
        best = _exchanged(chosen, best, batch, later, futures, rules)
        if best <= before:
            break


def rehearsed(
    chosen: Ints, batch: Cases, later: Cases, futures: int, price: Floats, capacity: Floats,
    officer: Ints, load: Floats,
) -> Ints:  # fmt: skip
    """Return better choices (b,) for a batch: moved and exchanged while sampled futures gain.

    Parameters
    ----------
    chosen
        (b,) where to start from, -1 for unplaced.
    batch
        Cases of the batch; -inf forbids.
    later
        Cases of all futures, one future after the other, in their order of coming; -inf forbids.
    futures
        How many.
    price
        (m, d) prices at which those who come later choose.
    capacity
        (m, d) seats and other resources left.
    officer, load
        (m,) officer of each opportunity, and the cases each (officers,) can still take this week.

    References
    ----------
    Bertsekas, D. P., Tsitsiklis, J. N., Wu, C. (1997). Rollout algorithms for combinatorial
    optimization. Journal of Heuristics 3, 245-262.
    """
    found = np.array(chosen, dtype=np.int64)
    charge = np.ascontiguousarray((later.size * price).sum(axis=2))
    charge = np.ascontiguousarray(np.broadcast_to(charge, later.value.shape))
    _search(
        found, (np.ascontiguousarray(batch.value), np.ascontiguousarray(batch.size)),
        (np.ascontiguousarray(later.value), charge, np.ascontiguousarray(later.size)),
        futures, (np.ascontiguousarray(capacity), officer, load),
    )  # fmt: skip
    return found

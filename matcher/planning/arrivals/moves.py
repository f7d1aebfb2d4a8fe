"""A batch's placement moved about while that pays, against what the seats left are worth."""

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

OUT = -1
PAYS = 1e-9


@compiled
def improved(chosen: Ints, value: Floats, size: Ints, worth: Floats, left: Ints) -> Ints:
    """Return where (b,) a batch is placed once no single move and no exchange pays.

    Worth of the placed and of the seats that stay free, together. A move places a case elsewhere,
    or nowhere; in an exchange a case takes another's site, who goes to a third, to the first's
    or nowhere.

    Parameters
    ----------
    chosen
        (b,) where each is placed to begin with; -1 for nowhere.
    value
        (b, m) worth of each pair; nan forbids.
    size
        (b, m) whole seats that it takes.
    worth
        (m, seats + 1) what free seats are worth, by how many are left.
    left
        (m,) seats left before the batch.
    """
    chosen = chosen.copy()
    free = left.copy()
    for i in range(len(chosen)):
        if chosen[i] != OUT:
            free[chosen[i]] -= size[i, chosen[i]]
    while True:
        gain, i, j, other, onto = _best_move(chosen, value, size, worth, free)
        if gain <= PAYS:
            return chosen
        if other != OUT:
            _move(chosen, size, free, other, OUT)
        _move(chosen, size, free, i, j)
        if other != OUT:
            _move(chosen, size, free, other, onto)


@compiled
def in_turn(value: Floats, size: Ints, worth: Floats, left: Ints) -> Ints:
    """Return where (n,) cases are placed one by one, each where it gains most.

    Over what free seats are worth (n or more, m, seats + 1) by how many are still to come after it.
    """
    n, free = len(value), left.copy()
    chosen = np.full(n, OUT)
    for i in range(n):
        _, j = _best_place(value, size, worth[n - 1 - i], free, i, OUT)
        if j != OUT:
            _move(chosen, size, free, i, j)
    return chosen


@compiled
def _move(chosen: Ints, size: Ints, free: Ints, i: int, j: int) -> None:
    """Place case i at j (or nowhere), and count its seats."""
    if chosen[i] != OUT:
        free[chosen[i]] += size[i, chosen[i]]
    if j != OUT:
        free[j] -= size[i, j]
    chosen[i] = j


@compiled
def _enter(value: Floats, size: Ints, worth: Floats, free: Ints, i: int, j: int) -> float:
    """Return what is gained where case i takes free seats at j; -inf where it can't."""
    if not value[i, j] >= 0.0 or size[i, j] > free[j]:
        return -np.inf
    return float(value[i, j] + worth[j, free[j] - size[i, j]] - worth[j, free[j]])


@compiled
def _leave(chosen: Ints, value: Floats, size: Ints, worth: Floats, free: Ints, i: int) -> float:
    """Take case i from its site, and return what is gained by that."""
    j = chosen[i]
    if j == OUT:
        return 0.0
    free[j] += size[i, j]
    return float(worth[j, free[j]] - worth[j, free[j] - size[i, j]] - value[i, j])


@compiled
def _best_place(
    value: Floats, size: Ints, worth: Floats, free: Ints, i: int, but: int
) -> tuple[float, int]:
    """Return the most that case i gains at free seats but one site's, and where; 0 for nowhere."""
    best, where = 0.0, OUT
    for j in range(len(free)):
        if j != but:
            gain = _enter(value, size, worth, free, i, j)
            if gain > best:
                best, where = gain, j
    return best, where


@compiled
def _best_move(
    chosen: Ints, value: Floats, size: Ints, worth: Floats, free: Ints
) -> tuple[float, int, int, int, int]:
    """Return the best move: its gain, who goes where, whose site it was, and where she goes."""
    best = (0.0, OUT, OUT, OUT, OUT)
    for i in range(len(chosen)):
        at = chosen[i]
        left_by = _leave(chosen, value, size, worth, free, i)
        gain, onto = _best_place(value, size, worth, free, i, at)
        if left_by + gain > best[0]:
            best = (left_by + gain, i, onto, OUT, OUT)
        for other in range(len(chosen)):
            site = chosen[other]
            if other == i or site in (OUT, at) or not value[i, site] >= 0.0:
                continue
            made = _leave(chosen, value, size, worth, free, other)
            taken = _enter(value, size, worth, free, i, site)
            if taken > -np.inf:
                free[site] -= size[i, site]
                gain, onto = _best_place(value, size, worth, free, other, site)
                free[site] += size[i, site]
                if left_by + made + taken + gain > best[0]:
                    best = (left_by + made + taken + gain, i, site, other, onto)
            free[site] -= size[other, site]
        if at != OUT:
            free[at] -= size[i, at]
    return best

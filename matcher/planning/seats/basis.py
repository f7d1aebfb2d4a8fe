"""A basis of the seat problem: a tree over opportunities, and the moves from one to the next.

A full opportunity hangs, by one of those who hold its seats, below the opportunity that would be
hers otherwise: its price is what she gains here more than there. One with free seats hangs at the
root and has no price. Whoever has no seat is at the root too.

References
----------
Barr, R. S., Glover, F., Klingman, D. (1977). The alternating basis algorithm for assignment
problems. Mathematical Programming 13, 1-13.
"""

from typing import Final, NamedTuple

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

OUT: Final = -1
NOBODY: Final = -1


class Basis(NamedTuple):
    """Who sits where, at what prices, and the tree that says so.

    Parameters
    ----------
    value
        (n, m) value of pairs; nan forbids.
    stay
        (n,) value of having no seat.
    seats, held
        (m,) seats, and how many of them are taken.
    sits
        (n,) opportunity of each client, or OUT.
    price
        (m,) price of a seat.
    marginal
        (m,) the client by whom a full opportunity hangs in the tree; NOBODY where seats are free.
    above
        (m,) the opportunity it hangs below; m is the root.
    below, after, before
        (m + 1,) the first that hangs below; the next and the one before beside it; -1 for none.
        What hangs at the root is not listed.
    path
        (m,) working space.
    """

    value: Floats
    stay: Floats
    seats: Ints
    held: Ints
    sits: Ints
    price: Floats
    marginal: Ints
    above: Ints
    below: Ints
    after: Ints
    before: Ints
    path: Ints


def empty_basis(value: Floats, stay: Floats, seats: Ints) -> Basis:
    """Return the basis where nobody has a seat."""
    n, m = value.shape
    return Basis(
        value=value, stay=stay, seats=seats, held=np.zeros(m, np.int64), sits=np.full(n, OUT),
        price=np.zeros(m), marginal=np.full(m, NOBODY), above=np.full(m, m),
        below=np.full(m + 1, -1), after=np.full(m + 1, -1), before=np.full(m + 1, -1),
        path=np.zeros(m + 1, np.int64),
    )  # fmt: skip


@compiled
def _unhang(basis: Basis, j: int) -> None:
    """Take an opportunity off what it hangs below."""
    if basis.above[j] == basis.seats.shape[0]:
        return
    after, before = basis.after[j], basis.before[j]
    if after >= 0:
        basis.before[after] = before
    if before >= 0:
        basis.after[before] = after
    else:
        basis.below[basis.above[j]] = after


@compiled
def _hang(basis: Basis, j: int, client: int, above: int) -> None:
    """Hang an opportunity by a client below another."""
    basis.marginal[j], basis.above[j] = client, above
    if above == basis.seats.shape[0]:
        return
    first = basis.below[above]
    basis.after[j], basis.before[j], basis.below[above] = first, -1, j
    if first >= 0:
        basis.before[first] = j


@compiled
def _shift_prices(basis: Basis, top: int, change: float) -> None:
    """Add to the price of an opportunity and of all below it."""
    j = top
    while True:
        basis.price[j] += change
        if basis.below[j] >= 0:
            j = basis.below[j]
            continue
        while j != top and basis.after[j] < 0:
            j = basis.above[j]
        if j == top:
            return
        j = basis.after[j]


@compiled
def _climb(basis: Basis, k: int, stop: int) -> tuple[int, bool]:
    """Write the path from an opportunity up to where seats are free, or to ``stop``, both excluded.

    Return its length, and whether it ended at ``stop``.
    """
    root, length = basis.seats.shape[0], 0
    while k != root and k != stop and basis.marginal[k] != NOBODY:
        basis.path[length] = k
        length += 1
        k = basis.above[k]
    basis.path[length] = k
    return length, k == stop


@compiled
def _turn(basis: Basis, length: int, client: int, above: int, gain: float) -> None:
    """Let all on the path move up, a client come to its start, and the tree hang by her."""
    for at in range(length):
        _unhang(basis, basis.path[at])
    for at in range(length):
        j = basis.path[at]
        leaves = basis.marginal[j]
        _hang(basis, j, client, above)
        if client != NOBODY:
            basis.sits[client] = j
        client, above = leaves, j
    if client != NOBODY:
        last = basis.path[length]
        basis.sits[client] = last if last < basis.seats.shape[0] else OUT
    if length:
        _shift_prices(basis, basis.path[0], gain)


@compiled
def enter(basis: Basis, i: int, k: int, gain: float) -> None:
    """Bring into the basis that a client sits at an opportunity (m: nowhere), where she gains more.

    ``i`` NOBODY frees a seat whose price is under zero. The tree stays strongly feasible: every
    opportunity could give up a seat to the root, so that no sequence of moves returns to its start.
    """
    root = basis.seats.shape[0]
    j = root if i == NOBODY or basis.sits[i] == OUT else basis.sits[i]
    full = j != root and basis.marginal[j] != NOBODY
    length, meets = _climb(basis, k, j if j != root else -1)
    if full and not meets:
        _unhang(basis, j)
        _hang(basis, j, i, k)
        _shift_prices(basis, j, -gain)
        return
    if meets:
        if basis.marginal[j] == i and full:
            length += 1
            basis.path[length] = basis.path[0]  # she leaves the last of them, for the first
            _turn(basis, length, i, int(basis.above[j]), gain)
            return
        _turn(basis, length, i, j, gain)
        return
    last = basis.path[length]
    if j != root:
        basis.held[j] -= 1
    if i == NOBODY:
        basis.held[k] -= 1
    if last != root:
        basis.held[last] += 1
        if basis.held[last] == basis.seats[last]:
            length += 1
            basis.path[length] = root
    _turn(basis, length, i, j, gain)

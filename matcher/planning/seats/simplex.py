"""Which pair enters the basis next: from a short list of each client, then over all pairs."""

from typing import Final

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.basis import NOBODY, OUT, Basis, enter
from matcher.planning.seats.compiled import compiled

BLOCK: Final = 16
"""Clients of whose listed pairs the one that gains most enters: fewer, better pivots."""


@compiled
def gain_of(basis: Basis, i: int) -> float:
    """Return what a client gains over prices where she sits."""
    j = basis.sits[i]
    return float(basis.stay[i] if j == OUT else basis.value[i, j] - basis.price[j])


@compiled
def _enter_best(basis: Basis, i: int, best: float, k: int, tolerance: float) -> int:
    """Seat a client where she gains most, or nowhere; return 1 where that is a gain."""
    if basis.stay[i] > best:
        best, k = basis.stay[i], basis.seats.shape[0]
    more = best - gain_of(basis, i)
    if not more > tolerance:
        return 0
    enter(basis, i, k, more)
    return 1


@compiled
def _free_priced(basis: Basis, tolerance: float) -> int:
    """Free a seat wherever its price is under zero; return how often."""
    found = 0
    for j in range(basis.price.shape[0]):
        if basis.price[j] < -tolerance:
            enter(basis, NOBODY, j, -basis.price[j])
            basis.price[j] = 0.0
            found += 1
    return found


@compiled
def _list_best(basis: Basis, row: Floats, listed: Ints, gains: Floats) -> int:
    """Write the opportunities that gain most in a row, dearest first, and what; return how many."""
    held, least, most = 0, -np.inf, gains.shape[0]
    for j in range(row.shape[0]):
        gain = row[j] - basis.price[j]
        if not gain > least or basis.seats[j] == 0:
            continue
        at = min(held, most - 1)
        held = at + 1
        while at > 0 and gains[at - 1] < gain:
            gains[at], listed[at] = gains[at - 1], listed[at - 1]
            at -= 1
        gains[at], listed[at] = gain, j
        if held == most:
            least = gains[most - 1]
    return held


@compiled
def look_at_all(basis: Basis, near: Ints, worth: Floats, tolerance: float) -> int:
    """Enter the best pair of each row, and list its best; return how many entered.

    ``near`` and ``worth`` (n, k) take the opportunities listed and their values; -1 for none.

    Where nothing entered, the basis is optimal over all pairs, up to the tolerance.
    """
    gains, found = np.empty(near.shape[1]), 0
    for i in range(basis.value.shape[0]):
        row, listed = basis.value[i], near[i]
        held = _list_best(basis, row, listed, gains)
        listed[held:] = OUT
        for at in range(held):
            worth[i, at] = row[listed[at]]
        most, to = (gains[0], listed[0]) if held else (-np.inf, OUT)
        found += _enter_best(basis, i, most, to, tolerance)
    return found + _free_priced(basis, tolerance)


@compiled
def _look_at_listed(basis: Basis, near: Ints, worth: Floats, tolerance: float) -> int:
    """Enter the best listed pair of each block of rows; return how many entered.

    All in one loop: to hand the basis to a function, once a row, would take longer than the row.
    """
    found, n, root = 0, near.shape[0], basis.seats.shape[0]
    for first in range(0, n, BLOCK):
        most, who, to = tolerance, NOBODY, root
        for i in range(first, min(first + BLOCK, n)):
            best, k = basis.stay[i], root
            for at in range(near.shape[1]):
                j = near[i, at]
                if j < 0:
                    break
                gain = worth[i, at] - basis.price[j]
                if gain > best:
                    best, k = gain, j
            more = best - gain_of(basis, i)
            if more > most:
                most, who, to = more, i, k
        if who != NOBODY:
            enter(basis, who, to, most)
            found += 1
    return found + _free_priced(basis, tolerance)


@compiled
def look_at_listed(basis: Basis, near: Ints, worth: Floats, tolerance: float, passes: int) -> bool:
    """Pass over the lists until nothing enters; return whether so many passes were enough."""
    left = passes
    while left > 0 and _look_at_listed(basis, near, worth, tolerance):
        left -= 1
    return left > 0


@compiled
def settle_prices(basis: Basis) -> None:
    """Work out all prices anew from the tree, so that no rounding adds up."""
    root = basis.seats.shape[0]
    done = np.zeros(root, dtype=np.bool_)
    for first in range(root):
        length, j = 0, first
        while j != root and not done[j]:
            done[j] = True
            basis.path[length] = j
            length, j = length + 1, basis.above[j]
        for at in range(length - 1, -1, -1):
            _settle(basis, basis.path[at])


@compiled
def _settle(basis: Basis, j: int) -> None:
    """Price an opportunity by who hangs it below another, already priced."""
    i, above = basis.marginal[j], basis.above[j]
    if i == NOBODY:
        basis.price[j] = 0.0
    elif above == basis.seats.shape[0]:
        basis.price[j] = basis.value[i, j] - basis.stay[i]
    else:
        basis.price[j] = basis.value[i, j] - (basis.value[i, above] - basis.price[above])


@compiled
def price_closed(basis: Basis) -> None:
    """Price opportunities without a seat at what one would add."""
    for j in range(basis.seats.shape[0]):
        if basis.seats[j] == 0:
            for i in range(basis.value.shape[0]):
                over = basis.value[i, j] - gain_of(basis, i)
                if over > basis.price[j]:
                    basis.price[j] = over

"""The exact optimum of seats alone, and the prices that prove it."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.basis import Basis, empty_basis
from matcher.planning.seats.simplex import (
    look_at_all,
    look_at_listed,
    price_closed,
    settle_prices,
)

NEAR = 8
"""Opportunities listed for each client between two looks at everything."""

PASSES = 32
"""Passes over the lists between two looks at the clock."""

EXACT = 1e-12
"""What a client may gain elsewhere in an optimal plan, as a share of the greatest value."""

ROUNDING = 1e-14
"""The same as a share of what being placed is worth to who must be: prices may be as large."""

SETTLED = 4
"""Times that prices may be worked out anew before what still enters counts as rounding."""


@dataclass(frozen=True, eq=False)
class Seating:
    """Who sits where.

    Parameters
    ----------
    pool
        (n,) where each client sits, -1 for nowhere.
    price
        (m,) price of a seat.
    exact
        Whether no pair would gain over these prices; else time ran out.
    basis
        Where another solve may start from.
    """

    pool: Ints
    price: Floats
    exact: bool
    basis: Basis


def solve_seats(
    value: Floats, capacity: Floats, must: NDArray[np.bool_], *, seconds: float = np.inf,
    start: Basis | None = None,
) -> Seating:  # fmt: skip
    """Return the best assignment and the prices that prove it, over all pairs.

    Parameters
    ----------
    value
        (n, m) value of pairs; nan forbids.
    capacity
        (m,) whole seats.
    must
        (n,) who has to be placed. Who can't be is left out: then nobody can place them all.
    seconds
        Time there is.
    start
        The basis of another solve with the same seats, where nothing was admissible that is not
        now; it is used up.
    """
    until = time.perf_counter() + seconds
    n, m = value.shape
    greatest = np.fmax.reduce(value, axis=None, initial=0.0)
    scale = float(max(greatest, -np.fmin.reduce(value, axis=None, initial=0.0))) or 1.0
    placed = 2.0 * (n + 1) * scale
    stay = np.where(must, -placed, 0.0)
    tolerance = max(EXACT * scale, ROUNDING * placed * bool(must.any()))
    if start is None:
        seats = np.minimum(capacity, n + 1).astype(np.int64)
        basis = empty_basis(np.ascontiguousarray(value), stay, seats)
    else:
        basis = start._replace(value=np.ascontiguousarray(value), stay=stay)
        settle_prices(basis)
    exact = _optimise(basis, tolerance, until) if n and m else True
    price_closed(basis)
    return Seating(basis.sits.copy(), np.maximum(basis.price, 0.0), exact, basis)


def _optimise(basis: Basis, tolerance: float, until: float) -> bool:
    """Bring a basis to its optimum; return whether time was enough."""
    n, m = basis.value.shape
    near, worth, settled = np.full((n, min(NEAR, m)), -1), np.zeros((n, min(NEAR, m))), 0
    while time.perf_counter() < until:
        if not look_at_all(basis, near, worth, tolerance):
            settle_prices(basis)
            settled += 1
            if not look_at_all(basis, near, worth, tolerance) or settled == SETTLED:
                return True
        while not look_at_listed(basis, near, worth, tolerance, PASSES):
            if time.perf_counter() > until:
                return False
    return False

"""The exact optimum of seats alone, by the method that an instance's shape asks for."""

import numpy as np
from numpy.typing import NDArray

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats import market as kernels
from matcher.planning.seats.auction import auction
from matcher.planning.seats.filling import fill_all, hall
from matcher.planning.seats.heap import Search, search_space
from matcher.planning.seats.paths import fill_priced, place_waiting
from matcher.planning.seats.rows import transposed

NEAR = 24
"""Opportunities kept at hand for each client; the others are looked at where it may matter."""

BIDS_A_CLIENT = 20
"""What one auction may take before shortest paths take over: they know no price wars."""

STEPS = (0.05, 0.01, 2e-3, 4e-4, 8e-5)
"""The raises of one auction after another, as shares of the greatest value."""

FINE_STEPS = (1.6e-5, 3e-6, 6e-7, 1e-7)
"""Those that follow while more than a quarter would gain more elsewhere."""

EXACT = 1e-12
"""What a client may gain elsewhere in an optimal plan, as a share of the greatest value."""

NEAR_ROUNDS = 2
"""Rounds in which free seats look for those near alone; later ones look at everybody, and end."""

LOOKS_A_SEAT = 10
"""Looks over everybody that filling a seat may take on average before an auction takes over."""

TIED = 0.5
"""Share of distinct values in a row under which values count as tied."""

ROWS_SAMPLED = 16


def solve_seats(value: Floats, capacity: Floats, must: NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """Return the best assignment (n,), -1 for none, and the prices (m,) that prove it.

    Where seats are fewer than clients, or values are tied, seats look for clients: there an
    auction's prices creep. Elsewhere clients bid for seats. Either is exact over all pairs.

    Parameters
    ----------
    value
        (n, m) value of pairs; nan forbids.
    capacity
        (m,) whole seats.
    must
        (n,) who has to be placed. Who can't be is left out: then nobody can place them all.
    """
    n, m = value.shape
    if not n or not m or np.isnan(value).all():
        return np.full(n, kernels.OUT), np.zeros(m)
    scale = float(max(np.nanmax(value), -np.nanmin(value))) or 1.0
    stay = np.where(must, -2.0 * (n + 1) * scale, 0.0)
    seats = np.minimum(capacity, n + 1).astype(np.int64)
    if seats.sum() < n or _tied(value):
        filled = hall(transposed(value), seats, stay)
        if fill_all(filled, LOOKS_A_SEAT * int(seats.sum()) + m):
            return filled.sits, filled.price
    market = _market(value, stay, seats)
    _auctions(market, scale)
    _repair(market, EXACT * scale)
    return market.sits, market.price


def _tied(value: Floats) -> bool:
    """Return whether many values of a row are the same."""
    rows = value[:: max(1, len(value) // ROWS_SAMPLED)]
    distinct = sum(len(np.unique(row[~np.isnan(row)])) for row in rows)
    return bool(distinct < TIED * np.count_nonzero(~np.isnan(rows)))


def _auctions(market: kernels.Market, scale: float) -> None:
    """Bring prices near their optimum."""
    n, last = len(market.sits), 0.0
    for step in STEPS + FINE_STEPS:
        if last:
            if step in FINE_STEPS and kernels.discontent(market, EXACT * scale) <= n // 4:
                return
            kernels.wait_anew(market, 2 * last * scale)
        kernels.read_rows(market)
        bids = auction(market, step * scale, BIDS_A_CLIENT * n)
        if not last and bids <= n:  # nobody was outbid: there is nothing to price
            market.price[:] = 0.0
            return
        last = step


def _repair(market: kernels.Market, tolerance: float) -> None:
    """Bring seats and prices to the exact optimum."""
    search: Search = search_space(*market.value.shape)
    kernels.read_rows(market)
    rounds = 0
    while kernels.release(market, tolerance) or rounds == 0:
        place_waiting(market, search)
        starts, clients = kernels.near_clients(market)
        if rounds >= NEAR_ROUNDS:
            clients = clients[:0]
        fill_priced(market, search, starts, clients, tolerance)
        kernels.read_rows(market)
        rounds += 1


def _market(value: Floats, stay: Floats, seats: Ints) -> kernels.Market:
    """Return a market where everybody waits and nothing has a price."""
    n, m = value.shape
    start = np.concatenate([[0], np.cumsum(seats)])
    near = min(NEAR, m)
    return kernels.Market(
        value=value, stay=stay, seats=seats, price=np.zeros(m), start=start,
        holder=np.zeros(start[-1], np.int64), bid=np.zeros(start[-1]), held=np.zeros(m, np.int64),
        sits=np.full(n, kernels.WAITING), slot=np.zeros(n, np.int64),
        near=np.full((n, near), -1), near_value=np.zeros((n, near)), beyond=np.full(n, -np.inf),
    )  # fmt: skip

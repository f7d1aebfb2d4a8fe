"""Clients who take unlike amounts of seats exchange places, until all fit and little is lost.

What is over a capacity costs a price; prices rise where too much is taken and fall while all fits.
"""

from typing import NamedTuple

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

SLACK = 1e-9
LEAST = 1e-9
RISE, FALL = 0.15, 0.98
"""By what share the price of too much rises at most in a round, and falls where all fits."""


class Crowd(NamedTuple):
    """Who is where, and what it costs.

    Parameters
    ----------
    cost
        (n, pools) of pairs; inf forbids.
    size
        (n, pools, d) what pairs take.
    capacity, load, price
        (pools, d) what there is, what is taken, and what a unit too much costs.
    at
        (n,) pool of each client.
    """

    cost: Floats
    size: Floats
    capacity: Floats
    load: Floats
    price: Floats
    at: Ints


@compiled
def _fine(crowd: Crowd, p: int, k: int, more: float) -> float:
    """Return what more of a resource of a pool costs, by what is over its capacity."""
    over = crowd.load[p, k] - crowd.capacity[p, k]
    return float(crowd.price[p, k] * (max(0.0, over + more) - max(0.0, over)))


@compiled
def _move(crowd: Crowd, i: int, q: int) -> None:
    p = crowd.at[i]
    for k in range(crowd.load.shape[1]):
        crowd.load[p, k] -= crowd.size[i, p, k]
        crowd.load[q, k] += crowd.size[i, q, k]
    crowd.at[i] = q


@compiled
def _shift(crowd: Crowd, i: int) -> bool:
    """Move a client to the pool where most is saved; return whether anything is."""
    p, d = crowd.at[i], crowd.load.shape[1]
    leaves = -crowd.cost[i, p]
    for k in range(d):
        leaves += _fine(crowd, p, k, -crowd.size[i, p, k])
    best, to = -LEAST, p
    for q in range(crowd.cost.shape[1]):
        if q == p or crowd.cost[i, q] == np.inf:
            continue
        change = leaves + crowd.cost[i, q]
        for k in range(d):
            change += _fine(crowd, q, k, crowd.size[i, q, k])
        if change < best:
            best, to = change, q
    if to == p:
        return False
    _move(crowd, i, to)
    return True


@compiled
def _swap(crowd: Crowd, i: int) -> bool:
    """Let a client change places with the first other by whom something is saved."""
    d = crowd.load.shape[1]
    for h in range(crowd.at.shape[0]):
        p, q = crowd.at[i], crowd.at[h]
        change = crowd.cost[i, q] + crowd.cost[h, p] - crowd.cost[i, p] - crowd.cost[h, q]
        if p == q or not change < np.inf:
            continue
        for k in range(d):
            change += _fine(crowd, p, k, crowd.size[h, p, k] - crowd.size[i, p, k])
            change += _fine(crowd, q, k, crowd.size[i, q, k] - crowd.size[h, q, k])
        if change < -LEAST:
            _move(crowd, i, q)
            _move(crowd, h, p)
            return True
    return False


@compiled
def _reprice(crowd: Crowd) -> bool:
    """Raise the prices of what is over, or lower all; return whether everything fits."""
    most = 0.0
    for p in range(crowd.load.shape[0]):
        for k in range(crowd.load.shape[1]):
            over = crowd.load[p, k] - crowd.capacity[p, k]
            most = max(most, over / max(crowd.capacity[p, k], LEAST) if over > SLACK else 0.0)
    for p in range(crowd.load.shape[0]):
        for k in range(crowd.load.shape[1]):
            over = crowd.load[p, k] - crowd.capacity[p, k]
            if most == 0.0:
                crowd.price[p, k] *= FALL
            elif over > SLACK:
                share = over / max(crowd.capacity[p, k], LEAST) / most
                crowd.price[p, k] *= 1.0 + RISE * share
    return most == 0.0


@compiled
def exchange(crowd: Crowd, order: Ints, kept: Ints, least: float) -> float:
    """Exchange until nothing is saved, clients in an order (n,); then price anew.

    ``kept`` (n,) takes the places where everything fits at less than ``least``. Return that cost.
    """
    moved = True
    while moved:
        moved = False
        for i in order:
            if _shift(crowd, i) or _swap(crowd, i):
                moved = True
    if _reprice(crowd):
        total = 0.0
        for i in range(crowd.at.shape[0]):
            total += crowd.cost[i, crowd.at[i]]
        if total < least - LEAST:
            kept[:] = crowd.at
            return total
    return least

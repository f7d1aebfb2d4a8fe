"""A good plan where clients take unlike amounts: by exchanges between places, from prices."""

import time

import numpy as np

from matcher.planning.bounds import reduced
from matcher.planning.columns import Ints
from matcher.planning.problem import Problem
from matcher.planning.program import Prices
from matcher.planning.seats.exchange import Crowd, exchange

ROUNDS = 4000
QUIET = 600
"""Rounds in a row that may bring nothing better."""

FEW_PAIRS = 1_000
"""Up to so many, the search for whole numbers needs no help."""


def applies(problem: Problem) -> bool:
    """Return whether sizes are all that is unlike seats alone, and pairs are many."""
    only_sizes = not (problem.unit_sizes or problem.families or len(problem.budget))
    return only_sizes and int((~np.isnan(problem.value)).sum()) > FEW_PAIRS


def exchanged(problem: Problem, prices: Prices, *, seconds: float, seed: int) -> Ints | None:
    """Return the best plan (n,) found in some seconds; None where not everybody fits.

    References
    ----------
    Yagiura, M., Ibaraki, T., Glover, F. (2006). A path relinking approach with ejection chains for
    the generalized assignment problem. European Journal of Operational Research 169, 548-569. Of
    it, prices that adapt to what is over, and exchanges of two.
    """
    until = time.perf_counter() + seconds
    dice = np.random.default_rng(seed)
    crowd = _crowd(problem, prices)
    kept, least, quiet = np.zeros(problem.clients, np.int64), np.inf, 0
    for _ in range(ROUNDS):
        cost = exchange(crowd, dice.permutation(problem.clients), kept, least)
        quiet = 0 if cost < least else quiet + 1
        least = cost
        if quiet > QUIET or time.perf_counter() > until:
            break
    return None if np.isinf(least) else np.where(kept == problem.pools, -1, kept)


def _crowd(problem: Problem, prices: Prices) -> Crowd:
    """Return everybody at their best pool over prices; the last pool is to be left out."""
    n, pools, d = problem.size.shape
    out = np.where(problem.must, np.inf, 0.0)[:, None]
    cost = np.hstack([np.nan_to_num(-problem.value, nan=np.inf), out])
    size = np.concatenate([problem.size, np.zeros((n, 1, d))], axis=1)
    gain = np.hstack([reduced(problem, prices, slice(0, n)), -out])
    at = gain.argmax(axis=1)
    load = np.zeros((pools + 1, d))
    np.add.at(load, at, size[np.arange(n), at])
    worth = float(np.nanmax(np.abs(problem.value))) / max(float(problem.size.mean()), 1e-9)
    price = np.vstack([prices.seat, np.zeros((1, d))]) + 0.01 * worth
    room = np.vstack([problem.capacity, np.full((1, d), 1e300)])
    return Crowd(cost, size, room, load, price, at)

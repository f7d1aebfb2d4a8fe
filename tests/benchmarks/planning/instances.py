"""Instances of the planning benchmarks, drawn from a seed."""

from collections.abc import Callable

import numpy as np

Values = Callable[[np.random.Generator, int, int], np.ndarray]

KINDS: dict[str, Values] = {
    "uniform": lambda dice, n, m: dice.random((n, m)),
    "price war": lambda dice, n, m: dice.random(m) + 1e-3 * dice.random((n, m)),
    "ties": lambda dice, n, m: dice.integers(0, 10, (n, m)).astype(float),
    "gated": lambda dice, n, m: np.where(
        dice.random((n, m)) < 0.92, np.nan, dice.random((n, m))
    ),
    "product": lambda dice, n, m: dice.random((n, 1)) * dice.random((1, m)),
    "low rank": lambda dice, n, m: dice.random((n, 5)) @ dice.random((5, m)),
    "whole numbers": lambda dice, n, m: dice.integers(0, 10**6, (n, m)) / 10**6,
    "negative": lambda dice, n, m: dice.normal(-0.5, 0.5, (n, m)),
    "equal rows": lambda dice, n, m: np.tile(dice.random(m), (n, 1)),
}  # fmt: skip


def seats_alone(kind, n, m, seats, seed):
    """Draw values (n, m) and capacity (m,)."""
    dice = np.random.default_rng(seed)
    capacity = dice.multinomial(seats, np.full(m, 1 / m))
    return KINDS[kind](dice, n, m), capacity


def with_money(n, m, seats, seed):
    """Draw values, capacity and cost (n, m) in USD."""
    value, capacity = seats_alone("uniform", n, m, seats, seed)
    return value, capacity, np.random.default_rng(seed + 1).uniform(50, 450, (n, m))


def families(n, seed):
    """Draw families of two to four out of n clients; about a third of all are in one."""
    dice = np.random.default_rng(seed)
    order, found, at = dice.permutation(n), [], 0
    while at < n // 3:
        size = int(dice.integers(2, 5))
        found.append(tuple(order[at : at + size].tolist()))
        at += size
    return found


def generalised(kind, m, n, seed):
    """Draw a generalised assignment problem of type C, D or E: cost and sizes (n, m), capacity.

    References
    ----------
    Chu, P. C., Beasley, J. E. (1997). A genetic algorithm for the generalised assignment problem.
    Computers & Operations Research 24, 17-23. Types D and E: Laguna, M., Kelly, J. P.,
    González-Velarde, J. L., Glover, F. (1995).
    """
    dice = np.random.default_rng(seed)
    if kind == "C":
        size, cost = dice.integers(5, 26, (n, m)), dice.integers(10, 51, (n, m))
    elif kind == "D":
        size = dice.integers(1, 101, (n, m))
        cost = 111 - size + dice.integers(-10, 11, (n, m))
    else:
        size = 1 - 10 * np.log(1 - dice.random((n, m)))
        cost = 1000 / size - 10 * dice.random((n, m))
    return cost.astype(float), size.astype(float), 0.8 * size.sum(axis=0) / m

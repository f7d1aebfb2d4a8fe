"""What no plan exceeds, from prices alone: the Lagrangian bound over all pairs."""

from dataclasses import dataclass

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.families import family_places
from matcher.planning.problem import Problem
from matcher.planning.program import Prices
from matcher.planning.seats import best_of_rows

ROWS_A_BLOCK = 4_000_000


@dataclass(frozen=True, eq=False)
class Bound:
    """A bound and what it is made of.

    Parameters
    ----------
    total
        The bound.
    gain
        (n,) what a client gains over the prices at her best pool, if she may choose freely.
    best
        (n,) that pool; -1 where she has none.
    """

    total: float
    gain: Floats
    best: Ints


def reduced(problem: Problem, prices: Prices, rows: slice | Ints) -> Floats:
    """Return what pairs (rows, pools) add over the prices of what they take; -inf forbidden."""
    value = problem.value[rows]
    factor = 1.0 + prices.floor[problem.group[rows]] if len(prices.floor) else np.ones(len(value))
    gain = value * factor[:, None]
    if problem.unit_sizes:
        gain -= prices.seat[:, 0]
    else:
        gain -= np.einsum("npd,pd->np", problem.size[rows], prices.seat)
    if problem.funds:
        gain -= problem.cost[rows] * prices.fund[problem.fund]
    if problem.load is not None:
        gain -= problem.load.price(prices.fund[problem.funds :], rows)
    np.copyto(gain, -np.inf, where=np.isnan(value))
    return gain


def blocks(problem: Problem) -> list[slice]:
    """Return slices of rows that fit the caches and the memory."""
    step = max(1, ROWS_A_BLOCK // max(1, problem.pools))
    return [slice(first, first + step) for first in range(0, problem.clients, step)]


def lagrangian(problem: Problem, floor: Floats, prices: Prices) -> Bound:
    """Return the bound that prices prove over all pairs.

    A family takes a place where all its members can have seats at once, or nothing: the bound does
    not let it be placed in part, or in more seats than there are.

    References
    ----------
    Geoffrion, A. M. (1974). Lagrangean relaxation for integer programming. Mathematical
    Programming Study 2, 82-114.
    """
    n = problem.clients
    gain, best = np.full(n, -np.inf), np.full(n, -1)
    if problem.unit_sizes and not len(problem.budget) and not prices.floor.any():
        best_of_rows(problem.value, prices.seat[:, 0], gain, best)
    elif problem.pools:
        for rows in blocks(problem):
            found = reduced(problem, prices, rows)
            best[rows] = found.argmax(axis=1)
            gain[rows] = np.take_along_axis(found, best[rows, None], axis=1)[:, 0]
    best[np.isneginf(gain)] = -1
    units = gain.copy()
    for family in problem.families:
        units[list(family)] = 0.0
        units[family[0]] = family_gain(problem, prices, family)[0]
    units = np.where(problem.must, units, np.maximum(units, 0.0))
    asked = np.nan_to_num(floor * np.bincount(problem.group, minlength=len(floor)))
    total = units.sum() + (problem.capacity * prices.seat).sum() + problem.budget @ prices.fund
    return Bound(float(total - asked @ prices.floor), gain, best)


def family_gain(problem: Problem, prices: Prices, family: tuple[int, ...]) -> tuple[float, Ints]:
    """Return what a family gains at its best place, and its members' pools there."""
    found = family_options(problem, prices, family, 1)
    return found[0] if found else (-np.inf, np.full(len(family), -1))


def family_options(
    problem: Problem, prices: Prices, family: tuple[int, ...], most: int
) -> list[tuple[float, Ints]]:
    """Return what a family gains at its best places, best first, and its members' pools there."""
    return family_places(problem, reduced(problem, prices, np.array(family)), family, most)

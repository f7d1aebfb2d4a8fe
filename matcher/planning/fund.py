"""Seats and one fund: the price of money by cutting planes, then whole numbers on what they chose.

At any price of money the rest is seats alone, which are solved exactly; so every price proves a
bound over all pairs.
"""

import time
from dataclasses import dataclass

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.outcome import Found, as_pools, relative_gap, total_value
from matcher.planning.problem import Problem
from matcher.planning.program import Prices, Program
from matcher.planning.seats import Basis, solve_seats

CUTS = 25
KEPT = 4
"""Plans at prices nearest to the best one, of which whole numbers are combined."""

SECONDS = 1.5
"""What that search may take at most."""


@dataclass(frozen=True, eq=False)
class _Cut:
    """The best plan at a price of money."""

    pool: Ints
    prices: Prices
    value: float
    spent: float
    basis: Basis | None = None

    def bound(self, budget: float) -> float:
        """Return what no plan within a budget exceeds, by this price."""
        return self.value + float(self.prices.fund[0]) * (budget - self.spent)


def applies(problem: Problem, floor: Floats) -> bool:
    """Return whether seats and one fund are all that binds."""
    plain = problem.unit_sizes and not problem.families and np.isnan(floor).all()
    return bool(plain and problem.load is None and problem.funds == 1 and not problem.must.any())


def solve_fund(problem: Problem, *, seconds: float, gap: float, seed: int) -> Found:
    """Return a plan within the fund and its bound, as near as the price of money brings them.

    References
    ----------
    Kelley, J. E. (1960). The cutting-plane method for solving convex programs. Journal of the
    Society for Industrial and Applied Mathematics 8, 703-712.
    """
    until = time.perf_counter() + seconds
    budget = float(problem.budget[0])
    dear = _at(problem, 0.0)
    if dear.spent <= budget:
        return Found(dear.pool, dear.prices, np.inf)
    cheap = _Cut(np.full(problem.clients, -1), _prices(problem, np.zeros(problem.pools), 0.0), 0, 0)
    cuts, proven = [dear], dear
    while len(cuts) < CUTS and time.perf_counter() < until:
        money = (dear.value - cheap.value) / (dear.spent - cheap.spent)
        cut = _at(problem, money, cuts[-1].basis)
        cuts.append(cut)
        proven = min(proven, cut, key=lambda c: c.bound(budget))
        known = dear.value - money * dear.spent
        if cut.spent <= budget:
            cheap = max(cheap, cut, key=lambda c: c.value)
        else:
            dear = cut
        near = relative_gap(cheap.value, proven.bound(budget)) <= gap
        if near or cut.value - money * cut.spent <= known + 1e-9 * abs(known):
            break
    pool, bound = cheap.pool, proven.bound(budget)
    if relative_gap(cheap.value, bound) > gap:
        left = min(SECONDS, until - time.perf_counter())
        pool = _combined(problem, pool, [cheap, dear, *cuts[-KEPT:]], left, gap, seed)
    return Found(pool, proven.prices, bound)


def _prices(problem: Problem, seat: Floats, money: float) -> Prices:
    return Prices(seat[:, None], np.array([money]), np.zeros(len(problem.labels)))


def _at(problem: Problem, money: float, start: Basis | None = None) -> _Cut:
    """Return the best plan at a price of money, from the basis of that at another."""
    value = problem.value - money * problem.cost
    seating = solve_seats(value, problem.capacity[:, 0], problem.must, start=start)
    pool = seating.pool
    placed = np.flatnonzero(pool >= 0)
    spent = float(problem.cost[placed, pool[placed]].sum())
    worth = total_value(problem, pool)
    return _Cut(pool, _prices(problem, seating.price, money), worth, spent, seating.basis)


def _combined(
    problem: Problem, pool: Ints, cuts: list[_Cut], seconds: float, gap: float, seed: int
) -> Ints:
    """Return the best plan made of the pairs of some plans, at least as good as the one given."""
    pairs = np.unique(
        np.concatenate(
            [np.stack([np.flatnonzero(c.pool >= 0), c.pool[c.pool >= 0]], axis=1) for c in cuts]
        ),
        axis=0,
    )
    program = Program(problem, np.full(len(problem.labels), np.nan), 0.0)
    program.add(pairs[:, 0], pairs[:, 1])
    start = pool[pairs[:, 0]] == pairs[:, 1]
    answer = program.whole(max(0.05, seconds), gap / 2, seed, start)
    if answer.chosen is None:
        return pool
    return max((as_pools(program, answer.chosen), pool), key=lambda p: total_value(problem, p))

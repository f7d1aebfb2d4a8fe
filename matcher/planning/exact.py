"""The planning problem solved by HiGHS on all pairs: slow and plain, for small problems."""

import numpy as np

from matcher.planning.bounds import lagrangian
from matcher.planning.columns import Floats, Ints
from matcher.planning.outcome import Found
from matcher.planning.problem import Problem
from matcher.planning.program import Program


def floor_weight(problem: Problem) -> float:
    """Return the price of missing a floor: a hundred for each unit of value missed."""
    return 100.0


def as_pools(problem: Problem, program: Program, chosen: Floats) -> Ints:
    """Return the pool (n,) of every client from a whole solution."""
    pool = np.full(problem.clients, -1)
    taken = chosen > 0.5
    pool[program.client[taken]] = program.pool[taken]
    return pool


def solve_all_pairs(
    problem: Problem, floor: Floats, *, seconds: float, gap: float, seed: int
) -> Found:
    """Return the best plan, looking at every pair at once."""
    program = Program(problem, floor, floor_weight(problem))
    client, pool = np.nonzero(~np.isnan(problem.value))
    program.add(client, pool)
    relaxed, prices = program.relaxed(seconds)
    proof = lagrangian(problem, floor, prices)
    if relaxed.infeasible:
        return Found(None, prices, -np.inf, infeasible=True)
    answer = program.whole(seconds, gap, seed)
    if answer.chosen is None:
        return Found(None, prices, proof.total, infeasible=answer.infeasible)
    return Found(as_pools(problem, program, answer.chosen), prices, min(proof.total, answer.bound))

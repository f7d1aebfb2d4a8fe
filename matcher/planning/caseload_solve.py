"""A caseload's problem solved as asked: for now, with those to come in mind, or two-sided."""

from dataclasses import replace

import numpy as np

from matcher.engine import Engine
from matcher.planning.arrivals import Arrivals
from matcher.planning.caseload_plan import CaseloadProblem
from matcher.planning.choices import solve
from matcher.planning.plan import Plan, Status
from matcher.planning.terms import TOTAL
from matcher.planning.two_sided import as_plan, match


def solve_as_asked(engine: Engine, problem: CaseloadProblem) -> Plan:
    """Return the plan of a problem, whatever it aims at.

    Parameters
    ----------
    engine
        Knows what offers state that they need.
    problem
        As posed; one with people to come has a history.
    """
    if problem.terms.aim != TOTAL:
        return match(engine, problem)
    if problem.terms.to_come is not None:
        return leaving_seats(problem)
    return solve(problem)


def leaving_seats(problem: CaseloadProblem) -> Plan:
    """Return the plan of a batch that leaves to those who come later what is worth more to them.

    Who is to come is drawn from the history. Bound and gap are against this batch alone: the gap is
    what it leaves to others. The price of a seat is what it is worth to them.
    """
    terms, history = problem.terms, problem.history
    best = solve(problem)
    if best.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return best
    likes, seats = problem.allowed.copy(), problem.seats.copy()
    for row, chosen in problem.pins:
        likes[row] = np.nan
        seats[chosen] -= 1
    free = np.flatnonzero(~np.isnan(likes).all(axis=1))
    arrivals = Arrivals(
        seats,
        history_score=history,
        expected_arrivals=len(free) + (terms.to_come or 0),
        seed=terms.seed,
    )
    batch = arrivals.offer(likes[free])
    assignment = np.full(len(likes), -1)
    assignment[free] = batch.assignment
    for row, chosen in problem.pins:
        assignment[row] = chosen
    return replace(as_plan(problem, assignment, best, terms.gap), shadow_price=batch.shadow_price)

"""A caseload's problem solved as asked: for now, with those to come in mind, or two-sided."""

from dataclasses import replace

import numpy as np

from matcher.columns import Floats
from matcher.engine import Engine
from matcher.planning.arrivals import Arrivals
from matcher.planning.assign import assign
from matcher.planning.caseload_problem import CaseloadProblem
from matcher.planning.choices import solve
from matcher.planning.columns import Ints
from matcher.planning.plan import UNPLACED, Plan, Status
from matcher.planning.terms import TOTAL
from matcher.planning.two_sided import as_plan, match

BATCH = 60
"""Clients at most in a plan that leaves seats to those to come: prices are found for few offers."""

BEST_OFFERS = 10
"""Offers of each client that are priced, the best first."""

LEAST_PRICE = 0.005
"""Price of a seat, in people kept, under which it is told as none: it is an average of draws."""


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
    what it leaves to others. The price of a seat is what it is worth to them. Only the best offers
    of each client are priced; somebody to come who is not given one of them has the best of all
    others, and so has a client of the batch for whom none of them is left.
    """
    terms = problem.terms
    best = solve(problem)
    if best.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return best
    likes, seats = problem.allowed.copy(), problem.seats.copy()
    assignment = np.full(len(likes), UNPLACED)
    for row, chosen in problem.pins:
        likes[row], assignment[row] = np.nan, chosen
        seats[chosen] -= 1
    likes[:, seats < 1] = np.nan
    batch = np.flatnonzero(~np.isnan(likes).all(axis=1))
    priced, price = _priced(likes[batch], best.assignment[batch]), np.zeros(len(seats))
    if len(batch):
        arrivals = Arrivals(
            np.append(seats[priced], len(batch) + (terms.to_come or 0)),
            history_score=_with_the_rest(problem, priced),
            expected_arrivals=len(batch) + (terms.to_come or 0),
            seed=terms.seed,
        )
        rest = np.full((len(batch), 1), np.nan)
        offered = arrivals.offer(np.hstack([likes[np.ix_(batch, priced)], rest])).assignment
        assignment[batch] = np.append(priced, UNPLACED)[offered]
        price[priced] = arrivals.shadow_price[:-1]
        assignment = _completed(likes, seats, assignment, batch, priced)
    shown = np.where(price >= LEAST_PRICE, price, 0.0)
    return replace(as_plan(problem, assignment, best, terms.gap), shadow_price=shown)


def _priced(likes: Floats, alone: Ints) -> Ints:
    """Return the columns of each client's best offers, and of the best plan without others."""
    first = np.argsort(-np.nan_to_num(likes, nan=-1.0), axis=1, kind="stable")[:, :BEST_OFFERS]
    there = ~np.isnan(np.take_along_axis(likes, first, axis=1))
    return np.union1d(first[there], alone[alone != UNPLACED])


def _with_the_rest(problem: CaseloadProblem, priced: Ints) -> Floats:
    """Return the history over priced offers, and in a last column the best of all others."""
    assert problem.history is not None  # whoever asks for people to come gives one
    rest = np.delete(problem.history, priced, axis=1)
    if not rest.shape[1]:
        return np.hstack([problem.history[:, priced], np.full((len(rest), 1), np.nan)])
    others = np.nan_to_num(rest, nan=-1.0).max(axis=1, keepdims=True)
    return np.hstack([problem.history[:, priced], np.where(others < 0, np.nan, others)])


def _completed(
    likes: Floats, seats: Floats, assignment: Ints, batch: Ints, priced: Ints
) -> Ints:  # fmt: skip
    """Return the assignment with those left of a batch at offers nobody priced."""
    left = batch[assignment[batch] == UNPLACED]
    if len(left):
        value = likes[left].copy()
        value[:, priced] = np.nan
        assignment = assignment.copy()
        assignment[left] = assign(value, seats).assignment
    return assignment

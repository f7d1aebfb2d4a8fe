"""A caseload plan that employers' stated needs have a say in, beside the best plan without."""

from dataclasses import replace

import numpy as np

from matcher.columns import Floats, or_zero
from matcher.engine import Engine
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.planning.assign import assign
from matcher.planning.caseload_problem import CaseloadProblem
from matcher.planning.columns import Ints
from matcher.planning.outcome import relative_gap
from matcher.planning.plan import UNPLACED, Plan, Reason, Status
from matcher.planning.shortlist import two_sided_shortlist
from matcher.profiles import Profiles


def stated_fit(engine: Engine, problem: CaseloadProblem) -> Floats:
    """Return how far each client meets what each offer states that it needs, (n, m) from 0 to 1.

    The share of the required skills, and of the years of experience asked for; both count alike,
    and what is not stated everybody meets. Skills that were never asked count as none. Nothing else
    of a client is looked at, and none of it leaves the plan: employers see no fit and no rank.
    """
    pairs = Pairs.all_of(
        Profiles(problem.caseload.take(problem.client), engine.knowledge),
        Offers(problem.market.take(problem.offer), engine.knowledge),
    )
    needs = pairs.offers.required_skills
    stated = (needs.known & ~needs.none)[pairs.offer]
    skills = np.where(stated, np.nan_to_num(pairs.coverage(needs)), 1.0)
    asked = or_zero(pairs.offers.market.required_experience_years[pairs.offer])
    years = np.minimum(pairs.experience_years / np.where(asked > 0, asked, 1.0), 1.0)
    return np.asarray((skills + np.where(asked > 0, years, 1.0)) / 2.0)


def match(engine: Engine, problem: CaseloadProblem) -> Plan:
    """Return the plan in which both sides' rankings count, as the problem's aim says.

    Its bound and prices are those of the greatest total, so its gap is what the aim costs.

    Parameters
    ----------
    engine
        Knows skills and occupations.
    problem
        A problem of seats, pins and bans alone.
    """
    terms = problem.terms
    best = assign(problem.value, problem.seats, **problem.keywords(), gap=terms.gap,
                  time_limit=terms.time_limit, seed=terms.seed)  # fmt: skip
    likes, seats = problem.allowed.copy(), problem.seats.copy()
    for row, pinned in problem.pins:
        likes[row] = np.nan
        seats[pinned] -= 1
    fit = stated_fit(engine, problem)
    chosen = two_sided_shortlist(likes, fit, seats, terms.aim, terms.seed).assignment.copy()
    for row, pinned in problem.pins:
        chosen[row] = pinned
    return as_plan(problem, chosen, best, terms.gap)


def as_plan(problem: CaseloadProblem, assignment: Ints, best: Plan, gap: float) -> Plan:
    """Return an assignment as a plan, with bound, prices and seconds of the best one.

    Parameters
    ----------
    problem
        What was asked.
    assignment
        (n,) column of each client's offer, -1 for none.
    best
        The plan of the greatest total.
    gap
        Relative gap at which it counts as optimal.
    """
    only = np.full(problem.value.shape, np.nan)
    placed = np.flatnonzero(assignment != UNPLACED)
    only[placed, assignment[placed]] = problem.value[placed, assignment[placed]]
    told = assign(only, problem.seats, groups=problem.group)
    distance = relative_gap(told.objective, best.bound)
    why = {entry.client: entry for entry in best.unplaced}
    return replace(
        best,
        assignment=told.assignment,
        objective=told.objective,
        gap=distance,
        status=Status.OPTIMAL if distance <= gap else Status.FEASIBLE,
        groups=told.groups,
        unplaced=tuple(
            why.get(entry.client, replace(entry, reason=Reason.OUTBID)) for entry in told.unplaced
        ),
        on_reserved=np.zeros(len(assignment), dtype=bool),
    )

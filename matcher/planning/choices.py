"""What else could be chosen for one client, and what it would do to the others."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.planning.assign import assign
from matcher.planning.caseload_plan import CaseloadProblem
from matcher.planning.errors import PinConflict
from matcher.planning.plan import Plan, Status

CHOICES = 5
"""Offers that are tried, the best for the client first."""


@dataclass(frozen=True)
class Choice:
    """An offer that an override would give a client.

    Parameters
    ----------
    opportunity_id
        The offer.
    value
        Chance of being retained and safe after 90 days.
    own
        What the client gains by it against the plan.
    others
        What all others together gain, in people kept; negative is a loss. None where no plan with
        it keeps the terms.
    """

    opportunity_id: str
    value: float
    own: float
    others: float | None


def solve(problem: CaseloadProblem) -> Plan:
    """Return the plan of a problem."""
    terms = problem.terms
    return assign(
        problem.value,
        problem.seats,
        **problem.keywords(),
        time_limit=terms.time_limit,
        gap=terms.gap,
        seed=terms.seed,
    )


def choices(problem: CaseloadProblem, plan: Plan, client_id: str) -> tuple[Choice, ...]:
    """Return the best other offers of a client, each with the plan solved again around it.

    Parameters
    ----------
    problem, plan
        As solved.
    client_id
        The client; one to whom nothing may be offered has no choices.
    """
    planned = [problem.client_id(row) for row in range(len(problem.client))]
    if client_id not in planned:
        return ()
    row = planned.index(client_id)
    own, held = problem.value[row], int(plan.assignment[row])
    now = float(own[held]) if held >= 0 else 0.0
    order = np.argsort(-np.nan_to_num(own, nan=-1.0), kind="stable")
    tried = [int(j) for j in order if j != held and not np.isnan(own[j])][:CHOICES]
    return tuple(
        Choice(
            opportunity_id=problem.offer_id(chosen),
            value=float(own[chosen]),
            own=float(own[chosen]) - now,
            others=_others(problem, plan.objective - now, row, chosen),
        )
        for chosen in tried
    )


def _others(problem: CaseloadProblem, before: float, row: int, chosen: int) -> float | None:
    """What all others gain where one client is given an offer."""
    pins = [pin for pin in problem.pins if pin[0] != row] + [(row, chosen)]
    bans = [ban for ban in problem.bans if ban != (row, chosen)]
    try:
        plan = solve(replace(problem, pins=pins, bans=bans))
    except PinConflict:
        return None
    if plan.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return None
    return plan.objective - float(problem.value[row, chosen]) - before

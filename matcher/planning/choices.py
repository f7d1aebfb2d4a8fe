"""What else could be chosen for one client, and what it would do to the others."""

from dataclasses import dataclass

from matcher.planning.assign import assign
from matcher.planning.caseload_problem import CaseloadProblem
from matcher.planning.explain import explain_plan
from matcher.planning.plan import Plan

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
    """Return the plan of the greatest total on a problem's terms."""
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
    terms = problem.terms
    told = explain_plan(
        plan,
        problem.value,
        problem.seats,
        planned.index(client_id),
        most=CHOICES,
        **problem.keywords(),
        time_limit=terms.time_limit,
        gap=terms.gap,
        seed=terms.seed,
    )
    return tuple(
        Choice(
            opportunity_id=problem.offer_id(other.opportunity),
            value=other.value,
            own=other.value - told.value,
            others=other.others_change,
        )
        for other in told.alternatives
    )

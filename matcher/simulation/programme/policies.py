"""The policies: how a programme could decide who is offered what."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np

from matcher.columns import Floats
from matcher.planning import assign
from matcher.simulation.programme.desk import Batch, Cohort, Desk
from matcher.simulation.programme.foresight import Foresight
from matcher.simulation.programme.retraining import Learner
from matcher.simulation.programme.stage import Bools, Stage
from matcher.simulation.simulator import Indices


class Policy(Protocol):
    """Places cohorts, one after the other."""

    def place(self, desk: Desk, cohort: Cohort) -> None:
        """Put offers to the clients of a cohort."""

    def new_year(self, desk: Desk) -> None:
        """Learn from what the desk has seen."""


class PolicyName(StrEnum):
    """Names of the policies."""

    FIRST_COME = "first-come"
    SLATES = "slates"
    PLAN = "plan"
    ARRIVALS = "arrivals"
    LEARNING = "arrivals-learning"


class FirstCome:
    """Clients one by one, each at the best of what is left.

    Parameters
    ----------
    merit
        What makes an offer good, of shape (pairs,).
    known
        Pairs that are looked at, of shape (pairs,).
    """

    def __init__(self, merit: Floats, known: Bools) -> None:
        self._merit = np.where(known, merit, np.nan)

    def place(self, desk: Desk, cohort: Cohort) -> None:
        """Put offers to the clients of a cohort, in the order in which they stand in the list."""
        for client in cohort.clients:
            options = desk.options(int(client), desk.available())
            options = options[~np.isnan(self._merit[options])]
            for pair in options[np.argsort(-self._merit[options], kind="stable")]:
                if desk.ask(int(pair)) or not desk.can_ask(int(client)):
                    break

    def new_year(self, desk: Desk) -> None:
        """Learn nothing."""


Proposer = Callable[[Desk, Batch], Indices]
"""Given a desk and a batch: the column of the offer for each client, -1 for none."""


class Planned:
    """A cohort decided together; who declines is planned anew with the others who did.

    Parameters
    ----------
    worth
        What a placement is worth, of shape (pairs,): a probability of being there and safe.
    propose
        How a cohort is planned.
    learner
        Who learns anew each year what placements are worth; without one nobody does.
    """

    def __init__(self, worth: Floats, propose: Proposer, learner: Learner | None = None) -> None:
        self._worth = worth
        self._propose = propose
        self._learner = learner

    def place(self, desk: Desk, cohort: Cohort) -> None:
        """Put offers to the clients of a cohort until nobody is left who should have another."""
        while len((batch := desk.batch(cohort.clients, self._worth)).clients):
            found = self._propose(desk, batch)
            rows = np.flatnonzero(found >= 0)
            if not len(rows):
                return
            for row in rows:
                desk.ask(int(batch.pairs[row, found[row]]))

    def new_year(self, desk: Desk) -> None:
        """Learn what placements are worth from their outcomes, where this policy learns."""
        if self._learner is not None:
            self._learner.learn(desk)
            self._worth = self._learner.worth


def planned_together(desk: Desk, batch: Batch) -> Indices:
    """Return the plan of a batch that looks no further than the batch."""
    calendar = desk.stage.calendar
    value = batch.value
    plan = assign(
        value,
        desk.seats[batch.offers],
        cost=np.broadcast_to(calendar.cost_usd[batch.offers], value.shape),
        fund=calendar.quarter[batch.offers],
        budget=desk.fund_usd,
    )
    return np.asarray(plan.assignment, dtype=np.intp)


def officer_merit(stage: Stage) -> Floats:
    """Return the rank an officer gives each pair by skill match, of shape (pairs,).

    The skills that the work requires come first and those that help next, to the nearest tenth, as
    a person would judge; among equals what the client asked for, then the nearer.
    """
    names = stage.simulator.feature_names
    column = {name: np.nan_to_num(stage.features[:, names.index(name)]) for name in names}
    skill = np.round(0.8 * column["required_skills"] + 0.2 * column["useful_skills"], 1)
    wish = column["preference"] + 0.5 * column["preferred_kind"]
    order = np.lexsort((-column["travel_minutes"], wish, skill))
    merit = np.empty(len(order))
    merit[order] = np.arange(len(order))
    return merit


def _everything(stage: Stage) -> Bools:
    return np.ones(len(stage.client), dtype=bool)


POLICIES: Final[Mapping[PolicyName, Callable[[Stage], Policy]]] = MappingProxyType(
    {
        PolicyName.FIRST_COME: lambda stage: FirstCome(officer_merit(stage), stage.known),
        PolicyName.SLATES: lambda stage: FirstCome(stage.expert, _everything(stage)),
        PolicyName.PLAN: lambda stage: Planned(stage.expert, planned_together),
        PolicyName.ARRIVALS: lambda stage: Planned(stage.expert, Foresight(stage)),
        PolicyName.LEARNING: lambda stage: Planned(stage.expert, Foresight(stage), Learner(stage)),
    }
)
"""How each policy is made for a stage."""

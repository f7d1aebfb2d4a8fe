"""A programme played to its end, and what became of its people."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from matcher.simulation.hazards import Integers
from matcher.simulation.logs import HALF_YEAR
from matcher.simulation.programme.calendar import DAYS_A_YEAR
from matcher.simulation.programme.desk import Cohort, Desk
from matcher.simulation.programme.policies import POLICIES, Policy, PolicyName
from matcher.simulation.programme.stage import NO_PAIR, Bools, Stage
from matcher.simulation.simulator import Indices
from matcher.simulation.world import Cause

SMALLEST_GROUP = 30
"""Clients a group must have to be called worst off: fewer are chance."""


@dataclass(frozen=True)
class Figures:
    """What became of the people of one programme; shares are of all who came.

    Parameters
    ----------
    retained
        Share placed, still there and safe after 180 days.
    better
        Share that left for a better option within 180 days.
    harmed
        Share harmed within 180 days.
    unplaced
        Share not placed.
    income_usd
        Mean monthly income from the placement over the first 180 days, before debt service.
    worst_group
        ``retained`` of the group where it is least.
    spread
        Largest difference of ``retained`` between two groups of one kind.
    asked
        Offers put to a client on average.
    """

    retained: float
    better: float
    harmed: float
    unplaced: float
    income_usd: float
    worst_group: float
    spread: float
    asked: float


FIGURES = tuple(field.name for field in fields(Figures))


def cohorts(stage: Stage) -> Iterator[Cohort]:
    """Return the cohorts in the order in which they come."""
    days = stage.calendar.arrives
    for day in np.unique(days):
        yield Cohort(int(day), np.flatnonzero(days == day))


def play(stage: Stage, policy: Policy | PolicyName) -> Desk:
    """Return the desk at the end of a programme under a policy.

    Parameters
    ----------
    stage
        People, offers, days and luck.
    policy
        A policy, or the name of one.
    """
    player = POLICIES[policy](stage) if isinstance(policy, PolicyName) else policy
    desk, year = Desk(stage), 0
    for cohort in cohorts(stage):
        desk.open_on(cohort.day)
        if cohort.day // DAYS_A_YEAR > year:
            year = cohort.day // DAYS_A_YEAR
            player.new_year(desk)
        player.place(desk, cohort)
    return desk


def figures(stage: Stage, placed: Indices, asked: Integers | None = None) -> Figures:
    """Return what became of the people.

    Parameters
    ----------
    stage
        Where it was played.
    placed
        Pair of each client, of shape (n,); -1 unplaced.
    asked
        Offers put to each client, of shape (n,).
    """
    has = placed != NO_PAIR
    pair = placed[has]
    cause = np.full(len(placed), Cause.CENSORED, dtype=np.int64)
    cause[has] = np.where(stage.day[pair] <= HALF_YEAR, stage.cause[pair], Cause.CENSORED)
    retained = has & (cause == Cause.CENSORED)
    income = stage.income_usd[pair] * np.minimum(stage.day[pair], HALF_YEAR) / HALF_YEAR
    by_group = _by_group(stage, retained)
    return Figures(
        retained=float(retained.mean()),
        better=float((cause == Cause.BETTER).mean()),
        harmed=float((cause == Cause.HARM).mean()),
        unplaced=float((~has).mean()),
        income_usd=float(income.sum() / len(placed)),
        worst_group=min(min(shares) for shares in by_group),
        spread=max(max(shares) - min(shares) for shares in by_group),
        asked=0.0 if asked is None else float(asked.mean()),
    )


def _by_group(stage: Stage, retained: Bools) -> list[list[float]]:
    """Return the share retained of each group of each kind, where it is large enough."""
    found = []
    for labels in stage.simulator.groups().values():
        members = [labels == label for label in np.unique(labels) if label != "unknown"]
        shares = [float(retained[own].mean()) for own in members if own.sum() >= SMALLEST_GROUP]
        if shares:
            found.append(shares)
    return found or [[float(retained.mean())]]

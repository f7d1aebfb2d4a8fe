"""Group floors: the mean value below which no group should fall."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from matcher.planning.columns import Floats
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.general import ALL_PAIRS, best_pairs
from matcher.planning.problem import Problem
from matcher.planning.program import Prices, Program

COLUMNS = 20
"""Pairs a client brings into the linear programmes that find the floors, where there are many."""

Rule = Callable[[Problem, Prices, float], Floats]


def floor_levels(
    problem: Problem, floor: str | Mapping[Any, float], prices: Prices, seconds: float
) -> Floats:
    """Return the mean (groups,) asked for each group; nan where none is.

    Raises
    ------
    InvalidPlanInput
        Where a kind of floor or a label is not known, or scores are minimised.

    References
    ----------
    Freund, D., Lykouris, T., Paulson, E., Sturt, B., Weng, W. (2023). Group fairness in dynamic
    refugee assignment. arXiv 2301.10642.
    """
    if problem.sign < 0:
        raise InvalidPlanInput("floor: expected sense 'max', got 'min'")
    if isinstance(floor, Mapping):
        return _given(problem, floor)
    if floor not in RULES:
        raise InvalidPlanInput(
            f"floor: expected one of {tuple(RULES)} or a mean for each label, got {floor!r}"
        )
    return RULES[floor](problem, prices, seconds)


def _given(problem: Problem, floor: Mapping[Any, float]) -> Floats:
    levels = np.full(len(problem.labels), np.nan)
    for label, mean in floor.items():
        if label not in problem.labels:
            raise InvalidPlanInput(f"floor: no client is of group {label!r}")
        if not np.isfinite(mean):
            raise InvalidPlanInput(f"floor[{label!r}]: expected a finite number, got {mean}")
        levels[problem.labels.index(label)] = mean
    return levels


def _random(problem: Problem, prices: Prices, seconds: float) -> Floats:
    """Return what each group gets where seats are drawn by lot."""
    del prices, seconds
    seats = problem.capacity[:, 0]
    taken = max(float(problem.size[:, :, 0].mean(axis=1).sum()), float(seats.sum()), 1e-12)
    by_lot = np.nan_to_num(problem.value) @ seats / taken
    count = np.bincount(problem.group)
    return np.bincount(problem.group, weights=by_lot) / count


def _proportional(problem: Problem, prices: Prices, seconds: float) -> Floats:
    """Return what each group gets alone, with its share of seats and money."""
    levels = np.zeros(len(problem.labels))
    for g in range(len(levels)):
        own = problem.group == g
        share = own.sum() / len(own)
        value = np.where(own[:, None], problem.value, np.nan)
        alone = dataclasses.replace(
            problem, value=value, capacity=problem.capacity * share, must=np.zeros_like(own),
            budget=problem.budget * share,
        )  # fmt: skip
        answer, _ = _programme(alone, prices).relaxed(seconds / len(levels))
        levels[g] = max(answer.objective, 0.0) / own.sum()
    return levels


def _maxmin(problem: Problem, prices: Prices, seconds: float) -> Floats:
    """Return the highest level that every group can reach who has an admissible offer at all.

    The level is that of the linear relaxation: tiny groups can miss it.
    """
    programme = _programme(problem, prices)
    some = np.zeros(len(problem.labels), dtype=bool)
    some[problem.group[(problem.value > 0).any(axis=1)]] = True
    level = programme.highest_floor(some, seconds) * (1 - 1e-9)
    return np.where(some, level, np.nan)


RULES: dict[str, Rule] = {"maxmin": _maxmin, "proportional": _proportional, "random": _random}


def _programme(problem: Problem, prices: Prices) -> Program:
    """Return a programme on all pairs where they are few, else on each client's most promising."""
    program = Program(problem, np.full(len(problem.labels), np.nan), 0.0)
    admissible = ~np.isnan(problem.value)
    if int(admissible.sum()) <= ALL_PAIRS:
        program.add(*np.nonzero(admissible))
    else:
        program.add(*best_pairs(problem, prices, COLUMNS))
    return program

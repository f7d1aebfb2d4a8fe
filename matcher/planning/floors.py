"""Group floors: the mean value below which no group should fall."""

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.planning.bounds import lagrangian
from matcher.planning.columns import Floats, Ints
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.floored import FlooredProgram
from matcher.planning.general import ALL_PAIRS, add_best
from matcher.planning.greedy import greedy
from matcher.planning.outcome import as_pools, group_means
from matcher.planning.problem import Problem
from matcher.planning.program import Prices, Program

COLUMNS = 20
"""Pairs a client brings into the linear programmes that find the floors, where there are many."""


@dataclass(frozen=True, eq=False)
class Level:
    """The floors that a rule sets.

    Parameters
    ----------
    floor
        (groups,) mean asked for each group; nan where none is.
    bound
        What no plan lifts all floored groups above; None where the rule does not seek the highest.
    known
        (n,) a plan that reaches them, where one was found on the way.
    """

    floor: Floats
    bound: float | None = None
    known: Ints | None = None


Rule = Callable[[Problem, Prices, float, float, int], Level]


def floor_levels(
    problem: Problem, floor: str | Mapping[Any, float], prices: Prices, *, seconds: float,
    gap: float, seed: int,
) -> Level:  # fmt: skip
    """Return the mean asked for each group.

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
        return Level(_given(problem, floor))
    if floor not in RULES:
        raise InvalidPlanInput(
            f"floor: expected one of {tuple(RULES)} or a mean for each label, got {floor!r}"
        )
    return RULES[floor](problem, prices, seconds, gap, seed)


def _given(problem: Problem, floor: Mapping[Any, float]) -> Floats:
    levels = np.full(len(problem.labels), np.nan)
    for label, mean in floor.items():
        if label not in problem.labels:
            raise InvalidPlanInput(f"floor: no client is of group {label!r}")
        if not np.isfinite(mean):
            raise InvalidPlanInput(f"floor[{label!r}]: expected a finite number, got {mean}")
        levels[problem.labels.index(label)] = mean
    return levels


def _random(problem: Problem, prices: Prices, seconds: float, gap: float, seed: int) -> Level:
    """Return what each group gets where seats are drawn by lot."""
    del prices, seconds, gap, seed
    seats = problem.capacity[:, 0]
    taken = max(float(problem.size[:, :, 0].mean(axis=1).sum()), float(seats.sum()), 1e-12)
    by_lot = np.nan_to_num(problem.value) @ seats / taken
    count = np.bincount(problem.group)
    return Level(np.bincount(problem.group, weights=by_lot) / count)


def _proportional(problem: Problem, prices: Prices, seconds: float, gap: float, seed: int) -> Level:
    """Return what each group gets alone, with its share of seats and money."""
    del gap, seed
    levels = np.zeros(len(problem.labels))
    for g in range(len(levels)):
        own = problem.group == g
        share = own.sum() / len(own)
        value = np.where(own[:, None], problem.value, np.nan)
        alone = dataclasses.replace(
            problem, value=value, capacity=problem.capacity * share, must=np.zeros_like(own),
            budget=problem.budget * share,
        )  # fmt: skip
        answer, _ = _programme(alone, prices)[0].relaxed(seconds / len(levels))
        levels[g] = max(answer.objective, 0.0) / own.sum()
    return Level(levels)


def _maxmin(problem: Problem, prices: Prices, seconds: float, gap: float, seed: int) -> Level:
    """Return the highest level that every group reaches who has an admissible offer at all.

    That of a plan in whole numbers, as far as found; the bound is over all pairs.
    """
    until = time.perf_counter() + seconds
    some = np.zeros(len(problem.labels), dtype=bool)
    some[problem.group[(problem.value > 0).any(axis=1)]] = True
    none = np.full(len(problem.labels), np.nan)
    if not some.any():
        return Level(none)
    program, everything = _programme(problem, prices, np.where(some, 0.0, np.nan))
    program.seek_level()
    answer, at = program.relaxed(seconds)
    bound = min(_level_bound(problem, at), float(_best_means(problem)[some].min()))
    if answer.infeasible:
        return Level(none)
    answer = Program.whole(program, max(0.05, until - time.perf_counter()), gap, seed)
    known = greedy(problem, prices) if answer.chosen is None else as_pools(program, answer.chosen)
    if known is None:
        return Level(np.where(some, bound, np.nan), bound)
    level = float(group_means(problem, known)[some].min())
    if everything and answer.chosen is not None:
        bound = min(bound, answer.bound)
    return Level(np.where(some, level, np.nan), max(bound, level), known)


def _best_means(problem: Problem) -> Floats:
    """Return the mean (groups,) if everybody had the best offer: no plan lifts a group above."""
    value = np.where(np.isnan(problem.value), -np.inf, problem.value)
    return group_means(problem, np.where(value.max(axis=1) > 0.0, value.argmax(axis=1), -1))


def _level_bound(problem: Problem, prices: Prices) -> float:
    """Return the mean that no plan lifts all groups above, by the weights of groups in prices."""
    weight = prices.floor[problem.group]
    if not weight.sum() > 0:
        return np.inf
    weighed = dataclasses.replace(problem, value=problem.value * weight[:, None])
    none = np.full(len(problem.labels), np.nan)
    at = Prices(prices.seat, prices.fund, np.zeros_like(prices.floor))
    return lagrangian(weighed, none, at).total / float(weight.sum())


RULES: dict[str, Rule] = {"maxmin": _maxmin, "proportional": _proportional, "random": _random}


def _programme(
    problem: Problem, prices: Prices, floor: Floats | None = None
) -> tuple[FlooredProgram, bool]:
    """Return a programme on all pairs where they are few, else on each client's most promising.

    And whether it is on all.
    """
    none = np.full(len(problem.labels), np.nan)
    program = FlooredProgram(problem, none if floor is None else floor)
    admissible = ~np.isnan(problem.value)
    everything = int(admissible.sum()) <= ALL_PAIRS
    if everything:
        program.add(*np.nonzero(admissible))
    else:
        add_best(program, prices, COLUMNS)
    return program, everything

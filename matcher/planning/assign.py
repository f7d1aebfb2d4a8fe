"""One plan for everybody: the door of this package."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.planning.exact import solve_all_pairs
from matcher.planning.floors import floor_levels
from matcher.planning.outcome import make_plan
from matcher.planning.plan import Plan
from matcher.planning.problem import problem as checked_problem

Labels = Sequence[Any] | NDArray[Any]


def assign(
    score: ArrayLike,
    capacity: ArrayLike,
    sizes: ArrayLike | None = None,
    cost: ArrayLike | None = None,
    fund: ArrayLike | None = None,
    budget: ArrayLike | None = None,
    together: Iterable[Iterable[int]] | None = None,
    place: Labels | None = None,
    groups: Labels | None = None,
    floor: str | Mapping[Any, float] | None = None,
    pins: Iterable[tuple[int, int]] = (),
    bans: Iterable[tuple[int, int]] = (),
    must_place: bool = False,
    sense: str = "max",
    time_limit: float = 30.0,
    gap: float = 1e-4,
    seed: int = 0,
    *,
    reserved: Mapping[Any, ArrayLike] | None = None,
) -> Plan:
    """Return the plan of greatest total value, with its proof."""
    started = time.perf_counter()
    problem = checked_problem(
        score, capacity, sizes=sizes, cost=cost, fund=fund, budget=budget, together=together,
        place=place, groups=groups, pins=pins, bans=bans, must_place=must_place, sense=sense,
        reserved=reserved,
    )  # fmt: skip
    levels = floor_levels(problem, floor)
    found = solve_all_pairs(problem, levels, seconds=time_limit, gap=gap, seed=seed)
    return make_plan(
        problem, found, levels, gap=gap, seconds=time.perf_counter() - started,
        price_of_fairness=None if np.isnan(levels).all() else 0.0,
    )  # fmt: skip

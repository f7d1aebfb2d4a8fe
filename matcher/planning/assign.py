"""One plan for everybody: the door of this package."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.planning.bounds import lagrangian
from matcher.planning.columns import Floats
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.floors import Level, floor_levels
from matcher.planning.fund import applies, solve_fund
from matcher.planning.general import solve_general
from matcher.planning.outcome import Found, make_plan, relative_gap, total_value
from matcher.planning.plan import Plan
from matcher.planning.problem import Problem
from matcher.planning.problem import problem as checked_problem
from matcher.planning.program import Prices
from matcher.planning.seats import solve_seats

SEARCHING = 0.99
"""Share of the time for the search; the rest checks what came in and tells what came out."""

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
    officer: ArrayLike | None = None,
    week: ArrayLike | None = None,
    load: ArrayLike | None = None,
) -> Plan:
    """Return the plan of greatest total value, with its proof.

    Nobody is forced into a pair worth less than nothing, unless she has to be placed.

    Parameters
    ----------
    score
        (n, m) value of each client at each opportunity; nan forbids the pair.
    capacity
        (m,) seats, or (m, d) of several resources.
    sizes
        What a client takes of them: one (None), (n,), (n, d), (n, m) or (n, m, d).
    cost, fund, budget
        (n, m) money a pair takes; (m,) index of the fund that pays; (funds,) money there is.
    together, place
        Clients who stay together, at the same place or none; (m,) labels of places, by default
        every opportunity its own.
    groups, floor
        (n,) labels; the mean value no group should fall below: ``"maxmin"``, ``"proportional"``,
        ``"random"``, or a number for each label. Where a floor can't be met the plan comes as
        near as it can, and says so.
    pins, bans
        (client, opportunity) pairs that have to be, or must not be.
    must_place
        Whether everybody has to be placed.
    sense
        ``"max"`` or ``"min"``.
    time_limit
        Seconds.
    gap
        Relative gap at which a plan counts as optimal.
    seed
        Of the search.
    reserved
        For a label of ``groups``, (m,) or (m, d) seats kept for it. A household's seats are all
        open ones, or all reserved ones.
    officer, week, load
        (n,) index of the officer who follows up on each client; (m,) index of the week in which a
        placement there begins; (officers,) or (officers, weeks) new placements there is time for.
        An index of -1 is not limited.

    Raises
    ------
    InvalidPlanInput
        Where an argument breaks a rule; the message names it.
    PinConflict
        Where pins contradict each other, a ban, a gate, seats, money or officers' time.
    """
    started = time.perf_counter()
    if not (time_limit > 0 and gap >= 0):
        raise InvalidPlanInput(
            f"time_limit, gap: expected more than 0 and at least 0, got {time_limit} and {gap}"
        )
    problem = checked_problem(
        score, capacity, sizes=sizes, cost=cost, fund=fund, budget=budget, together=together,
        place=place, groups=groups, pins=pins, bans=bans, must_place=must_place, sense=sense,
        reserved=reserved, officer=officer, week=week, load=load,
    )  # fmt: skip
    none = np.full(len(problem.labels), np.nan)
    price = None
    until = started + SEARCHING * time_limit
    if floor is None:
        left = until - time.perf_counter()
        level, found = Level(none), _solve(problem, none, left, gap, seed)
    else:
        free = _solve(problem, none, time_limit / 3, gap, seed)
        level = floor_levels(
            problem, floor, free.prices, seconds=time_limit / 3, gap=gap, seed=seed
        )
        left = until - time.perf_counter()
        found = solve_general(
            problem, level.floor, seconds=left, gap=gap, seed=seed, known=level.known
        )
        price = _price_of_fairness(problem, free, found)
    return make_plan(
        problem, found, level.floor, gap=gap, seconds=time.perf_counter() - started,
        price_of_fairness=price, level_bound=level.bound,
    )  # fmt: skip


def _solve(problem: Problem, levels: Floats, seconds: float, gap: float, seed: int) -> Found:
    if not problem.only_seats:
        if applies(problem, levels):
            return _with_fund(problem, levels, seconds, gap, seed)
        return solve_general(problem, levels, seconds=seconds, gap=gap, seed=seed)
    seating = solve_seats(problem.value, problem.capacity[:, 0], problem.must, seconds=seconds)
    prices = Prices(seating.price[:, None], np.zeros(0), np.zeros(len(problem.labels)))
    if (seating.pool[problem.must] < 0).any():
        return Found(None, prices, -np.inf if seating.exact else np.inf, infeasible=seating.exact)
    return Found(seating.pool, prices, np.inf)


def _with_fund(problem: Problem, levels: Floats, seconds: float, gap: float, seed: int) -> Found:
    """Return the plan by the price of money, and where that is not near enough, by columns too."""
    started = time.perf_counter()
    quick = solve_fund(problem, seconds=seconds, gap=gap, seed=seed)
    assert quick.pool is not None  # nobody has to be placed: leaving all out keeps every rule
    value = total_value(problem, quick.pool)
    bound = min(quick.bound, lagrangian(problem, levels, quick.prices).total)
    left = seconds - (time.perf_counter() - started)
    if relative_gap(value, bound) <= gap or left <= 0:
        return quick
    slow = solve_general(problem, levels, seconds=left, gap=gap, seed=seed)
    better = slow.pool is not None and total_value(problem, slow.pool) > value
    tighter = slow.bound < bound
    return Found(
        slow.pool if better else quick.pool, slow.prices if tighter else quick.prices,
        min(slow.bound, bound),
    )  # fmt: skip


def _price_of_fairness(problem: Problem, free: Found, fair: Found) -> float | None:
    """Return the share of the total that floors cost; None where there is no plan to compare."""
    if free.pool is None or fair.pool is None:
        return None
    without, with_floors = total_value(problem, free.pool), total_value(problem, fair.pool)
    return (without - with_floors) / max(abs(without), 1e-12)

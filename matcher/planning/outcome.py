"""A plan from what a solver found: figures per group, prices, and why somebody is unplaced."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.planning.bounds import family_gain, lagrangian, reduced
from matcher.planning.columns import Floats, Ints
from matcher.planning.plan import UNPLACED, Certificate, Group, Plan, Reason, Status, Unplaced
from matcher.planning.problem import Problem
from matcher.planning.program import Prices, Program

ROUNDING = 1e-12
"""Share of all values placed that a sum of them may be wrong by: no gap, even of nearly nothing."""

CLIENTS_A_BLOCK = 256
"""Unplaced clients whose rows are looked at together: they fit the caches."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a solver found.

    Parameters
    ----------
    pool
        (n,) pool of every client, -1 for none; None where there is no assignment.
    prices
        The best prices, for the certificate.
    bound
        What the solver proved, at most what the prices prove; in the problem's form.
    infeasible
        Whether it proved that nothing keeps the rules.
    """

    pool: Ints | None
    prices: Prices
    bound: float
    infeasible: bool = False


def relative_gap(objective: float, bound: float) -> float:
    """Return the distance of an objective from its bound, over the larger of the two."""
    if not np.isfinite(objective) or not np.isfinite(bound):
        return float("inf")
    return abs(bound - objective) / max(abs(objective), abs(bound), 1e-12)


def total_value(problem: Problem, pool: Ints) -> float:
    """Return what an assignment to pools is worth, in the problem's form."""
    placed = np.flatnonzero(pool >= 0)
    return float(problem.value[placed, pool[placed]].sum())


def _rounded(problem: Problem, pool: Ints) -> float:
    """Return what the total of a plan may be wrong by, since its values are summed."""
    placed = np.flatnonzero(pool >= 0)
    return ROUNDING * float(np.abs(problem.value[placed, pool[placed]]).sum())


def as_pools(program: Program, chosen: Floats) -> Ints:
    """Return the pool (n,) of every client from a whole solution."""
    pool = np.full(program.problem.clients, -1)
    taken = chosen > 0.5
    pool[program.client[taken]] = program.pool[taken]
    return pool


def make_plan(
    problem: Problem, found: Found, floor: Floats, *, gap: float, seconds: float,
    price_of_fairness: float | None, level_bound: float | None = None,
) -> Plan:  # fmt: skip
    """Return the plan, with its proof and reasons."""
    levels = _kept(problem, found.pool, floor)
    proof = lagrangian(problem, levels, found.prices)
    bound = min(found.bound, proof.total)
    pool = np.full(problem.clients, -1) if found.pool is None else found.pool
    objective = np.nan if found.pool is None else total_value(problem, pool)
    if found.pool is not None:
        bound = max(bound, objective)
        bound = objective if bound - objective <= _rounded(problem, pool) else bound
    distance = relative_gap(objective, bound)
    d = problem.capacity.shape[1]
    price = found.prices.seat[: problem.opportunities]
    return Plan(
        assignment=np.where(pool >= 0, np.append(problem.opportunity, UNPLACED)[pool], UNPLACED),
        objective=problem.sign * objective,
        bound=problem.sign * bound,
        gap=distance,
        status=_status(found, distance, gap),
        seconds=seconds,
        shadow_price=price[:, 0] if d == 1 else price,
        fund_price=found.prices.fund[: problem.funds],
        certificate=Certificate(
            found.prices.seat, found.prices.fund[: problem.funds], found.prices.floor,
            problem.sign * proof.total, _load_price(problem, found.prices),
        ),
        groups=_groups(problem, pool, floor, found.prices),
        price_of_fairness=price_of_fairness,
        unplaced=_unplaced(problem, found),
        on_reserved=pool >= problem.opportunities,
        level_bound=level_bound,
        load_price=_load_price(problem, found.prices),
    )  # fmt: skip


def _load_price(problem: Problem, prices: Prices) -> Floats:
    """Return the price (officers, weeks) of officers' time."""
    if problem.load is None:
        return np.zeros((0, 0))
    return prices.fund[problem.funds :].reshape(problem.load.limit.shape)


def _status(found: Found, distance: float, gap: float) -> Status:
    if found.infeasible:
        return Status.INFEASIBLE
    if found.pool is None:
        return Status.UNKNOWN
    return Status.OPTIMAL if distance <= gap else Status.FEASIBLE


def group_means(problem: Problem, pool: Ints) -> Floats:
    """Return the mean value (groups,) of all clients of each group, unplaced as nothing."""
    placed = np.flatnonzero(pool >= 0)
    value = np.zeros(problem.clients)
    value[placed] = problem.value[placed, pool[placed]]
    count = np.bincount(problem.group, minlength=len(problem.labels))
    total = np.bincount(problem.group, weights=value, minlength=len(problem.labels))
    return total / np.maximum(count, 1)


def _kept(problem: Problem, pool: Ints | None, floor: Floats) -> Floats:
    """Return the floors that hold: those asked for, lowered to what was reached."""
    return floor if pool is None else np.minimum(floor, group_means(problem, pool))


def _groups(problem: Problem, pool: Ints, floor: Floats, prices: Prices) -> tuple[Group, ...]:
    means = group_means(problem, pool)
    count = np.bincount(problem.group, minlength=len(problem.labels))
    placed = np.bincount(problem.group[pool >= 0], minlength=len(problem.labels))
    return tuple(
        Group(
            label, int(count[g]), int(placed[g]), float(problem.sign * means[g]),
            None if np.isnan(floor[g]) else float(floor[g]), float(prices.floor[g]),
        )
        for g, label in enumerate(problem.labels)
    )  # fmt: skip


def _unplaced(problem: Problem, found: Found) -> tuple[Unplaced, ...]:
    if found.pool is None:
        return tuple(Unplaced(i, Reason.NO_PLAN) for i in range(problem.clients))
    in_family = {i: family for family in problem.families for i in family}
    left = np.flatnonzero(found.pool < 0)
    if not problem.pools:
        return tuple(Unplaced(int(i), Reason.NO_OFFER) for i in left)
    told: list[Unplaced] = []
    for first in range(0, len(left), CLIENTS_A_BLOCK):
        offers = _Offers(problem, found.prices, left[first : first + CLIENTS_A_BLOCK])
        told += [
            _why(problem, found.prices, offers, at, in_family.get(int(i)))
            for at, i in enumerate(offers.client)
        ]
    return tuple(told)


class _Offers:
    """What the clients left without a seat could have had: arrays (clients left, ...)."""

    def __init__(self, problem: Problem, prices: Prices, client: Ints) -> None:
        gain, value = reduced(problem, prices, client), problem.value[client]
        self.client, self.best = client, gain.argmax(axis=1)
        self.price = np.array(
            [(problem.size[i, p] * prices.seat[p]).sum()
             for i, p in zip(client, self.best, strict=True)]
        )  # fmt: skip
        self.value = np.take_along_axis(value, self.best[:, None], axis=1)[:, 0]
        self.any: NDArray[np.bool_] = np.logical_or.reduce(~np.isnan(value), axis=1)
        self.worth_it: NDArray[np.bool_] = np.logical_or.reduce(value > 0, axis=1)
        free = Prices(np.zeros_like(prices.seat), prices.fund, prices.floor)
        paid = reduced(problem, free, client) if len(problem.budget) else value
        self.in_time: NDArray[np.bool_] = np.logical_or.reduce(paid > 0, axis=1)
        if problem.load is not None:
            paid = paid + problem.load.price(prices.fund[problem.funds :], client)
        self.affordable: NDArray[np.bool_] = np.logical_or.reduce(paid > 0, axis=1)


def _why(
    problem: Problem, prices: Prices, offers: _Offers, at: int, family: tuple[int, ...] | None
) -> Unplaced:
    """Return why a client is unplaced, and where one more seat is nearest to being hers."""
    client = int(offers.client[at])
    if not offers.any[at]:
        return Unplaced(client, Reason.NO_OFFER)
    if not offers.worth_it[at]:
        return Unplaced(client, Reason.NO_GAIN)
    if family is not None and np.isneginf(family_gain(problem, prices, family)[0]):
        return Unplaced(client, Reason.TOGETHER)
    if family is None and not offers.affordable[at]:
        return Unplaced(client, Reason.NO_MONEY)
    if family is None and not offers.in_time[at]:
        return Unplaced(client, Reason.NO_TIME)
    return Unplaced(
        client, Reason.OUTBID if family is None else Reason.TOGETHER,
        int(problem.opportunity[offers.best[at]]), float(problem.sign * offers.value[at]),
        float(offers.price[at]),
    )  # fmt: skip

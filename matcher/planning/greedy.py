"""A plan that keeps every rule, found quickly: who gains most is seated first."""

import numpy as np
from numpy.typing import NDArray

from matcher.planning.bounds import reduced
from matcher.planning.columns import Floats, Ints
from matcher.planning.problem import Problem
from matcher.planning.program import Prices

SLACK = 1e-9


class _Stock:
    """What is left of seats, money and officers' time."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seats = problem.capacity.copy()
        self.money = problem.budget.copy()

    def fits(self, client: int) -> NDArray[np.bool_]:
        """Return the pools (pools,) that still have room and money for a client, as a mask."""
        problem = self.problem
        room: NDArray[np.bool_] = (problem.size[client] <= self.seats + SLACK).all(axis=1)
        if problem.funds:
            room &= problem.cost[client] <= self.money[problem.fund] + SLACK
        if problem.load is not None:
            time = np.append(self.money[problem.funds :], np.inf)
            room &= time[problem.load.rows(client)[0]] >= 1.0 - SLACK
        return room

    def take(self, client: int, pool: int, times: float = 1.0) -> None:
        """Take what a pair needs, or give it back."""
        self.seats[pool] -= times * self.problem.size[client, pool]
        if self.problem.funds:
            self.money[self.problem.fund[pool]] -= times * self.problem.cost[client, pool]
        load = self.problem.load
        if load is not None and load.officer[client] >= 0 and load.week[pool] >= 0:
            limit = load.officer[client] * load.limit.shape[1] + load.week[pool]
            self.money[self.problem.funds + limit] -= times


def greedy(problem: Problem, prices: Prices) -> Ints | None:
    """Return pools (n,), -1 for none; None where somebody who must be placed is not."""
    gain = reduced(problem, prices, slice(0, problem.clients))
    pool = np.full(problem.clients, -1)
    stock = _Stock(problem)
    for unit in _units(problem, gain):
        seats = _seats(problem, gain, stock, unit)
        if seats is not None:
            pool[list(unit)] = seats
    return None if (pool[problem.must] < 0).any() else pool


def _units(problem: Problem, gain: Floats) -> list[tuple[int, ...]]:
    """Return clients and families: those who must be placed first, then by the gain of each."""
    in_family = {i for family in problem.families for i in family}
    units = [(i,) for i in range(problem.clients) if i not in in_family] + problem.families
    best = gain.max(axis=1, initial=-np.inf)
    return sorted(units, key=lambda unit: (not problem.must[unit[0]], -best[list(unit)].mean()))


def _seats(
    problem: Problem, gain: Floats, stock: _Stock, unit: tuple[int, ...]
) -> list[int] | None:
    """Return a seat for each of a unit at one place, taken off the stock, or None."""
    if len(unit) == 1:
        places: list[int | None] = [None]
    else:
        best = np.full((len(unit), problem.place.max(initial=-1) + 1), -np.inf)
        for row, client in zip(best, unit, strict=True):
            np.maximum.at(row, problem.place, gain[client])
        total = best.sum(axis=0)
        places = [int(p) for p in np.argsort(-total)[:10] if np.isfinite(total[p])]
    for place in places:
        seats = _seats_at(problem, gain, stock, unit, place)
        if seats is not None:
            return seats
    return None


def _seats_at(
    problem: Problem, gain: Floats, stock: _Stock, unit: tuple[int, ...], place: int | None
) -> list[int] | None:
    seats: list[int] = []
    for client in unit:
        open_to = stock.fits(client)
        if place is not None:
            open_to &= problem.place == place
        open_to &= problem.must[client] | (problem.value[client] > 0)
        here = np.where(open_to, gain[client], -np.inf)
        best = int(here.argmax()) if len(here) else -1
        if best < 0 or np.isneginf(here[best]):
            for other, taken in zip(unit, seats, strict=False):
                stock.take(other, taken, -1.0)
            return None
        stock.take(client, best)
        seats.append(best)
    return seats

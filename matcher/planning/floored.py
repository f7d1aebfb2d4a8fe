"""Programmes with floors: met where they can be, else missed by as little as can be."""

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.planning.columns import Floats
from matcher.planning.problem import Problem
from matcher.planning.program import INF, Answer, Program

FLOOR_WEIGHT = 100.0
"""What missing a floor by one, a person, costs in the linear programme: more than any value."""

ROUNDING = 1e-9
LEAST_SECONDS = 0.05


class FlooredProgram(Program):
    """A programme with floors, each with a column for what it is missed by.

    Parameters
    ----------
    problem, floor
        As in :class:`matcher.planning.program.Program`.
    """

    def __init__(self, problem: Problem, floor: Floats) -> None:
        super().__init__(problem, floor, FLOOR_WEIGHT)
        self._misses = int((~np.isnan(floor)).sum())

    def whole(
        self, seconds: float, gap: float, seed: int, start: NDArray[np.bool_] | None = None
    ) -> Answer:
        """Return the best whole solution that meets the floors; else misses them by the least.

        Its bound holds for all solutions that miss the floors by no more.
        """
        until = time.perf_counter() + seconds
        if not self._misses:
            return super().whole(seconds, gap, seed, start)
        self._limit_misses(0.0)
        met = super().whole(seconds, gap, seed, start)
        if met.chosen is not None:
            return met
        self._limit_misses(INF)
        left = max(LEAST_SECONDS, (until - time.perf_counter()) / 2)
        nearest = self._nearest(left, gap, seed)
        if nearest.chosen is None:
            return nearest
        self._limit_sum(-nearest.objective)
        left = max(LEAST_SECONDS, until - time.perf_counter())
        best = super().whole(left, gap, seed, nearest.chosen > 0.5)
        return best if best.chosen is not None else replace(nearest, bound=np.inf)

    def _limit_misses(self, most: float) -> None:
        for column in range(self._misses):
            self._highs.changeColBounds(column, 0.0, most)

    def _limit_sum(self, most: float) -> None:
        """Let the floors together be missed by no more than an amount."""
        columns = np.arange(self._misses, dtype=np.int32)
        limit = most + ROUNDING * max(1.0, most)
        self._highs.addRow(-INF, limit, len(columns), columns, np.ones(len(columns)))

    def _nearest(self, seconds: float, gap: float, seed: int) -> Answer:
        """Return the whole solution that misses the floors by the least."""
        count = self._highs.getNumCol()
        every = np.arange(count, dtype=np.int32)
        before = np.array(self._highs.getLp().col_cost_)
        goal = np.where(every < self._misses, -1.0, 0.0)
        self._highs.changeColsCost(count, every, goal)
        answer = super().whole(seconds, gap, seed)
        self._highs.changeColsCost(count, every, before)
        return answer

    def seek_level(self) -> None:
        """Take the mean that all floored groups reach at once as the only goal, from now on."""
        count = np.bincount(self.problem.group, minlength=len(self.floor))
        columns = self._highs.getNumCol()
        self._highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), np.zeros(columns))
        self._limit_misses(0.0)
        floored = np.flatnonzero(~np.isnan(self.floor))
        rows = (self._first_floor + floored).astype(np.int32)
        self._highs.addCol(1.0, -INF, INF, len(rows), rows, -count[floored].astype(np.float64))
        self._real = np.append(self._real, columns)

"""The planning problem as a linear or integer programme on some of its pairs, in HiGHS."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from matcher.planning.columns import Floats, Ints
from matcher.planning.problem import Problem

Configurations = list[tuple[int, tuple[int, ...]]]
"""Families, by their number, with the pools of their members in order."""

INF = highspy.kHighsInf
_NOTHING = np.zeros(0)
_NO_INDEX = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Prices:
    """Dual values of a problem's shared resources; the start of every bound.

    Parameters
    ----------
    seat
        (pools, d) a unit of a resource.
    fund
        (funds + limits,) a unit of money, then of officers' time.
    floor
        (groups,) a unit of a group's total value.
    """

    seat: Floats
    fund: Floats
    floor: Floats

    def __add__(self, other: "Prices") -> "Prices":
        return Prices(self.seat + other.seat, self.fund + other.fund, self.floor + other.floor)

    def __mul__(self, factor: float) -> "Prices":
        return Prices(self.seat * factor, self.fund * factor, self.floor * factor)


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS found.

    Parameters
    ----------
    status
        HiGHS's own.
    chosen
        (columns,) values of the pairs, or None where there is no solution.
    objective, bound
        In the programme's sense.
    """

    status: highspy.HighsModelStatus
    chosen: Floats | None
    objective: float
    bound: float

    @property
    def infeasible(self) -> bool:
        """Whether HiGHS proved that there is no solution."""
        return self.status == highspy.HighsModelStatus.kInfeasible


class _SilentHighs(highspy.Highs):
    """HiGHS without callbacks: enabling them prints a banner before it can be told not to."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
        """Enable none."""


class Program:
    """A programme on some pairs of a problem; pairs are added as they are priced in.

    Rows: every pool's resources, funds, officers' time, floors, units (a client or a family); then,
    for a family and a place, one row a member that ties the member's seats there to the family's
    choice.

    Parameters
    ----------
    problem
        The problem.
    floor
        (groups,) mean value asked for; nan where nothing is asked. A floor can be missed, at
        ``floor_weight`` times the value missed.
    floor_weight
        The price of missing a floor.
    """

    def __init__(self, problem: Problem, floor: Floats, floor_weight: float) -> None:
        self.problem, self.floor = problem, floor
        self.client: Ints = np.zeros(0, dtype=np.int64)
        self.pool: Ints = np.zeros(0, dtype=np.int64)
        self._column: Ints = np.zeros(0, dtype=np.int64)
        self._links: dict[tuple[int, int], int] = {}
        self._choices: dict[tuple[int, int], int] = {}
        self._whole_families: set[tuple[int, tuple[int, ...]]] = set()
        self._family = np.full(problem.clients, -1)
        self._member = np.zeros(problem.clients, dtype=np.int64)
        for f, family in enumerate(problem.families):
            self._family[list(family)] = f
            self._member[list(family)] = range(len(family))
        self._highs = _SilentHighs()  # type: ignore[no-untyped-call]
        for option, setting in (("output_flag", False), ("threads", 1), ("parallel", "off")):
            self._highs.setOptionValue(option, setting)
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._add_rows()
        self._add_slack(floor_weight)

    def _add_rows(self) -> None:
        problem = self.problem
        self._seats = problem.pools * problem.capacity.shape[1]
        self._first_floor = self._seats + len(problem.budget)
        self._first_unit = self._first_floor + len(self.floor)
        count = np.bincount(problem.group, minlength=len(self.floor))
        least = np.nan_to_num(self.floor * count, nan=-INF)
        singles = np.flatnonzero(self._family < 0)
        heads = [family[0] for family in problem.families]
        unit = np.concatenate([singles, np.array(heads, dtype=np.int64)])
        self._unit_row = np.full(problem.clients, -1)
        self._unit_row[singles] = self._first_unit + np.arange(len(singles))
        self._family_row = self._first_unit + len(singles) + np.arange(len(heads))
        lower = np.full(self._first_unit + len(unit), -INF)
        upper = np.full(len(lower), INF)
        upper[: self._seats] = problem.capacity.ravel()
        upper[self._seats : self._first_floor] = problem.budget
        lower[self._first_floor : self._first_unit] = least
        upper[self._first_unit :] = 1.0
        lower[self._first_unit :] = np.where(problem.must[unit], 1.0, -INF)
        rows = len(lower)
        self._highs.addRows(rows, lower, upper, 0, np.zeros(rows, np.int32), _NO_INDEX, _NOTHING)

    def _add_slack(self, weight: float) -> None:
        self._real = np.arange(int((~np.isnan(self.floor)).sum()))
        for g in np.flatnonzero(~np.isnan(self.floor)):
            row = np.array([self._first_floor + g], dtype=np.int32)
            self._highs.addCol(-weight, 0.0, INF, 1, row, np.ones(1))

    def add(self, client: Ints, pool: Ints) -> None:
        """Add pairs (k,) as columns."""
        if not len(client):
            return
        self._add_links(client, pool)
        rows, entries = self._entries(client, pool)
        filled = rows >= 0
        starts = np.concatenate([[0], np.cumsum(filled.sum(axis=1))[:-1]]).astype(np.int32)
        k, first = len(client), self._highs.getNumCol()
        self._highs.addCols(
            k, self.problem.value[client, pool], np.zeros(k), np.full(k, INF), int(filled.sum()),
            starts, rows[filled].astype(np.int32), entries[filled],
        )  # fmt: skip
        self.client = np.concatenate([self.client, client])
        self.pool = np.concatenate([self.pool, pool])
        self._column = np.concatenate([self._column, first + np.arange(k)])

    def add_families(self, found: Configurations) -> None:
        """Add families at places as columns of their own, one for all seats its members take."""
        width = self.problem.capacity.shape[1] + 2
        for family, pools in found:
            if (family, pools) in self._whole_families:
                continue
            self._whole_families.add((family, pools))
            client, pool = np.array(self.problem.families[family]), np.array(pools)
            rows, entries = self._entries(client, pool, shared=width)
            row, where = np.unique(rows[rows >= 0], return_inverse=True)
            row = np.append(row, self._family_row[family]).astype(np.int32)
            taken = np.append(np.bincount(where, weights=entries[rows >= 0]), 1.0)
            column = self._highs.getNumCol()
            worth = float(self.problem.value[client, pool].sum())
            self._highs.addCol(worth, 0.0, INF, len(row), row, taken)
            self.client = np.concatenate([self.client, client])
            self.pool = np.concatenate([self.pool, pool])
            self._column = np.concatenate([self._column, np.full(len(client), column)])

    def copy(self, other: "Program", kept: NDArray[np.bool_]) -> None:
        """Add those pairs of another programme that are kept, and its families at places."""
        single = kept & (self._family[other.client] < 0)
        self.add(other.client[single], other.pool[single])
        value, families = self.problem.value, self.problem.families
        for f, pools in sorted(other._whole_families):
            if not np.isnan(value[list(families[f]), pools]).any():
                self.add_families([(f, pools)])

    def _entries(self, client: Ints, pool: Ints, shared: int | None = None) -> tuple[Ints, Floats]:
        """Return the rows (k, width) of columns, -1 for none, and what stands there.

        Only those of shared resources and floors where ``shared`` is their number.
        """
        problem, k = self.problem, len(client)
        d = problem.capacity.shape[1]
        rows = np.full((k, d + 4), -1)
        entries = np.ones((k, d + 4))
        rows[:, :d] = pool[:, None] * d + np.arange(d)
        entries[:, :d] = problem.size[client, pool]
        if problem.funds:
            rows[:, d] = self._seats + problem.fund[pool]
            entries[:, d] = problem.cost[client, pool]
        if problem.load is not None:
            limit = problem.load.row(client, pool)
            rows[:, d + 3] = np.where(limit < 0, -1, self._seats + problem.funds + limit)
        group = problem.group[client]
        floored = ~np.isnan(self.floor[group])
        rows[floored, d + 1] = self._first_floor + group[floored]
        entries[:, d + 1] = problem.value[client, pool]
        if shared:
            return rows[:, :shared], entries[:, :shared]
        rows[:, d + 2] = self._unit_row[client]
        for at in np.flatnonzero(self._family[client] >= 0):
            i = client[at]
            link = self._links[int(self._family[i]), int(problem.place[pool[at]])]
            rows[at, d + 2] = link + self._member[i]
        return rows, entries

    def _add_links(self, client: Ints, pool: Ints) -> None:
        """Add the choice of a place by a family, and its members' rows, where they are new."""
        of_family = self._family[client] >= 0
        place = self.problem.place[pool[of_family]]
        found = set(zip(self._family[client[of_family]].tolist(), place.tolist(), strict=True))
        for family, at in sorted(found - self._links.keys()):
            size = len(self.problem.families[family])
            first = self._highs.getNumRow()
            self._links[family, at] = first
            self._highs.addRows(
                size, np.zeros(size), np.zeros(size), 0, np.zeros(size, np.int32), _NO_INDEX,
                _NOTHING,
            )  # fmt: skip
            rows = np.array([self._family_row[family], *range(first, first + size)], dtype=np.int32)
            entries = np.array([1.0, *[-1.0] * size])
            self._choices[family, at] = self._highs.getNumCol()
            self._highs.addCol(0.0, 0.0, INF, size + 1, rows, entries)

    def no_prices(self) -> Prices:
        """Return prices of nothing."""
        problem = self.problem
        return Prices(
            np.zeros_like(problem.capacity),
            np.zeros(len(problem.budget)),
            np.zeros(len(self.floor)),
        )

    def relaxed(self, seconds: float, solver: str = "choose") -> tuple[Answer, Prices]:
        """Return the optimum of the linear programme and the prices there."""
        self._highs.setOptionValue("solver", solver)
        answer = self._run(seconds)
        dual = np.array(self._highs.getSolution().row_dual)
        if not len(dual):
            dual = np.zeros(self._first_unit)
        d = self.problem.capacity.shape[1]
        prices = Prices(
            np.maximum(dual[: self._seats], 0.0).reshape(-1, d),
            np.maximum(dual[self._seats : self._first_floor], 0.0),
            np.maximum(-dual[self._first_floor : self._first_unit], 0.0),
        )
        return answer, prices

    def whole(
        self, seconds: float, gap: float, seed: int, start: NDArray[np.bool_] | None = None
    ) -> Answer:
        """Return the best whole solution found in some seconds."""
        count = self._highs.getNumCol()
        kinds = np.full(count, highspy.HighsVarType.kInteger)
        kinds[self._real] = highspy.HighsVarType.kContinuous
        self._highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        self._highs.setOptionValue("mip_rel_gap", gap)
        self._highs.setOptionValue("random_seed", seed % 2**31)
        self._highs.setOptionValue("solver", "choose")
        if start is not None:
            self._start(start)
        return self._run(seconds)

    def _start(self, start: NDArray[np.bool_]) -> None:
        """Tell HiGHS which pairs are taken; it works out the columns that are not whole."""
        values = np.zeros(self._highs.getNumCol())
        values[self._column] = 1.0
        values[self._column[~start]] = 0.0
        place = self.problem.place[self.pool]
        for k in np.flatnonzero(start & (self._family[self.client] >= 0)):
            choice = int(self._family[self.client[k]]), int(place[k])
            if choice in self._choices:
                values[self._choices[choice]] = 1.0
        told = np.setdiff1d(np.arange(len(values), dtype=np.int32), self._real)
        self._highs.setSolution(len(told), told.astype(np.int32), values[told])

    def _run(self, seconds: float) -> Answer:
        self._highs.setOptionValue("time_limit", max(0.01, seconds) + self._highs.getRunTime())
        self._highs.run()
        status = self._highs.getModelStatus()
        info = self._highs.getInfo()
        known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = np.array(self._highs.getSolution().col_value) if known else None
        bound = info.mip_dual_bound
        return Answer(
            status, None if values is None else values[self._column], info.objective_function_value,
            bound,
        )  # fmt: skip

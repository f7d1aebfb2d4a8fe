"""A plan and its inputs as an audit sees them: the arrays worked out anew."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.planning.plan import UNPLACED, Plan

SLACK = 1e-6
"""Relative tolerance of sums; seats and money are checked with it too."""

ROUNDING = 1e-12
"""Share of all values placed that a sum of them may be wrong by."""

Floats = NDArray[np.float64]


class AuditCase:
    """One plan and its inputs; the arrays are worked out anew."""

    def __init__(
        self, plan: Plan, score: Any, capacity: Any, sizes: Any, cost: Any, fund: Any, budget: Any,
        together: Any, place: Any, groups: Any, floor: Any, pins: Any, bans: Any, must_place: bool,
        sense: str, reserved: Any, time: tuple[Any, Any, Any],
    ) -> None:  # fmt: skip
        self.plan, self.violations = plan, []  # type: tuple[Plan, list[str]]
        self.value = np.array(score, dtype=float) * (1 if sense == "max" else -1)
        self.sign = 1 if sense == "max" else -1
        self.n, self.m = self.value.shape
        self.seats = np.asarray(capacity, dtype=float).reshape(self.m, -1)
        d = self.seats.shape[1]
        given = np.ones(self.n) if sizes is None else np.asarray(sizes, dtype=float)
        if given.ndim == 1:
            given = given[:, None, None]
        elif given.shape == (self.n, self.m) and d == 1:
            given = given[:, :, None]
        elif given.ndim == 2:
            given = given[:, None, :]
        self.size = np.broadcast_to(given, (self.n, self.m, d))
        self.budget = np.zeros(0) if budget is None else np.asarray(budget, float).reshape(-1)
        self.cost = np.zeros((self.n, self.m)) if cost is None else np.nan_to_num(cost)
        self.fund = np.zeros(self.m, int) if fund is None else np.asarray(fund)
        self.families = [tuple(f) for f in together or () if len(tuple(f)) > 1]
        self.place = list(range(self.m)) if place is None else list(place)
        self.label = ["all"] * self.n if groups is None else list(groups)
        self.floor, self.pins, self.bans = floor, dict(pins), list(bans)
        self.must = np.full(self.n, must_place)
        self.must[list(self.pins)] = True
        for family in self.families:
            self.must[list(family)] = self.must[list(family)].any()
        self._note_time(*time)
        self.kept = {
            k: np.broadcast_to(np.reshape(np.asarray(v, float), (self.m, -1)), (self.m, d))
            for k, v in (reserved or {}).items()
        }
        self._forbid()

    def _note_time(self, officer: Any, week: Any, load: Any) -> None:
        """Note whose week each pair takes a placement of."""
        self.time = np.zeros((0, 0)) if load is None else np.asarray(load, float)
        if self.time.ndim == 1:
            self.time = self.time[:, None]
        self.officer = np.full(self.n, -1) if officer is None else np.asarray(officer)
        self.week = np.zeros(self.m, int) if week is None else np.asarray(week)

    def _forbid(self) -> None:
        for i, j in self.bans:
            self.value[i, j] = np.nan
        for i, j in self.pins.items():
            self.value[i, np.arange(self.m) != j] = np.nan

    def placed(self) -> list[tuple[int, int]]:
        """Return the pairs (client, opportunity) of the plan."""
        return [(int(i), int(j)) for i, j in enumerate(self.plan.assignment) if j != UNPLACED]

    def means(self) -> dict[Any, float]:
        """Return the mean value of each group, unplaced as nothing."""
        total: dict[Any, float] = dict.fromkeys(self.label, 0.0)
        for i, j in self.placed():
            total[self.label[i]] += self.value[i, j]
        return {label: total[label] / self.label.count(label) for label in total}

    def objective(self) -> float:
        """Return the total value of the pairs, to be maximised."""
        return float(sum(self.value[i, j] for i, j in self.placed()))

    def pools(self) -> list[tuple[int, Any]]:
        """Return open seats, then those kept for a group, as (opportunity, label or None)."""
        kept = [
            (j, k)
            for k, seats in self.kept.items()
            for j in np.flatnonzero(seats.any(axis=1)).tolist()
        ]
        return [*((j, None) for j in range(self.m)), *kept]

    def load_price(self) -> Floats:
        """Return the prices of time; none told are zeros, which prove less but not wrongly."""
        told = self.plan.certificate.load_price
        return told if told.size else np.zeros_like(self.time)

    def gap(self, objective: float, bound: float) -> float:
        """Return the distance between the two, over the larger; what sums round off is none."""
        placed = self.placed()
        rounded = ROUNDING * sum(abs(self.value[i, j]) for i, j in placed)
        distance = abs(bound - objective)
        return 0.0 if distance <= rounded else distance / max(abs(objective), abs(bound), 1e-12)

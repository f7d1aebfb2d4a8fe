"""A plan beside its inputs: every rule and figure worked out anew, with no code of the solvers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.planning.plan import UNPLACED, Plan, Status

SLACK = 1e-6
"""Relative tolerance of sums; seats and money are checked with it too."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Audit:
    """What an audit recomputed.

    Parameters
    ----------
    objective
        Total score of the pairs.
    bound
        What the plan's prices prove, over all pairs.
    gap
        Between the two.
    search_share
        How far the plan's own bound is tighter than what its prices prove, over the objective: the
        part that rests on the solver's search, and can't be recomputed.
    """

    objective: float
    bound: float
    gap: float
    search_share: float


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

    def check_figures(self, gap: float) -> None:
        """Check the assignment, then the figures."""
        plan = self.plan
        if plan.assignment.shape != (self.n,):
            self.violations.append(f"assignment: {self.n} clients, got {plan.assignment.shape}")
            return
        wrong = (plan.assignment < UNPLACED) | (plan.assignment >= self.m)
        if wrong.any():
            self.violations.append(f"assignment: no such opportunity {plan.assignment[wrong][0]}")
            return
        if not self._has_form():
            return
        self._check_bound()
        if plan.status in (Status.INFEASIBLE, Status.UNKNOWN):
            if (plan.assignment != UNPLACED).any():
                self.violations.append(f"a plan that is {plan.status} places somebody")
            if plan.status == Status.INFEASIBLE and not self.must.any():
                self.violations.append("called infeasible, where nobody has to be placed")
            return
        self._check_pairs()
        self._check_seats()
        self._check_money()
        self._check_time()
        self._check_families()
        self._check_groups()
        self._check_objective(gap)

    def _has_form(self) -> bool:
        """Check that seats, prices and groups are those of this problem at all."""
        proof, before = self.plan.certificate, len(self.violations)
        labels = list(dict.fromkeys(self.label))
        for name, prices, shape in (
            ("seat", proof.seat_price, (len(self._pools()), self.seats.shape[1])),
            ("fund", proof.fund_price, self.budget.shape),
            ("floor", proof.floor_price, (len(labels),)),
            ("load", self._load_price(), self.time.shape),
        ):
            if prices.shape != shape:
                self.violations.append(f"certificate: the {name} prices are those of others")
            elif not (np.isfinite(prices) & (prices >= 0)).all():
                self.violations.append(f"certificate: a {name} price proves nothing: under zero")
        if self.plan.on_reserved.shape != (self.n,):
            self.violations.append("on_reserved: the plan tells of others")
        if [group.label for group in self.plan.groups] != labels:
            self.violations.append("groups: the plan tells of others")
        return len(self.violations) == before

    def _placed(self) -> list[tuple[int, int]]:
        return [(int(i), int(j)) for i, j in enumerate(self.plan.assignment) if j != UNPLACED]

    def _check_pairs(self) -> None:
        out = np.flatnonzero(self.plan.assignment == UNPLACED).tolist()
        if sorted(client.client for client in self.plan.unplaced) != out:
            self.violations.append("unplaced: the plan tells of others")
        for i, j in self._placed():
            if np.isnan(self.value[i, j]):
                self.violations.append(f"client {i} is at opportunity {j}: forbidden or unpinned")
        for i in np.flatnonzero(self.must & (self.plan.assignment == UNPLACED)).tolist():
            self.violations.append(f"client {i} has to be placed and is not")

    def _check_seats(self) -> None:
        used = {
            None: np.zeros_like(self.seats),
            **{k: np.zeros_like(self.seats) for k in self.kept},
        }
        for i, j in self._placed():
            kind = self.label[i] if self.plan.on_reserved[i] else None
            if kind not in used:
                self.violations.append(f"client {i} holds a seat reserved for others")
                continue
            used[kind][j] += self.size[i, j]
        free = self.seats - sum(self.kept.values(), np.zeros_like(self.seats))
        for kind, taken in used.items():
            has = free if kind is None else self.kept[kind]
            for j, k in np.argwhere(taken > has * (1 + SLACK) + SLACK):
                what = "open" if kind is None else f"reserved for {kind!r}"
                self.violations.append(
                    f"opportunity {j}, resource {k}: {taken[j, k]:g} taken of {has[j, k]:g} {what}"
                )

    def _check_money(self) -> None:
        spent = np.zeros(len(self.budget))
        for i, j in self._placed() if len(spent) else ():
            spent[self.fund[j]] += self.cost[i, j]
        for f in np.flatnonzero(spent > self.budget * (1 + SLACK) + SLACK):
            self.violations.append(f"fund {f}: {spent[f]:g} spent of {self.budget[f]:g}")

    def _check_time(self) -> None:
        taken = np.zeros_like(self.time)
        for i, j in self._placed() if len(self.time) else ():
            if self.officer[i] >= 0 and self.week[j] >= 0:
                taken[self.officer[i], self.week[j]] += 1
        for o, w in np.argwhere(taken > self.time + SLACK):
            self.violations.append(
                f"officer {o}, week {w}: {taken[o, w]:g} placements, time for {self.time[o, w]:g}"
            )

    def _check_families(self) -> None:
        for family in self.families:
            at = {
                None if j == UNPLACED else self.place[j] for j in self.plan.assignment[list(family)]
            }
            if len(at) > 1:
                self.violations.append(f"family {family} is parted")

    def _means(self) -> dict[Any, float]:
        total: dict[Any, float] = dict.fromkeys(self.label, 0.0)
        for i, j in self._placed():
            total[self.label[i]] += self.value[i, j]
        return {label: total[label] / self.label.count(label) for label in total}

    def _check_groups(self) -> None:
        means = self._means()
        told = {group.label: group for group in self.plan.groups}
        for label, mean in means.items():
            if not abs(told[label].mean_value - self.sign * mean) <= SLACK * max(1, abs(mean)):
                self.violations.append(f"group {label!r}: mean {mean:g}, not as told")
        placed = Counter(self.label[i] for i, _ in self._placed())
        for group in self.plan.groups:
            if group.placed != placed[group.label]:
                self.violations.append(
                    f"group {group.label!r}: {placed[group.label]} placed, told {group.placed}"
                )
        floored = [means[group.label] for group in self.plan.groups if group.floor is not None]
        highest = self.plan.level_bound
        if highest is not None and min(floored, default=highest) > highest + SLACK:
            self.violations.append(f"level: told at most {highest:g}, all groups are above it")
        for label, least in self.floor.items() if isinstance(self.floor, Mapping) else ():
            if told[label].reached and means[label] < least - SLACK * max(1, abs(least)):
                self.violations.append(f"group {label!r}: mean {means[label]:g} is under {least:g}")

    def _check_objective(self, gap: float) -> None:
        plan, objective, bound = self.plan, self._objective(), self.sign * self.plan.bound
        slack = SLACK * max(1.0, abs(objective))
        if not abs(self.sign * plan.objective - objective) <= slack:
            self.violations.append(f"objective: {self.sign * objective:g}, told {plan.objective:g}")
        if not bound >= objective - slack:
            self.violations.append(f"bound {plan.bound:g} is passed by the objective")
        if not self._gap(objective, bound) <= plan.gap + SLACK:
            self.violations.append(f"gap: told {plan.gap:g}, is {self._gap(objective, bound):g}")
        if plan.status == Status.OPTIMAL and not plan.gap <= gap + SLACK:
            self.violations.append(f"called optimal with a gap of {plan.gap:g}")

    def _check_bound(self) -> None:
        proof = self.plan.certificate
        bound, told = self._bound(), self.sign * proof.bound
        slack = SLACK * max(1.0, abs(bound)) if np.isfinite(bound) else 0.0
        if not abs(bound - told) <= slack and bound != told:
            self.violations.append(
                f"certificate: proves {self.sign * bound:g}, told {proof.bound:g}"
            )
        if not self.sign * self.plan.bound <= bound + slack:
            self.violations.append("bound: is weaker than what the prices prove")

    def _objective(self) -> float:
        return float(sum(self.value[i, j] for i, j in self._placed()))

    @staticmethod
    def _gap(objective: float, bound: float) -> float:
        return abs(bound - objective) / max(abs(objective), abs(bound), 1e-12)

    def _pools(self) -> list[tuple[int, Any]]:
        kept = [
            (j, k)
            for k, seats in self.kept.items()
            for j in np.flatnonzero(seats.any(axis=1)).tolist()
        ]
        return [*((j, None) for j in range(self.m)), *kept]

    def _bound(self) -> float:
        """Return what the prices prove: each unit takes its best, and pays for it."""
        proof, pools = self.plan.certificate, self._pools()
        of = np.array([j for j, _ in pools], dtype=int)
        free = self.seats - sum(self.kept.values(), np.zeros_like(self.seats))
        has = np.array([free[j] if k is None else self.kept[k][j] for j, k in pools])
        has = has.reshape(len(pools), self.seats.shape[1])
        labels = list(dict.fromkeys(self.label))
        weight = 1 + proof.floor_price[[labels.index(x) for x in self.label]]
        units = np.zeros(self.n)
        heads = {i: family for family in self.families for i in family}
        rows: dict[int, Floats] = {}
        for i in range(self.n):
            gain = weight[i] * self.value[i, of] - (self.size[i, of] * proof.seat_price).sum(axis=1)
            if len(self.budget):
                gain -= self.cost[i, of] * proof.fund_price[self.fund[of]]
            gain -= self._price_of_time(i, of)
            gain[np.isnan(gain) | (self.size[i, of] > has + 1e-9).any(axis=1)] = -np.inf
            for p in range(self.m, len(pools)):
                if pools[p][1] != self.label[i]:
                    gain[p] = -np.inf
            if i in heads:
                rows[i] = gain
            else:
                units[i] = gain.max(initial=-np.inf)
        for family in self.families:
            units[list(family)] = 0.0
            units[family[0]] = self._family(family, [rows[i] for i in family], of, has)
        units = np.where(self.must, units, np.maximum(units, 0.0))
        asked = sum(
            price * sum(label == x for x in self.label) * self._kept_floor(label)
            for label, price in zip(labels, proof.floor_price, strict=True) if price > 0
        )  # fmt: skip
        paid = (has * proof.seat_price).sum() + self.budget @ proof.fund_price
        if len(self.time):
            paid += float((np.floor(self.time + 1e-9) * self._load_price()).sum())
        return float(units.sum() + paid - asked)

    def _load_price(self) -> Floats:
        """Return the prices of time; none told are zeros, which prove less but not wrongly."""
        told = self.plan.certificate.load_price
        return told if told.size else np.zeros_like(self.time)

    def _price_of_time(self, client: int, of: NDArray[np.int64]) -> Floats:
        if not len(self.time) or self.officer[client] < 0:
            return np.zeros(len(of))
        hers = self._load_price()[self.officer[client]]
        return np.asarray(np.append(hers, 0.0)[self.week[of]])

    def _family(
        self, family: tuple[int, ...], rows: list[Floats], of: NDArray[np.int64], has: Floats
    ) -> float:
        """Return the most that all of a family gain together at one place, in seats there are."""
        at_place: dict[Any, list[int]] = {}
        for p, j in enumerate(of):
            at_place.setdefault(self.place[j], []).append(p)
        most = -np.inf
        for here in at_place.values():
            ranked = [sorted(here, key=lambda p, r=row: -r[p]) for row in rows]  # type: ignore[misc]
            best_left = [sum(r[o[0]] for r, o in zip(rows[k:], ranked[k:], strict=True))
                         for k in range(len(rows) + 1)]  # fmt: skip
            stack = [(0, 0.0, {p: has[p] for p in here})] if best_left[0] > most else []
            while stack:
                k, gained, left = stack.pop()
                if k == len(rows):
                    most = max(most, gained)
                    continue
                for p in reversed(ranked[k]):
                    total, after = gained + rows[k][p], left[p] - self.size[family[k], of[p]]
                    if total + best_left[k + 1] > most and (after >= -1e-9).all():
                        stack.append((k + 1, total, {**left, p: after}))
        return most

    def _kept_floor(self, label: Any) -> float:
        """Return the floor that a plan keeps: the one asked for, or what was reached of it."""
        group = next(group for group in self.plan.groups if group.label == label)
        if group.floor is None:
            return 0.0
        if self.plan.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return group.floor
        return min(group.floor, self._means()[label])

    def figures(self) -> Audit:
        """Return what was recomputed."""
        bound, objective = self._bound(), self._objective()
        told = self.sign * self.plan.bound
        share = (bound - told) / max(abs(objective), 1e-12)
        return Audit(self.sign * objective, self.sign * bound, self._gap(objective, bound), share)

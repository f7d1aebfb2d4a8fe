"""Every assignment of a small planning problem, and what it is worth; written without the engine.

``python -m tests.matcher.planning.enumeration COUNT SEED`` holds so many drawn problems to it;
``--few-columns`` solves them as large ones are solved.
"""

import sys
from collections import Counter
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np

from matcher.planning import PinConflict, Status, assign, audit_plan, exchange, floors, general

EXACT = {"gap": 1e-9}
NEAR = 1e-6


@dataclass(frozen=True)
class Case:
    """The arguments of one problem."""

    score: np.ndarray
    capacity: np.ndarray
    keywords: dict

    @property
    def sign(self):
        return -1.0 if self.keywords.get("sense") == "min" else 1.0


def drawn(seed):
    """Draw a problem: every feature is in or out by itself, so that all combinations come up."""
    dice = np.random.default_rng(seed)
    n, m, d = int(dice.integers(1, 7)), int(dice.integers(1, 5)), 1 + int(dice.random() < 0.25)
    reserving = dice.random() < 0.15
    if reserving:
        n = min(n, 4)
    score = dice.normal(dice.choice([0.4, 0.0, -0.3]), 0.5, (n, m)).round(int(dice.integers(0, 4)))
    score[dice.random((n, m)) < dice.choice([0.0, 0.2, 0.5])] = np.nan
    capacity = dice.integers(0, 4, (m, d)) if d > 1 else dice.integers(0, 4, m)
    keywords = {
        "sense": "min" if dice.random() < 0.25 else "max", "must_place": dice.random() < 0.2,
        **_sizes(dice, n, m, d), **_money(dice, n, m),
        **_families(dice, n, m), **_officer(dice, n, m),
    }  # fmt: skip
    if reserving or dice.random() < 0.5:
        keywords["groups"] = dice.integers(0, 3, n).tolist()
    if reserving:
        kept = np.minimum(capacity, dice.integers(0, 3, capacity.shape))
        keywords["reserved"] = {keywords["groups"][0]: kept}
    if "groups" in keywords and keywords["sense"] == "max" and dice.random() < 0.6:
        keywords["floor"] = _floor(dice, keywords["groups"])
    return Case(score, capacity, keywords)


def _sizes(dice, n, m, d):
    shapes = [None, (n,), (n, d), (n, m, d)] + [(n, m)] * (d == 1)
    shape = shapes[dice.integers(len(shapes))]
    if shape is None:
        return {}
    least = 0 if dice.random() < 0.2 else 1
    return {"sizes": dice.integers(least, 3, shape) * dice.choice([1.0, 0.5])}


def _money(dice, n, m):
    if dice.random() < 0.6:
        return {}
    funds = int(dice.integers(1, 3))
    found = {"cost": dice.random((n, m)).round(2), "budget": (2 * dice.random(funds)).round(2)}
    if funds > 1 or dice.random() < 0.4:
        found["fund"] = dice.integers(0, funds, m)
    return found


def _families(dice, n, m):
    found = {}
    if dice.random() < 0.4:
        found["place"] = dice.integers(0, 2, m).tolist()
    if n > 1 and dice.random() < 0.4:
        order, kin = dice.permutation(n).tolist(), []
        while len(order) > 1:
            size = int(dice.integers(1, 4))
            kin, order = [*kin, tuple(order[:size])], order[size:]
        found["together"] = kin
    return found


def _officer(dice, n, m):
    """Draw pins and bans."""
    return {
        kind: [
            (int(dice.integers(n)), int(dice.integers(m))) for _ in range(1 + dice.integers(0, 2))
        ]
        for kind in ("pins", "bans")
        if dice.random() < 0.2
    }


def _floor(dice, groups):
    given = {g: float(dice.normal(0.3, 0.4)) for g in set(groups) if dice.random() < 0.8}
    return [given, "maxmin", "proportional", "random"][dice.integers(4)]


class Enumeration:
    """All assignments that keep every rule but floors, and what each is worth to be maximised.

    ``choice`` (k, n) holds -1, an opportunity, or m + an opportunity for a seat reserved there.
    """

    def __init__(self, case):
        self.case, kw = case, case.keywords
        n, self.m = case.score.shape
        self.labels = list(kw.get("groups", ["all"] * n))
        self.reserved = {
            label: np.asarray(seats, float).reshape(self.m, -1)
            for label, seats in kw.get("reserved", {}).items()
        }
        options = [self._options(i) for i in range(n)]
        self.choice = np.stack(np.meshgrid(*options, indexing="ij"), axis=-1).reshape(-1, n)
        self._keep(self._fits())
        self._keep(self._affordable())
        self._keep(self._together())
        value = np.nan_to_num(case.sign * case.score)
        self.worth = np.zeros(self.choice.shape)
        for i in range(n):
            on = self.choice[:, i] >= 0
            self.worth[on, i] = value[i, self.choice[on, i] % self.m]
        self.total = self.worth.sum(axis=1)

    def _keep(self, mask):
        self.choice = self.choice[mask]

    def _options(self, i):
        kw, m = self.case.keywords, self.m
        pinned = [j for c, j in kw.get("pins", ()) if c == i]
        found = [] if pinned or kw.get("must_place") else [-1]
        for j in range(m):
            banned = (i, j) in kw.get("bans", ())
            if np.isnan(self.case.score[i, j]) or banned or any(p != j for p in pinned):
                continue
            found.append(j)
            if self.labels[i] in self.reserved:
                found.append(m + j)
        return np.array(found, dtype=int)

    def _fits(self):
        seats = np.asarray(self.case.capacity, float).reshape(self.m, -1)
        (n, m), d = self.case.score.shape, seats.shape[1]
        size = np.ones((n, m, d))
        given = self.case.keywords.get("sizes")
        if given is not None:
            for i in range(n):
                for j in range(m):
                    own = np.asarray(given[i], float)
                    size[i, j] = own[j] if own.shape[:1] == (m,) and given.shape != (n, d) else own
        kept = sum(self.reserved.values(), np.zeros((m, d)))
        good = np.ones(len(self.choice), bool)
        for j in range(m):
            for k in range(d):
                used = ((self.choice == j) * size[:, j, k]).sum(axis=1)
                good &= used <= seats[j, k] - kept[j, k] + 1e-9
                for label, has in self.reserved.items():
                    own = np.array([x == label for x in self.labels])
                    used = ((self.choice == m + j) * own * size[:, j, k]).sum(axis=1)
                    good &= used <= has[j, k] + 1e-9
        return good

    def _affordable(self):
        kw = self.case.keywords
        good = np.ones(len(self.choice), bool)
        for f, has in enumerate(np.reshape(kw.get("budget", []), -1)):
            paid = np.where(np.asarray(kw.get("fund", np.zeros(self.m))) == f, kw["cost"], 0.0)
            spent = sum(
                np.where(self.choice[:, i] >= 0, paid[i, self.choice[:, i] % self.m], 0.0)
                for i in range(len(self.labels))
            )
            good &= spent <= has + 1e-9
        return good

    def _together(self):
        place = np.append(self.case.keywords.get("place", range(self.m)), -1)
        at = place[np.where(self.choice >= 0, self.choice % self.m, self.m)]
        good = np.ones(len(self.choice), bool)
        for family in self.case.keywords.get("together", ()):
            good &= (at[:, list(family)] == at[:, [family[0]]]).all(axis=1)
        return good

    def means(self):
        """Return the mean (k, labels) of each group, labels in the order they first appear."""
        order = list(dict.fromkeys(self.labels))
        return np.stack(
            [self.worth[:, [x == g for x in self.labels]].mean(axis=1) for g in order], axis=1
        )

    def row_of(self, plan):
        """Return the rows of an assignment."""
        told = plan.assignment + self.m * plan.on_reserved
        return np.flatnonzero((self.choice == told).all(axis=1))


def hold(case, proven=True):
    """Hold a plan to the enumeration; return what the plan said.

    ``proven`` is whether it should be the best there is; else only what it claims is held to be so.
    """
    kw = case.keywords
    every = Enumeration(case)
    try:
        plan = assign(case.score, case.capacity, **kw, **EXACT)
    except PinConflict:
        free = Case(case.score, case.capacity, {**kw, "must_place": False})
        assert not len(Enumeration(free).total), "pins that can hold were refused"
        return "conflict"
    audit_plan(plan, case.score, case.capacity, **kw, **EXACT)
    if not len(every.total) or (plan.status == Status.UNKNOWN and not proven):
        assert plan.status in (Status.INFEASIBLE, *[Status.UNKNOWN] * (not proven)), plan.status
        return plan.status
    assert plan.status in (Status.OPTIMAL, Status.FEASIBLE), plan.status
    row = every.row_of(plan)
    assert len(row) == 1, "a rule is broken"
    total, bound = every.total[row[0]], case.sign * plan.bound
    assert np.isclose(case.sign * plan.objective, total, rtol=0, atol=NEAR)
    if "floor" not in kw:
        best = every.total.max()
        assert bound >= best - NEAR, f"bound {bound} under {best}"
        assert case.sign * plan.certificate.bound >= best - NEAR
        assert plan.status == Status.OPTIMAL or not proven, plan.gap
        assert total >= best - NEAR or plan.status == Status.FEASIBLE, f"{total}, best {best}"
        return plan.status
    return hold_floors(plan, every, row[0], bound, proven)


def hold_floors(plan, every, row, bound, proven):
    """Hold the floors that a plan tells of to the enumeration."""
    means = every.means()
    asked = np.array([-np.inf if g.floor is None else g.floor for g in plan.groups])
    reached = np.array([g.reached for g in plan.groups])
    assert (reached == (means[row] >= asked - NEAR)).all()
    if every.case.keywords["floor"] == "maxmin" and np.isfinite(asked).any():
        highest = means[:, np.isfinite(asked)].min(axis=1).max()
        assert plan.level_bound >= highest - NEAR, f"{plan.level_bound} under {highest}"
        at_best = abs(asked.max() - highest) < NEAR
        assert at_best or not proven, f"level {asked.max()}, best {highest}"
        assert (means[:, np.isinf(asked)] <= NEAR).all(), "a group with offers has no floor"
    possible = (means >= asked - 1e-9).all(axis=1)
    if possible.any() and proven:
        assert reached.all(), "floors that can be met are missed"
    kept = (means >= np.minimum(asked, means[row]) - 1e-9).all(axis=1)
    best = every.total[kept].max()
    assert bound >= best - NEAR, f"bound {bound} under {best}"
    count = np.array([g.size for g in plan.groups])
    short = (count * np.maximum(0.0, np.where(np.isinf(asked), 0.0, asked - means))).sum(axis=1)
    assert not proven or short[row] <= short.min() + 1e-5, (
        f"short by {short[row]}, least {short.min()}"
    )
    if plan.status == Status.OPTIMAL:
        assert every.total[row] >= best - NEAR, f"{every.total[row]}, best {best}"
    return f"{plan.status}, floors {'met' if reached.all() else 'missed'}"


@contextmanager
def few_columns():
    """Let small problems be solved as large ones are: on some pairs, priced against all."""
    with ExitStack() as stack:
        for module, changes in (
            (general, {"ALL_PAIRS": 0, "FIRST_COLUMNS": 1, "MORE_COLUMNS": 1, "WHOLE_COLUMNS": 2}),
            (floors, {"ALL_PAIRS": 0, "COLUMNS": 2}),
            (exchange, {"FEW_PAIRS": 0, "QUIET": 20}),
        ):
            stack.enter_context(patch.multiple(module, **changes))
        yield


def main():
    count, first = int(sys.argv[1]), int(sys.argv[2])
    told, failed, proven = Counter(), [], "--few-columns" not in sys.argv
    with nullcontext() if proven else few_columns():
        for seed in range(first, first + count):
            try:
                told[hold(drawn(seed), proven)] += 1
            except Exception as error:
                failed.append((seed, f"{type(error).__name__}: {str(error)[:150]}"))
    for line in (dict(told), *failed[:30], f"{len(failed)} of {count} failed"):
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

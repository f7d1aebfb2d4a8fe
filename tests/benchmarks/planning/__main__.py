"""What plans cost beside other solvers, and how near they are proven; ``--large`` adds 20,000."""

import argparse
import statistics
import sys
import time

import numpy as np

from matcher.planning import assign, audit_plan
from tests.benchmarks.planning import arrivals
from tests.benchmarks.planning.instances import (
    KINDS,
    families,
    generalised,
    seats_alone,
    with_money,
)
from tests.benchmarks.planning.peers import EXACT, highs_lp


def timed(run, repeats=3):
    """Return the answer of a run and the median of its seconds."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = run()
        taken.append(time.perf_counter() - start)
    return answer, statistics.median(taken)


def say(*cells):
    """Print a row of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)  # noqa: T201


def seats(repeats):
    """Seats alone, 2,000 x 500: seconds, and how often as fast each peer is."""
    say("seats", "values", "ours, s", "gap", *(f"{name}, s (ratio)" for name in EXACT))
    for count in (2_200, 2_000, 1_200):
        for kind in KINDS:
            value, capacity = seats_alone(kind, 2_000, 500, count, 1)
            plan, ours = timed(lambda v=value, c=capacity: assign(v, c), repeats)
            told = []
            for solve in EXACT.values():
                total, theirs = timed(lambda s=solve, v=value, c=capacity: s(v, c), 1)
                assert abs(total - plan.objective) <= 1e-5 * total
                told.append(f"{theirs:.3f} ({theirs / ours:.1f})")
            gap = audit_plan(plan, value, capacity).gap
            say(count, kind, f"{ours:.3f}", f"{gap:.0e}", *told)


def large():
    """Seats alone, 20,000 x 5,000."""
    say("seats", "ours, s", "gap")
    for count in (22_000, 12_000):
        value, capacity = seats_alone("uniform", 20_000, 5_000, count, 1)
        plan, ours = timed(lambda v=value, c=capacity: assign(v, c), 1)
        say(count, f"{ours:.2f}", f"{plan.gap:.0e}")


def money(repeats):
    """A fund of 60 % of what the plan without it costs, and families too."""
    say("problem", "gap asked", "s", "gap", "of the bound", "status")
    value, capacity, cost = with_money(2_000, 500, 2_200, 1)
    free = assign(value, capacity).assignment
    on = np.flatnonzero(free >= 0)
    fund = {"cost": cost, "budget": 0.6 * cost[on, free[on]].sum()}
    for asked in (5e-4, 1e-4):
        plan, taken = timed(lambda g=asked: assign(value, capacity, **fund, gap=g), repeats)
        say("fund", asked, f"{taken:.2f}", f"{plan.gap:.1e}", f"{1 - plan.gap:.5f}", plan.status)
    kin = {"together": families(2_000, 2), "place": np.arange(500) // 5}
    plan, taken = timed(lambda: assign(value, capacity, **fund, **kin, time_limit=40), 1)
    say("fund, families", 1e-4, f"{taken:.2f}", f"{plan.gap:.1e}", f"{1 - plan.gap:.5f}",
        plan.status)  # fmt: skip


def floors():
    """Groups that differ: what the highest floor costs."""
    say("floor", "means of groups", "price of fairness", "all reached", "no level above")
    dice = np.random.default_rng(3)
    groups = dice.choice(["a", "b", "c"], 300, p=[0.6, 0.37, 0.03])
    value = dice.random((300, 60)) * np.where(groups == "a", 1.0, 0.8)[:, None]
    capacity = dice.multinomial(240, np.full(60, 1 / 60))
    for floor in (None, "random", "proportional", "maxmin"):
        plan = assign(value, capacity, groups=groups, floor=floor)
        means = ", ".join(f"{g.label} {g.mean_value:.3f}" for g in plan.groups)
        price = "" if plan.price_of_fairness is None else f"{plan.price_of_fairness:.4f}"
        reached = "" if floor is None else all(g.reached for g in plan.groups)
        level = "" if plan.level_bound is None else f"{plan.level_bound:.4f}"
        say(floor, means, price, reached, level)


def hard():
    """Generalised assignment, 20 x 400, everybody placed at least cost."""
    say("type", "s", "cost", "bound", "gap", "status")
    for kind in "CDE":
        cost, size, capacity = generalised(kind, 20, 400, 1)
        kw = {"sizes": size, "must_place": True, "sense": "min"}
        plan, taken = timed(lambda c=cost, k=capacity, kw=kw: assign(c, k, **kw), 1)
        audit_plan(plan, cost, capacity, **kw)
        say(kind, f"{taken:.1f}", f"{plan.objective:.1f}", f"{plan.bound:.1f}", f"{plan.gap:.1e}",
            plan.status)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.planning", description=__doc__
    )
    parser.add_argument("--large", action="store_true", help="also 20,000 x 5,000")
    parser.add_argument("--highs", action="store_true", help="also the linear programme of HiGHS")
    parser.add_argument("--repeats", type=int, default=3)
    told = parser.parse_args()
    assign(*seats_alone("uniform", 20, 6, 8, 0))  # compiled before anything is timed
    assign(*seats_alone("uniform", 20, 6, 40, 0))
    seats(told.repeats)
    if told.highs:
        say(
            "highs lp, s",
            f"{timed(lambda: highs_lp(*seats_alone('uniform', 2000, 500, 2200, 1)), 1)[1]:.1f}",
        )
    if told.large:
        large()
    for part in (lambda: money(1), floors, hard):
        part()
    sys.argv = sys.argv[:1]
    arrivals.main()


main()

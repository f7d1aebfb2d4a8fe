"""Arrivals against greedy, static prices and hindsight: ``python -m tests.benchmarks.planning.arrivals``."""  # noqa: E501

import argparse
import statistics
import time

import numpy as np

from matcher.planning import assign
from matcher.planning.arrivals import Arrivals
from matcher.planning.arrivals.prices import Demand, seat_prices

CASES, SITES, TYPES, BATCH = 330, 20, 6, 10
SIZES = np.arange(1, 9)
CHANCE_OF_SIZE = np.array([0.42, 0.2, 0.13, 0.09, 0.06, 0.04, 0.03, 0.03])


def year(dice, site, by_type, gate, level, sized):
    """Draw a year's cases: values (n, m), sizes (n,) and types (n,)."""
    kind, size = dice.integers(0, TYPES, CASES), dice.choice(SIZES, CASES, p=CHANCE_OF_SIZE)
    own = dice.normal(0, 0.4, (CASES, 1)) + dice.normal(0, 0.3, (CASES, SITES))
    chance = np.clip(1 / (1 + np.exp(-(level + site + by_type[kind] + own))), 0.05, 0.6)
    value = np.where(dice.random((CASES, SITES)) < gate, np.nan, chance)
    return value * (size[:, None] if sized else 1.0), size.astype(float), kind


def instance(seed, seats_a_person, gate, sized):
    """Draw this year, its seats, and last year's history with shifted sites, types and level."""
    dice = np.random.default_rng(seed)
    site, by_type = dice.normal(0, 0.5, SITES), dice.normal(0, 0.5, (TYPES, SITES))
    history = year(dice, site, by_type, gate, -0.9, sized)
    moved = site + dice.normal(0, 0.25, SITES), by_type + dice.normal(0, 0.25, by_type.shape)
    now = year(dice, *moved, gate, -0.9 + dice.choice([-0.3, 0.3]), sized)
    share = dice.dirichlet(np.full(SITES, 3.0))
    return history, now, np.floor(share * now[1].sum() * seats_a_person)


def replayed(place, now, capacity, order):
    """Return value, unplaced cases and the median seconds of a batch."""
    value, size, _ = now
    left, total, unplaced, taken = capacity.copy(), 0.0, 0, []
    for first in range(0, CASES, BATCH):
        rows = order[first : first + BATCH]
        start = time.perf_counter()
        chosen = place(value[rows], size[rows], left)
        taken.append(time.perf_counter() - start)
        for i, j in zip(rows, chosen, strict=True):
            unplaced += j < 0
            if j >= 0:
                total, left[j] = total + value[i, j], left[j] - size[i]
    return total, unplaced, statistics.median(taken)


def greedy(value, size, left):
    """Place each at the best open site, first come first served."""
    left, chosen = left.copy(), []
    for row, takes in zip(value, size, strict=True):
        open_ = np.where((left >= takes) & ~np.isnan(row), row, -np.inf)
        j = int(open_.argmax()) if open_.max() > -np.inf else -1
        chosen.append(j)
        if j >= 0:
            left[j] -= takes
    return chosen


def static(history, capacity):
    """Return a policy at prices found once, from the history alone."""
    value = np.where(np.isnan(history[0]), -np.inf, history[0])[None]
    demand = Demand(value, history[1][None, :, None, None], np.ones((1, CASES)),
                    np.maximum(capacity, 1)[:, None], 0.005)  # fmt: skip
    price = seat_prices(demand, np.full((1, SITES, 1), 0.05))[0, :, 0]
    return lambda v, s, left: assign(v - s[:, None] * price, left, sizes=s).assignment


def ours(history, capacity):
    """Return a fresh policy of :class:`Arrivals`."""
    arrivals = Arrivals(capacity, history[0], history[1], expected_arrivals=CASES)
    return lambda v, s, left: arrivals.offer(v, sizes=s).assignment


def main() -> None:
    """Print a table: share of hindsight over ten orders, adversarial orders, unplaced, seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--orders", type=int, default=10)
    told = parser.parse_args()
    print("seed seats value   policy  mean    least   by type by size unplaced s/batch")  # noqa: T201
    for seed in range(told.seeds):
        for seats, gate in ((1.0, 0.1), (0.6, 0.2)):
            for sized in (False, True):
                _row(seed, seats, gate, sized, told.orders)


def _row(seed, seats, gate, sized, orders):
    history, now, capacity = instance(seed, seats, gate, sized)
    best = assign(now[0], capacity, sizes=now[1], gap=1e-3, time_limit=20).bound
    dice = np.random.default_rng(seed)
    random = [dice.permutation(CASES) for _ in range(orders)]
    adversarial = [np.argsort(now[2], kind="stable"), np.argsort(now[1], kind="stable")]
    policies = {"greedy": lambda: greedy, "static": lambda: static(history, capacity),
                "ours": lambda: ours(history, capacity)}  # fmt: skip
    for name, make in policies.items():
        runs = [replayed(make(), now, capacity, order) for order in [*random, *adversarial]]
        share = [total / best for total, _, _ in runs]
        plain = share[:orders]
        print(  # noqa: T201
            f"{seed:4} {seats:5} {'person' if sized else 'case':7} {name:7} "
            f"{np.mean(plain):.4f}  {min(plain):.4f}  {share[-2]:.4f}  {share[-1]:.4f}  "
            f"{np.mean([r[1] for r in runs[:orders]]):6.1f}  {max(r[2] for r in runs):.3f}"
        )


if __name__ == "__main__":
    main()

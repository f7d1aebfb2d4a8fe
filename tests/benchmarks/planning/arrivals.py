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
PLENTY = 1.1
"""Seats a person in the published experiments: a tenth above each site's arrivals.

Ahani, N., Golz, P., Procaccia, A., Teytelboym, A., Trapp, A. (2023). Dynamic placement in refugee
resettlement. Operations Research: the setting of their experiments' code, 110 % of arrivals.
"""
TIGHT, SCARCE = 1.0, 0.6
CHANCE_OF_SIZE = np.array([0.42, 0.2, 0.13, 0.09, 0.06, 0.04, 0.03, 0.03])


SITES_MATTER, CASES_MATTER = (0.5, 0.5, 0.4), (0.2, 0.2, 1.0)
"""Standard deviations, in logits, between sites, between sites for a type, and between cases."""

SETTINGS = [
    *((SITES_MATTER, seats, gate, sized)
      for seats, gate in ((TIGHT, 0.1), (PLENTY, 0.1), (SCARCE, 0.2)) for sized in (False, True)),
    *((CASES_MATTER, PLENTY, 0.1, sized) for sized in (False, True)),
]  # fmt: skip
"""What differs, seats a person, share of pairs forbidden, and whether value is by person."""


def year(dice, site, by_type, gate, level, sized, apart=0.4):
    """Draw a year's cases: values (n, m), sizes (n,) and types (n,)."""
    kind, size = dice.integers(0, TYPES, CASES), dice.choice(SIZES, CASES, p=CHANCE_OF_SIZE)
    own = dice.normal(0, apart, (CASES, 1)) + dice.normal(0, 0.3, (CASES, SITES))
    chance = np.clip(1 / (1 + np.exp(-(level + site + by_type[kind] + own))), 0.05, 0.6)
    value = np.where(dice.random((CASES, SITES)) < gate, np.nan, chance)
    return value * (size[:, None] if sized else 1.0), size.astype(float), kind


def instance(seed, seats_a_person, gate, sized, matters=SITES_MATTER):
    """Draw last year's history, this year, its seats, and another year like this one.

    Between the history and this year sites move, types move and the level moves.
    """
    dice = np.random.default_rng(seed)
    between, for_type, apart = matters
    site = dice.normal(0, between, SITES)
    by_type = dice.normal(0, for_type, (TYPES, SITES))
    history = year(dice, site, by_type, gate, -0.9, sized, apart)
    moved = (site + dice.normal(0, between / 2, SITES),
             by_type + dice.normal(0, for_type / 2, by_type.shape))  # fmt: skip
    level = -0.9 + dice.choice([-0.3, 0.3])
    now = year(dice, *moved, gate, level, sized, apart)
    share = dice.dirichlet(np.full(SITES, 3.0))
    like = year(dice, *moved, gate, level, sized, apart)
    return history, now, np.floor(share * now[1].sum() * seats_a_person), like


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
    """Print a table: share of hindsight over ten orders, adversarial orders, unplaced, seconds.

    ``kin`` is ours with a history from this year's own distribution: what learning could reach if
    nothing had moved since.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--orders", type=int, default=10)
    parser.add_argument("--settings", type=int, nargs="*", default=range(len(SETTINGS)))
    told = parser.parse_args()
    heads = "mean    least   by type small   large   dear    unplaced (adversarial)   s/batch"
    print(f"seed differ seats value  policy {heads}")  # noqa: T201
    for seed in range(told.first, told.first + told.seeds):
        for setting in told.settings:
            _rows(seed, SETTINGS[setting], told.orders)


def _rows(seed, setting, orders):
    matters, seats, gate, sized = setting
    history, now, capacity, like = instance(seed, seats, gate, sized, matters)
    best = assign(now[0], capacity, sizes=now[1], gap=2e-4, time_limit=20).bound
    dice = np.random.default_rng(seed)
    random = [dice.permutation(CASES) for _ in range(orders)]
    keys = now[2], now[1], -now[1], -np.nanmax(now[0], axis=1)
    adversarial = [np.argsort(key, kind="stable") for key in keys]
    policies = {"greedy": lambda: greedy, "static": lambda: static(history, capacity),
                "ours": lambda: ours(history, capacity),
                "kin": lambda: ours(like, capacity)}  # fmt: skip
    differ = "sites" if matters == SITES_MATTER else "cases"
    for name, make in policies.items():
        runs = [replayed(make(), now, capacity, order) for order in [*random, *adversarial]]
        share = [total / best for total, _, _ in runs]
        plain = share[:orders]
        print(  # noqa: T201
            f"{seed:4} {differ:6} {seats:5} {'person' if sized else 'case':6} {name:6} "
            f"{np.mean(plain):.4f}  {min(plain):.4f}  "
            f"{'  '.join(f'{worth:.4f}' for worth in share[orders:])}  "
            f"{np.mean([r[1] for r in runs[:orders]]):6.1f} "
            f"({' '.join(f'{r[1]:3}' for r in runs[orders:])})  {max(r[2] for r in runs):.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()

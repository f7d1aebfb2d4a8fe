"""Arrivals against greedy, static prices and hindsight: ``python -m tests.benchmarks.planning.arrivals``."""  # noqa: E501

import argparse
import statistics
import time

import numpy as np

from matcher.planning import assign
from matcher.planning.arrivals import Arrivals
from matcher.planning.arrivals.prices import Demand, seat_prices
from matcher.planning.arrivals.seat_values import seat_values
from tests.benchmarks.planning import limits
from tests.benchmarks.planning.years import BATCH, CASES, SITES, WORLDS, orders, together

BLUR = 0.005
"""Blur of static prices, in values."""

LIMITS = ["distribution", "exact prices", "exact set"]
"""Policies that know the year's distribution, the prices of those who come, or who they are."""


def replayed(place, now, capacity, order):
    """Return value, unplaced cases, their people, and the greatest seconds of a batch."""
    left, total, unplaced, people, taken = capacity.copy(), 0.0, 0, 0.0, []
    for first in range(0, CASES, BATCH):
        rows = order[first : first + BATCH]
        start = time.perf_counter()
        chosen = place(now.value[rows], now.size[rows], left)
        taken.append(time.perf_counter() - start)
        for i, j in zip(rows, chosen, strict=True):
            if j < 0:
                unplaced, people = unplaced + 1, people + now.size[i]
            else:
                total, left[j] = total + now.value[i, j], left[j] - now.size[i]
    if (left < 0).any():
        raise AssertionError(f"overbooked: {left.min()}")
    return total, unplaced, people, statistics.median(taken)


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


def fluid_prices(year, capacity):
    """Return prices (m,) of the programme of a year's cases, scaled to so many as come."""
    value = np.where(np.isnan(year.value), -np.inf, year.value)[None]
    weight = np.full((1, len(year.value)), CASES / len(year.value))
    demand = Demand(
        value, year.size[None, :, None, None], weight, np.maximum(capacity, 1)[:, None], BLUR
    )
    return seat_prices(demand, np.full((1, SITES, 1), 0.05))[0, :, 0]


def static(history, capacity):
    """Return a policy at prices found once, from the history alone."""
    price = fluid_prices(history, capacity)
    return lambda v, s, left: assign(v - s[:, None] * price, left, sizes=s).assignment


def ours(history, capacity, expected=CASES):
    """Return a fresh policy of :class:`Arrivals`."""
    arrivals = Arrivals(capacity, history.value, history.size, expected_arrivals=expected)
    return lambda v, s, left: arrivals.offer(v, sizes=s).assignment


def unlearned(capacity):
    """Return a fresh policy of :class:`Arrivals` that has no history."""
    arrivals = Arrivals(capacity, expected_arrivals=CASES)
    return lambda v, s, left: arrivals.offer(v, sizes=s).assignment


def ceiling(drawn, capacity, years=10):
    """Return a share of mean hindsight that no policy exceeds on average, and its standard error.

    Nobody knows who comes next, and each case is decided on as it comes, but the distribution is
    known. Where each kind of case pays a toll to enter at all and sites are then free of each other
    (the Lagrangian relaxation of "at one site at most"), what is gained is at least as much:
    tolls + the dynamic programmes of the sites. Hindsight here is the linear programme's, of the
    years whose cases make the distribution; the error is that of its mean, and on the safe side.

    References
    ----------
    Topaloglu, H. (2009). Using Lagrangian relaxation to compute capacity-dependent bid prices in
    network revenue management. Operations Research.
    """
    dice = np.random.default_rng(0)
    drawn_years = [drawn(dice) for _ in range(years)]
    known = together(drawn_years)
    price = fluid_prices(known, capacity)
    net = np.where(np.isnan(known.value), -np.inf, known.value - known.size[:, None] * price)
    bounds = []
    for blur in (0.0, 0.005, 0.01, 0.02):
        top = np.maximum(net.max(axis=1), 0.0)
        toll = top
        if blur:
            beside = np.exp(-top / blur) + np.exp((net - top[:, None]) / blur).sum(axis=1)
            toll = top + blur * np.log(beside)
        size = np.repeat(known.size.astype(np.int64)[:, None], SITES, axis=1)
        chance, seats = np.full(len(toll), 1.0 / len(toll)), capacity.astype(np.int64)
        worth = seat_values(known.value - toll[:, None], size, chance, seats, CASES)
        bounds.append(CASES * toll.mean() + worth[-1, :, -1].sum())
    hindsight = [_linear(year, capacity) for year in drawn_years]
    mean = np.mean(hindsight)
    return min(bounds) / mean, np.std(hindsight, ddof=1) / np.sqrt(years) / mean


def _linear(year, capacity):
    """Return the dual bound of a year's programme in hindsight."""
    price = fluid_prices(year, capacity)
    net = np.where(np.isnan(year.value), -np.inf, year.value - year.size[:, None] * price)
    return (capacity * price).sum() + np.maximum(net.max(axis=1), 0.0).sum()


def policies(instance):
    """Return policies by name, each a function that makes a fresh one for an order.

    ``kin`` is ours with a history from this year's own distribution: what learning could reach if
    nothing had moved since. Those of :data:`LIMITS` know more than anybody can.
    """
    history, capacity = instance.history, instance.capacity
    like = instance.drawn(np.random.default_rng(1))
    exact = fluid_prices(instance.now, capacity)
    return {
        "greedy": lambda _: greedy,
        "static": lambda _: static(history, capacity),
        "ours": lambda _: ours(history, capacity),
        "kin": lambda _: ours(like, capacity),
        "20 % more": lambda _: ours(history, capacity, 1.2 * CASES),
        "20 % fewer": lambda _: ours(history, capacity, 0.8 * CASES),
        "unlearned": lambda _: unlearned(capacity),
        "distribution": lambda _: limits.distribution(instance),
        "exact prices": lambda _: limits.exact_prices(instance, exact),
        "exact set": lambda order: limits.exact_set(instance, order),
    }


def main() -> None:
    """Print a table: share of hindsight over random orders and adversarial ones, and unplaced."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--orders", type=int, default=10)
    parser.add_argument("--worlds", nargs="*", default=list(WORLDS), choices=list(WORLDS))
    parser.add_argument("--policies", nargs="*", default=["greedy", "static", "ours", "kin"])
    parser.add_argument(
        "--limits", action="store_true", help="also what those reach who know more than anybody can"
    )
    told = parser.parse_args()
    for world in told.worlds:
        runs = {name: ([], {}) for name in told.policies + LIMITS * told.limits}
        most = []
        for seed in range(told.first, told.first + told.seeds):
            instance = WORLDS[world](seed)
            _play(instance, orders(instance, seed, told.orders), runs)
            most.append(ceiling(instance.drawn, instance.capacity))
        share = np.mean([bound for bound, _ in most])
        error = np.sqrt(np.sum([error**2 for _, error in most])) / len(most)
        print(f"{world}: ceiling {share:.4f} +- {1.96 * error:.4f}")  # noqa: T201
        for name, (random, adversarial) in runs.items():
            _row(name, random, adversarial)


def _play(instance, orders_, runs):
    """Add the runs of an instance: (share of hindsight, unplaced, people, seconds)."""
    now, capacity = instance.now, instance.capacity
    best = assign(now.value, capacity, sizes=now.size, gap=2e-4, time_limit=20).bound
    chance, sorted_ = orders_
    made = policies(instance)
    for name, (random, adversarial) in runs.items():
        found = [replayed(made[name](order), now, capacity, order) for order in chance]
        random.append([(total / best, *rest) for total, *rest in found])
        for key, order in sorted_.items():
            total, *rest = replayed(made[name](order), now, capacity, order)
            adversarial.setdefault(key, []).append((total / best, *rest))


def _row(name, random, adversarial):
    """Print a policy's mean over instances with its interval, then each adversarial order."""
    means = np.array(random)[:, :, 0].mean(axis=1)
    wide = 1.96 * means.std(ddof=1) / np.sqrt(len(means)) if len(means) > 1 else np.nan
    _, unplaced, people, seconds = np.array(random).mean(axis=(0, 1))
    told = "  ".join(
        f"{key} {np.mean([r[0] for r in found]):.3f} ({np.mean([r[1] for r in found]):.1f})"
        for key, found in adversarial.items()
    )
    print(  # noqa: T201
        f"  {name:10} {means.mean():.4f} +- {wide:.4f}  least {np.array(random)[:, :, 0].min():.4f}"
        f"  unplaced {unplaced:.2f} cases, {people:.2f} people  {seconds:.3f} s | {told}",
        flush=True,
    )


if __name__ == "__main__":
    main()

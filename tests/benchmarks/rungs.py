"""The rungs: one row at a time, arrays that prune first, and compiled kernels."""

import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.demo import world
from data.reference import read_reference
from matcher import Caseload, Engine, Market
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.scoring.admission import admit

SIZES = ((2_000, 10_000), (20_000, 100_000), (5_000, 1_000_000))
K = 10
ROWS, BLOCK = 40, 200
"""Pairs of the row-by-row rung and clients of the array rung at sizes too large for all."""


@dataclass
class Size:
    """What was measured at one size: seconds, and the pairs that they stand for, by rung."""

    clients: int
    offers: int
    rungs: dict[str, tuple[float, int, str]] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)


def seconds(run: Callable[[], object], repeats: int) -> float:
    """Median of some runs."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def measure(clients: int, offers: int) -> Size:
    """Measure every rung at one size, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    size, caseload, market = Size(clients, offers), *_drawn(clients, offers)
    reference = read_reference()
    plain, compiled = Engine(reference), Engine(reference, compiled=True)
    start = time.perf_counter()
    block = compiled.prepare(caseload, market)
    compiled.score_block(compiled.prepare(caseload.take([0]), market), market, K)
    size.facts["market and clients compiled, s"] = time.perf_counter() - start
    small = offers <= 10_000
    few = caseload.take(range(clients if small else BLOCK))
    one = caseload.take(range(20))
    plain.rank(one, market, K)
    _row_by_row(size, plain, caseload, market)
    pairs = len(few) * offers
    taken = seconds(lambda: plain.rank(few, market, K), 3 if small else 1)
    size.rungs["NumPy, gates first"] = (taken, pairs, "all" if small else f"{len(few)} clients")
    taken = seconds(lambda: compiled.score_block(block, market, K), 7 if small else 3)
    size.rungs["compiled, prepared clients"] = (taken, clients * offers, "all")
    taken = seconds(lambda: compiled.rank(caseload, market, K), 5 if small else 3)
    size.rungs["compiled, from the caseload"] = (taken, clients * offers, "all")
    _one_client(size, compiled, caseload, market)
    _same(plain, compiled, few.take(range(min(100, len(few)))), market)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size.facts["peak memory of the whole process, records included, MB"] = peak
    return size


def _drawn(clients: int, offers: int) -> tuple[Caseload, Market]:
    drawn = world(clients=clients, opportunities=offers)
    market = Market.from_records(drawn.opportunities, drawn.as_of)
    return Caseload.from_records(drawn.clients), market


def _row_by_row(size: Size, engine: Engine, caseload: Caseload, market: Market) -> None:
    """Score rows of a frame of pairs with ``apply``, as written first; a sample, said so."""
    offers = engine._seen(market)
    dice = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "client": dice.integers(0, len(caseload), ROWS),
            "offer": dice.integers(0, len(market), ROWS),
        }
    )

    def score(row: pd.Series) -> float:
        profiles = Profiles(caseload.take([row["client"]]), engine.knowledge)
        pair = Pairs(profiles, offers, np.array([0]), np.array([row["offer"]]))
        if any(gate.forbids(pair).any() for gate in engine.gates):
            return np.nan
        return float(engine.scorecard.score(pair)[0])

    taken = seconds(lambda: frame.apply(score, axis=1), 3)
    size.rungs["pandas row apply"] = (taken, ROWS, f"{ROWS} random pairs")


def _one_client(size: Size, engine: Engine, caseload: Caseload, market: Market) -> None:
    ready = [engine.prepare(caseload.take([row]), market) for row in range(300)]
    kernel = [seconds(lambda b=b: engine.score_block(b, market, 5), 3) for b in ready]
    whole = [seconds(lambda r=r: engine.rank(caseload.take([r]), market, 5), 1) for r in range(300)]
    slate = [seconds(lambda r=r: engine.suggest(caseload.take([r]), market), 1) for r in range(150)]
    for name, taken in (
        ("one prepared client, ids and scores of 5", kernel),
        ("one client, preparation included", whole),
        ("one client, a slate of 5 with pathways, refusals and reasons", slate),
    ):
        size.facts[f"{name}, p50 ms"] = 1000 * statistics.median(taken)
        size.facts[f"{name}, p99 ms"] = 1000 * float(np.quantile(taken, 0.99))


def _same(plain: Engine, compiled: Engine, caseload: Caseload, market: Market) -> None:
    """Refuse to report a speed of something else."""
    expected, found = plain.rank(caseload, market, K), compiled.rank(caseload, market, K)
    np.testing.assert_array_equal(found.ids, expected.ids)
    np.testing.assert_allclose(found.scores, expected.scores, rtol=0, atol=1e-9)


def admitted_share(engine: Engine, caseload: Caseload, market: Market) -> float:
    """Share of pairs that no gate forbids."""
    pairs = Pairs.all_of(Profiles(caseload, engine.knowledge), engine._seen(market))
    return float(admit(pairs, engine.gates).allowed.mean())

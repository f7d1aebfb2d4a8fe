"""The rungs: one row at a time, arrays that prune first, SQL engines, and compiled kernels."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from data.reference import read_reference
from matcher import Caseload, Engine, Market
from matcher.scoring.ranker import Ranking
from tests.benchmarks.folded import Folded
from tests.benchmarks.limit import facts, limit
from tests.benchmarks.markets import drawn
from tests.benchmarks.peers import Columns, Pruned, plain_python, row_apply
from tests.benchmarks.single import one_client
from tests.benchmarks.timing import on_one_core, peak_mb, seconds

SIZES = ((2_000, 10_000), (20_000, 100_000), (5_000, 1_000_000))
K = 10
ROWS = 40
"""Pairs of the rungs that go row by row."""
SAMPLE_PAIRS = 20_000_000
"""Pairs that the array rungs are asked for at most."""
BEST = "compiled, prepared clients"
PEER = "NumPy, folded by hand, prepared clients"
"""The best that arrays can do, as far as it was found."""


@dataclass
class Size:
    """What was measured at one size: seconds, and the pairs that they stand for, by rung."""

    clients: int
    offers: int
    rungs: dict[str, tuple[float, int, str]] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)

    def note(
        self, name: str, run: Callable[[], object], pairs: int, sample: str, repeats: int
    ) -> None:
        """Measure one rung."""
        self.rungs[name] = (seconds(run, repeats), pairs, sample)


def measure(clients: int, offers: int) -> Size:
    """Measure every rung at one size, on one core."""
    on_one_core()
    size, (caseload, market) = Size(clients, offers), drawn(clients, offers)
    reference = read_reference()
    plain, compiled = Engine(reference, compiled=False), Engine(reference, compiled=True)
    _compiled(size, compiled, caseload, market)
    _arrays(size, plain, compiled, caseload, market)
    pairs = f"{ROWS} random pairs"
    slow = row_apply(plain, caseload, market, ROWS)
    size.note("pandas row apply, all gates and features", slow, ROWS, pairs, 5)
    slow = plain_python(reference, caseload, market, ROWS)
    size.note("plain Python, all features, no gate", slow, ROWS, pairs, 5)
    return size


def _compiled(size: Size, engine: Engine, caseload: Caseload, market: Market) -> None:
    start = time.perf_counter()
    engine.score_block(engine.prepare(caseload.take([0]), market), market, K)
    size.facts["market compiled, s"] = time.perf_counter() - start
    block, pairs = engine.prepare(caseload, market), size.clients * size.offers
    repeats = 7 if size.offers <= 10_000 else 3
    size.note(BEST, lambda: engine.score_block(block, market, K), pairs, "all", repeats)
    whole = "compiled, from the caseload"
    size.note(whole, lambda: engine.rank(caseload, market, K), pairs, "all", repeats)
    size.facts |= one_client(engine, caseload, market)
    size.facts["peak memory so far: world, engine, answers; before any peer, MB"] = peak_mb()


def _arrays(
    size: Size, plain: Engine, compiled: Engine, caseload: Caseload, market: Market
) -> None:
    few = caseload.take(range(min(len(caseload), max(20, SAMPLE_PAIRS // size.offers))))
    checked, pairs = few.take(range(min(20, len(few)))), len(few) * size.offers
    sample, repeats = f"{len(few):,} clients", 3
    pruned = Pruned(compiled, market)
    same(plain.rank(checked, market, K), compiled.rank(checked, market, K))
    same(compiled.rank(few, market, K), pruned.rank(few, market, K))
    folded, block = Folded(compiled, market), compiled.prepare(few, market)
    same(compiled.rank(few, market, K), folded.rank(block, K))
    size.note(PEER, lambda: folded.rank(block, K), pairs, sample, repeats)
    taken, asked, _ = size.rungs[BEST]
    size.facts |= facts(limit(folded, block), 1e9 * taken / asked)
    name = "NumPy, prunes by place and bits first"
    size.note(name, lambda: pruned.rank(few, market, K), pairs, sample, repeats)
    some = few.take(range(min(200, len(few))))
    dense = "NumPy, the reference engine"
    size.note(dense, lambda: plain.rank(some, market, K), len(some) * size.offers,
              f"{len(some):,} clients", repeats)  # fmt: skip
    columns = Columns(pruned, compiled, few, market)
    for name, query in (("DuckDB", columns.in_duckdb(K)), ("Polars", columns.in_polars(K))):
        size.note(f"{name}, additive part on ready columns", query, pairs, sample, repeats)


def same(expected: Ranking, found: Ranking) -> None:
    """Refuse to report the speed of something else."""
    np.testing.assert_array_equal(found.ids, expected.ids)
    np.testing.assert_allclose(found.scores, expected.scores, rtol=0, atol=1e-9)

"""How long one client waits: ids and scores, and a slate with reasons."""

import statistics
from collections.abc import Callable

import numpy as np

from matcher import Caseload, Engine, Market
from tests.benchmarks.timing import seconds

ASKED, SLATES = 300, 300


def one_client(engine: Engine, caseload: Caseload, market: Market) -> dict[str, float]:
    """Return medians and 99th percentiles over many clients, in ms."""
    one = [caseload.take([row]) for row in range(min(ASKED, len(caseload)))]
    ready = [engine.prepare(client, market) for client in one]
    runs: dict[str, list[Callable[[], object]]] = {
        "prepared, ids and scores of 5": [
            lambda b=b: engine.score_block(b, market, 5)  # type: ignore[misc]
            for b in ready
        ],
        "ids and scores of 5, preparation included": [
            lambda c=c: engine.rank(c, market, 5)  # type: ignore[misc]
            for c in one
        ],
        "a slate of 5 with pathways, refusals and reasons": [
            lambda c=c: engine.suggest(c, market)  # type: ignore[misc]
            for c in one[:SLATES]
        ],
    }
    found = {}
    for name, asked in runs.items():
        taken = [1000 * seconds(run, 3 if name.startswith("prepared") else 1) for run in asked]
        found[f"one client, {name}: p50, ms"] = statistics.median(taken)
        found[f"one client, {name}: p99, ms"] = float(np.quantile(taken, 0.99))
    return found

"""How long a service takes from its rows in memory to its first slate.

``python -m tests.benchmarks.start [OFFERS]`` with the kernels kept before; set ``NUMBA_CACHE_DIR``
to an empty folder to have them compiled. Loading numba and the engine is counted, drawing is not.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from data.demo import world
from data.reference import read_reference


def started(offers: int) -> dict[str, float]:
    """Return the seconds of each step, the first slate included."""
    drawn = world(clients=1, opportunities=offers)
    marks = [time.perf_counter()]
    from matcher import Caseload, Engine, Market

    engine = Engine(read_reference(), compiled=True)
    marks.append(time.perf_counter())
    market = Market.from_records(drawn.opportunities, drawn.as_of)
    marks.append(time.perf_counter())
    live = engine.live(market)
    marks.append(time.perf_counter())
    engine.suggest(Caseload.from_records(drawn.clients), live)
    marks.append(time.perf_counter())
    names = ("imports and engine", "rows to columns", "folding", "first slate")
    steps = {name: end - begin for name, begin, end in zip(names, marks, marks[1:], strict=False)}
    return steps | {"in all": marks[-1] - marks[0]}


def measure(offers: int) -> dict[str, float]:
    """Return the seconds of a start with kernels compiled, and with kernels kept."""
    facts = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("kernels compiled", "kernels kept"):
            command = [sys.executable, "-m", "tests.benchmarks.start", str(offers)]
            given = os.environ | {"NUMBA_CACHE_DIR": folder}
            told = subprocess.run(command, env=given, check=True, capture_output=True, text=True)
            steps = json.loads(told.stdout)
            facts |= {f"start with {offers:,} offers, {name}: {k}, s": v for k, v in steps.items()}
    return facts


if __name__ == "__main__":
    json.dump(started(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), sys.stdout)

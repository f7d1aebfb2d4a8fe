"""A thousand patches under four readers: what a patch costs, and what readers feel of it.

``python -m tests.benchmarks.patches``: 10,000 offers, every patch one offer added, edited or
closed. The quiet run is the same four readers with no writer.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np

from data.demo import world
from data.reference import read_reference
from matcher import Caseload, Engine, Market
from tests.benchmarks.timing import on_one_core

OFFERS, PATCHES, READERS, QUIET_SECONDS = 10_000, 1_000, 4, 4.0
Waits = list[float]


def measure() -> dict[str, float]:
    """Return percentiles in ms, alone and under readers."""
    drawn = world(clients=200, opportunities=OFFERS + PATCHES)
    caseload, records = Caseload.from_records(drawn.clients), list(drawn.opportunities)
    engine = Engine(read_reference(), compiled=True)
    facts: dict[str, float] = {}
    for readers in (0, READERS):
        live = engine.live(Market.from_records(records[:OFFERS], drawn.as_of))
        engine.suggest(caseload, live)  # kernels compiled or loaded before the clock runs
        waits: dict[str, Waits] = {"add": [], "edit": [], "close": []}
        sizes = {OFFERS}

        def patch(live=live, waits=waits, sizes=sizes) -> None:  # type: ignore[no-untyped-def]
            for name, change in changes(records):
                began = time.perf_counter()
                snapshot = live.patch(**change)
                waits[name].append(time.perf_counter() - began)
                sizes.add(snapshot.compiled.tally.totals["all"])

        under = f"under {readers} readers" if readers else "alone"
        if readers:
            quiet = read_while(engine, caseload, live, lambda: time.sleep(QUIET_SECONDS), sizes)
            loaded = read_while(engine, caseload, live, patch, sizes)
            facts |= percentiles(f"slate, {READERS} readers, no writer", quiet)
            facts |= percentiles(f"slate, {READERS} readers, {PATCHES:,} patches", loaded)
            ratio = np.quantile(loaded, 0.99) / np.quantile(quiet, 0.99)
            facts["slate, p99 patched over p99 quiet"] = float(ratio)
        else:
            patch()
        for name, taken in waits.items():
            facts |= percentiles(f"{name} one offer, {under}", taken)
    return facts


def changes(records: list[dict[str, object]]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield a thousand patches: an offer added, one edited, one closed, and so on."""
    for number in range(PATCHES):
        one = records[number]
        if number % 3 == 0:
            yield "add", {"added": [records[OFFERS + number]]}
        elif number % 3 == 1:
            yield "edit", {"edited": [one | {"seats": 3 + number % 5}]}
        else:
            yield "close", {"closed": [one["opportunity_id"]]}


def read_while(
    engine: Engine, caseload: Caseload, live: object, work: Callable[[], None], sizes: set[int]
) -> Waits:
    """Ask for slates from four threads while something is done; return how long each took.

    Raises
    ------
    AssertionError
        Where a slate counts another number of offers than the market ever had.
    """
    done, waits, counted = threading.Event(), Waits(), set[int]()
    one = [caseload.take([row]) for row in range(len(caseload))]

    def read(start: int) -> None:
        at = start
        while not done.is_set():
            began = time.perf_counter()
            (slate,) = engine.suggest(one[at % len(one)], live)  # type: ignore[arg-type]
            waits.append(time.perf_counter() - began)
            counted.add(slate.considered)
            at += 1

    readers = [threading.Thread(target=read, args=(50 * n,)) for n in range(READERS)]
    for reader in readers:
        reader.start()
    work()
    done.set()
    for reader in readers:
        reader.join()
    assert counted <= sizes, counted - sizes
    return waits


def percentiles(name: str, waits: Waits) -> dict[str, float]:
    """Return the median and the 99th percentile, in ms."""
    told = ((0.5, "p50"), (0.99, "p99"))
    return {f"{name}: {word}, ms": 1000 * float(np.quantile(waits, q)) for q, word in told}


if __name__ == "__main__":
    on_one_core()
    for fact, value in measure().items():
        sys.stdout.write(f"{fact:60} {value:10.3f}\n")

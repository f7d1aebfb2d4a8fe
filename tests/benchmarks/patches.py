"""A thousand patches under four readers: what a patch costs, and what readers feel of it.

``python -m tests.benchmarks.patches``: every patch is one offer added, edited or closed, its record
read, screened, folded and counted; also offers whose title, description, pay, age and hours nobody
has posted before. The quiet run is the same four readers with no writer.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from data.demo import World, world
from data.reference import read_reference
from matcher import Caseload, Engine, Market
from tests.benchmarks.timing import on_one_core

SIZES = (10_000, 100_000)
PATCHES, READERS, QUIET_SECONDS = 1_000, 4, 4.0
Waits = list[float]
Record = dict[str, Any]
Changes = Iterator[tuple[str, dict[str, Any]]]


def measure() -> dict[str, float]:
    """Return percentiles in ms: alone at each size, and under readers at the first."""
    engine = Engine(read_reference(), compiled=True)
    facts: dict[str, float] = {}
    for offers in SIZES:
        drawn = world(clients=200, opportunities=offers + 2 * PATCHES)
        records = list(drawn.opportunities)
        facts |= alone(engine, records, drawn, offers)
        if offers == SIZES[0]:
            facts |= under_readers(engine, records, drawn, offers)
    return facts


def alone(engine: Engine, records: Sequence[Record], drawn: World, offers: int) -> dict[str, float]:
    """Return what patches cost where nobody reads."""
    live = engine.live(Market.from_records(records[:offers], drawn.as_of))
    many = (*changes(records, offers), *unseen(records[offers + PATCHES :]))
    waits = patched(live, iter(many), set())
    facts: dict[str, float] = {}
    for name, taken in waits.items():
        facts |= percentiles(f"{name}, {offers:,} offers", taken)
    return facts


def under_readers(
    engine: Engine, records: Sequence[Record], drawn: World, offers: int
) -> dict[str, float]:
    """Return what patches cost under readers, and what readers feel of them."""
    caseload, sizes = Caseload.from_records(drawn.clients), {offers}
    live = engine.live(Market.from_records(records[:offers], drawn.as_of))
    engine.suggest(caseload, live)  # kernels compiled or loaded before the clock runs
    quiet = read_while(engine, caseload, live, lambda: time.sleep(QUIET_SECONDS), sizes)
    waits: dict[str, Waits] = {}

    def patch() -> None:
        waits.update(patched(live, changes(records, offers), sizes))

    loaded = read_while(engine, caseload, live, patch, sizes)
    facts = percentiles(f"slate, {READERS} readers, no writer", quiet)
    facts |= percentiles(f"slate, {READERS} readers, {PATCHES:,} patches", loaded)
    ratio = np.quantile(loaded, 0.99) / np.quantile(quiet, 0.99)
    facts["slate, p99 patched over p99 quiet"] = float(ratio)
    for name, taken in waits.items():
        facts |= percentiles(f"{name}, under {READERS} readers", taken)
    return facts


def patched(live: Any, many: Changes, sizes: set[int]) -> dict[str, Waits]:
    """Patch a market; return how long each patch took, and note how many offers there were."""
    waits: dict[str, Waits] = {}
    for name, change in many:
        began = time.perf_counter()
        snapshot = live.patch(**change)
        waits.setdefault(name, []).append(time.perf_counter() - began)
        sizes.add(snapshot.compiled.tally.offers)
    return waits


def changes(records: Sequence[Record], offers: int) -> Changes:
    """Yield a thousand patches: an offer added, one edited, one closed, and so on."""
    for number in range(PATCHES):
        one = records[number]
        if number % 3 == 0:
            yield "add one offer", {"added": [records[offers + number]]}
        elif number % 3 == 1:
            yield "edit one offer", {"edited": [one | {"seats": 3 + number % 5}]}
        else:
            yield "close one offer", {"closed": [one["opportunity_id"]]}


def unseen(records: Sequence[Record]) -> Changes:
    """Yield offers added of which text and figures were never seen."""
    for number, one in enumerate(records[: PATCHES // 2]):
        words = f"ask for Mr {number}, {31 * number} metres from the bridge, meals are given"
        new = {"title": f"{one['title']} of street {7 * number}", "description": words}
        if one["kind"] == "vacancy":
            new |= {"monthly_wage_usd": 201 + number / 7, "monthly_wage_max_usd": None}
            new |= {"min_age": 18 + number / 1000, "hours_per_week": 40 + number / 1000}
        elif one["kind"] == "training":
            new |= {"stipend_usd": number / 7, "course_fee_usd": number / 13}
        else:
            new |= {"grant_usd": 100 + number / 7}
        yield "add one offer with text and figures never seen", {"added": [one | new]}


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

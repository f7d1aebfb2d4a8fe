"""Measure every rung and write BENCHMARKS.md; ``--small`` stops after the first size.

With ``--parts`` only some of it is measured, for whoever works on that part.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from tests.benchmarks import patches, start
from tests.benchmarks.report import write
from tests.benchmarks.rungs import SIZES, Size, measure
from tests.benchmarks.timing import on_one_core

T = TypeVar("T")
PARTS = ("patches", "start", "rungs")


def alone(run: Callable[..., T], *told: int) -> T:
    """Run in a process of its own, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(run, *told).result()


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--small", action="store_true", help="only the first size")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--out", type=Path, default=Path("BENCHMARKS.md"))
    told = parser.parse_args()
    sizes = SIZES[:1] if told.small else SIZES
    facts: dict[str, Mapping[str, float]] = {}
    if "start" in told.parts:  # on both cores, as a service starts
        facts["Start of a service"] = start.measure(sizes[min(1, len(sizes) - 1)][1])
    on_one_core()
    if "patches" in told.parts:
        facts["Patches, ms"] = alone(patches.measure)
    found: list[Size] = []
    for size in sizes if "rungs" in told.parts else ():
        found.append(alone(measure, *size))
        write(told.out, found, facts)
    sys.stdout.write(write(told.out, found, facts))


if __name__ == "__main__":
    main()

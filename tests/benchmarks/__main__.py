"""Measure every rung and write BENCHMARKS.md; ``--small`` stops after the first size."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks import patches, start
from tests.benchmarks.report import write
from tests.benchmarks.rungs import SIZES, Size, measure
from tests.benchmarks.timing import on_one_core


def alone(clients: int, offers: int) -> Size:
    """Measure one size in a process of its own, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(measure, clients, offers).result()


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--small", action="store_true", help="only the first size")
    parser.add_argument("--national", action="store_true", help="also 5,000 x 1,000,000")
    parser.add_argument("--out", type=Path, default=Path("BENCHMARKS.md"))
    told = parser.parse_args()
    sizes = SIZES[:1] if told.small else SIZES if told.national else SIZES[:2]
    start_up = start.measure(sizes[min(1, len(sizes) - 1)][1])  # both cores
    on_one_core()
    facts = {"Patches under readers": patches.measure(), "Start of a service": start_up}
    found: list[Size] = []
    for size in sizes:
        found.append(alone(*size))
        write(told.out, found, facts)
    sys.stdout.write(told.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()

"""Measure every rung and write BENCHMARKS.md; ``--small`` stops after the first size."""

import argparse
from pathlib import Path

from tests.benchmarks.report import write
from tests.benchmarks.rungs import SIZES, measure


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--small", action="store_true", help="only the first size")
    parser.add_argument("--national", action="store_true", help="also 5,000 x 1,000,000 (10 GB)")
    parser.add_argument("--out", type=Path, default=Path("BENCHMARKS.md"))
    told = parser.parse_args()
    sizes = SIZES[:1] if told.small else SIZES if told.national else SIZES[:2]
    write(told.out, [measure(*size) for size in sizes])


main()

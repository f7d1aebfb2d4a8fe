"""BENCHMARKS.md from what was measured."""

import platform
from collections.abc import Sequence
from pathlib import Path

import numba
import numpy as np

from tests.benchmarks.rungs import K, Size

HEAD = """# Benchmarks

`make bench` writes this file: one run, one core pinned, medians, the demo generator's data, the
real gates and features, the best {k} of each client. Before a speed is written down the ids and
scores are checked against the reference. A rung too slow for all pairs is measured on a sample and
told per pair; the sample stands in the table. The row apply calls the reference gates and features
for one pair at a time.

Python {python}, NumPy {numpy}, numba {numba}, {machine}.
"""


def write(path: Path, sizes: Sequence[Size]) -> None:
    """Write the report."""
    machine = f"{platform.system()} {platform.machine()}"
    head = HEAD.format(k=K, python=platform.python_version(), numpy=np.__version__,
                       numba=numba.__version__, machine=machine)  # fmt: skip
    parts = [head, *(_table(size) for size in sizes), _chart(sizes)]
    path.write_text("\n".join(parts), encoding="utf-8")
    print(path.read_text(encoding="utf-8"))  # noqa: T201


def _table(size: Size) -> str:
    best = max(pairs / taken for taken, pairs, _ in size.rungs.values())
    lines = [
        f"\n## {size.clients:,} clients x {size.offers:,} offers\n",
        "| rung | measured on | s | M pairs/s | compiled is faster by |",
        "|---|---|---|---|---|",
    ]
    for name, (taken, pairs, sample) in size.rungs.items():
        rate = pairs / taken
        lines.append(
            f"| {name} | {sample} | {taken:.3f} | {rate / 1e6:,.4g} | {best / rate:,.1f} |"
        )
    lines += ["", "| | |", "|---|---|"]
    lines += [f"| {name} | {value:,.3f} |" for name, value in size.facts.items()]
    return "\n".join(lines)


def _chart(sizes: Sequence[Size]) -> str:
    """Nanoseconds a pair over size, as bars."""
    rows = [
        (f"{s.clients:,} x {s.offers:,}", name, 1e9 * taken / pairs)
        for s in sizes
        for name, (taken, pairs, _) in s.rungs.items()
    ]
    lines = ["\n## Cost of a pair over size, ns (bars on a logarithmic scale)\n", "```"]
    for size, name, cost in rows:
        bar = "#" * max(1, round(6 * np.log10(max(cost, 1e-3) * 1e3 / 100)))
        lines.append(f"{size:>18}  {name:<28} {cost:>14,.2f}  {bar}")
    return "\n".join([*lines, "```", ""])

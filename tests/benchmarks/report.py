"""BENCHMARKS.md from what was measured."""

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

import numba
import numpy as np

from tests.benchmarks.rungs import BEST, K, Size

HEAD = """# Benchmarks

`make bench` writes this file: one run, one core pinned, medians, the demo generator's data, the
real gates and features, the best {k} of each client; each size in a process of its own. Before a
speed is written down the ids and scores are checked against the reference. A rung too slow for all
pairs is measured on a sample and told per pair; the sample stands in the table. A rate counts all
pairs, those that are pruned too.

The row apply calls the reference gates and features for one pair at a time. NumPy that prunes
looks at the places within reach alone, drops what one mask of bits closes, and asks all reference
gates and features of the rest, one list of pairs a block. NumPy folded by hand takes every step of
the compiled scorer in arrays, from the same folded offers and prepared clients: places, masks,
tables of log-odds by class, one sparse product for skills, flat lists of the pairs left over, a
partial sort. DuckDB and Polars join the same places
and bits and add ready columns; skills, income, climate and other gates are left out, which favours
them. Above 100,000 offers the demo's are taken again under new ids, with places dealt anew.

Python {python}, NumPy {numpy}, numba {numba}, {machine}.
"""


def write(path: Path, sizes: Sequence[Size], facts: Mapping[str, Mapping[str, float]]) -> str:
    """Write the report and return it."""
    machine = f"{platform.system()} {platform.machine()}"
    head = HEAD.format(k=K, python=platform.python_version(), numpy=np.__version__,
                       numba=numba.__version__, machine=machine)  # fmt: skip
    titled = [f"\n## {title}\n\n{_facts(found)}" for title, found in facts.items()]
    text = "\n".join([head, *map(_table, sizes), *titled, _chart(sizes)])
    path.write_text(text, encoding="utf-8")
    return text


def _table(size: Size) -> str:
    taken, pairs, _ = size.rungs[BEST]
    best = pairs / taken
    lines = [
        f"\n## {size.clients:,} clients x {size.offers:,} offers\n",
        f"| rung | measured on | s | M pairs/s | ns a pair | {BEST}: times as fast |",
        "|---|---|---|---|---|---|",
    ]
    for name, (taken, pairs, sample) in sorted(size.rungs.items(), key=lambda r: -_cost(r[1])):
        rate = pairs / taken
        lines.append(
            f"| {name} | {sample} | {taken:.3f} | {rate / 1e6:,.4g} | {1e9 / rate:,.4g} "
            f"| {best / rate:,.1f} |"
        )
    return "\n".join([*lines, "", _facts(size.facts)])


def _cost(rung: tuple[float, int, str]) -> float:
    return rung[0] / rung[1]


def _facts(facts: Mapping[str, float]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {k} | {v:,.3f} |" for k, v in facts.items())])


def _chart(sizes: Sequence[Size]) -> str:
    """Nanoseconds a pair over size, as bars."""
    if not sizes:
        return ""
    lines = ["\n## Cost of a pair over size, ns (bars on a logarithmic scale)\n", "```"]
    for name in sizes[0].rungs:
        for size in sizes:
            cost = 1e9 * _cost(size.rungs[name])
            bar = "#" * max(1, round(6 * np.log10(max(cost, 1e-3) * 10)))
            at = f"{size.clients:,} x {size.offers:,}"
            lines.append(f"{name:<42} {at:>18} {cost:>14,.2f}  {bar}")
    return "\n".join([*lines, "```", ""])

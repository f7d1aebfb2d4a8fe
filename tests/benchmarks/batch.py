"""One process against a local cluster of two workers: seconds, ratio, equal bytes.

``python -m tests.benchmarks.batch [--slates] [CLIENTS OPPORTUNITIES [REPEATS]]``; 20,000 x 100,000
without sizes, and the best by score without ``--slates``.
The one process calls the engine on the same blocks and writes the same parts, without dask. Two
workers are measured twice: on a cluster that runs already and has answered another batch before,
and with all it takes to start one, but for the libraries, which a process has loaded that workers
are forked from. Seconds are from the first byte read to ``rejects.csv``.
"""

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from data import demo, read_reference
from matcher import Caseload, Market
from matcher.batch import Batch, ParquetRows, as_arrow, local_cluster, run
from matcher.batch.folder import Folder
from matcher.batch.running import asked_of, bench_of, market_of, parcels

CLIENTS, OPPORTUNITIES, REPEATS = 20_000, 100_000, 3


def inputs(folder: Path, clients: int, opportunities: int, slates: bool) -> Batch:
    """Return a batch over a demo world written to Parquet."""
    world = demo.world(clients, opportunities)
    for name, table in (("clients", Caseload), ("opportunities", Market)):
        pq.write_table(as_arrow(getattr(world, name), table), folder / f"{name}.parquet")
    rows = (ParquetRows(folder / f"{name}.parquet") for name in ("clients", "opportunities"))
    return Batch(read_reference(), *rows, world.as_of, slates=slates)


def alone(batch: Batch, out: Path) -> dict[str, float]:
    """Run a batch in this process; return its seconds in all and at work."""
    began = time.monotonic()
    with Folder(out, batch.manifest()).opened() as folder:
        asked, bench = asked_of(batch, folder), bench_of(batch)
        world = bench.world(market_of(batch, folder))
        started = time.monotonic()
        for parcel in parcels(batch, folder):
            folder.keep(bench.done(bench.prepared(parcel), asked, world))
        folder.finish()
    return {"total": time.monotonic() - began, "work": time.monotonic() - started}


def together(batch: Batch, out: Path, cluster: Callable[[], Any]) -> float:
    """Run a batch on workers; return its seconds."""
    began = time.monotonic()
    run(batch, out, cluster)
    return time.monotonic() - began


def digest(out: Path) -> str:
    """Return the SHA-256 of all that lies in a folder."""
    total = hashlib.sha256()
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(out)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def compare(clients: int, opportunities: int, repeats: int, slates: bool) -> dict[str, Any]:
    """Return medians, ratios of one process to two workers, and whether the bytes are equal."""
    seconds: dict[str, list[float]] = {"one": [], "running": [], "started": []}
    seen = set()
    with tempfile.TemporaryDirectory() as scratch, local_cluster(2) as running:
        batch = inputs(Path(scratch), clients, opportunities, slates)
        alone(replace(batch, k=batch.k - 1), Path(scratch) / "before")  # kernels loaded
        for repeat in range(repeats):
            outs = {name: Path(scratch) / f"{name}-{repeat}" for name in seconds}
            seconds["one"].append(alone(batch, outs["one"])["total"])
            other = replace(batch, k=batch.k + 1)  # what workers keep is of another run
            together(other, Path(scratch) / f"other-{repeat}", lambda: held(running))
            seconds["running"].append(together(batch, outs["running"], lambda: held(running)))
            seconds["started"].append(together(batch, outs["started"], lambda: local_cluster(2)))
            seen |= {digest(out) for out in outs.values()}
    found: dict[str, Any] = {"clients": clients, "opportunities": opportunities}
    for name, taken in seconds.items():
        found[f"{name}_s"] = statistics.median(taken)
    for name in ("running", "started"):
        ratios = [a / b for a, b in zip(seconds["one"], seconds[name], strict=True)]
        found[f"ratio_{name}"] = statistics.median(ratios)
    found["pairs_per_second_one"] = clients * opportunities / found["one_s"]
    found["equal_bytes"] = len(seen) == 1
    return found


@contextmanager
def held(client: Any) -> Iterator[Any]:
    """Lend a client that stays open."""
    yield client


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clients", nargs="?", type=int, default=CLIENTS)
    parser.add_argument("opportunities", nargs="?", type=int, default=OPPORTUNITIES)
    parser.add_argument("repeats", nargs="?", type=int, default=REPEATS)
    parser.add_argument("--slates", action="store_true", help="full slates with reasons")
    for name, value in compare(**vars(parser.parse_args())).items():
        text = f"{value:,.2f}" if isinstance(value, float) else value
        sys.stdout.write(f"{name:24} {text}\n")


if __name__ == "__main__":
    main()

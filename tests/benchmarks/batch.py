"""One process against a local cluster of two workers: seconds, ratio, equal bytes.

``python -m tests.benchmarks.batch [CLIENTS OPPORTUNITIES [REPEATS]]``; 20,000 x 100,000 without.
The one process calls the engine on the same blocks and writes the same parts, without dask.
"""

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from data import demo, read_reference
from matcher import Caseload, Market
from matcher.batch import Batch, ParquetRows, Unwatched, as_arrow, local_cluster, run
from matcher.batch.folder import Folder
from matcher.batch.running import bench_of, parcels

CLIENTS, OPPORTUNITIES, REPEATS = 20_000, 100_000, 3


def inputs(folder: Path, clients: int, opportunities: int) -> Batch:
    """Return a batch over a demo world written to Parquet."""
    world = demo.world(clients, opportunities)
    for name, table in (("clients", Caseload), ("opportunities", Market)):
        pq.write_table(as_arrow(getattr(world, name), table), folder / f"{name}.parquet")
    rows = (ParquetRows(folder / f"{name}.parquet") for name in ("clients", "opportunities"))
    return Batch(read_reference(), *rows, world.as_of)


def alone(batch: Batch, out: Path) -> dict[str, float]:
    """Run a batch in this process; return its seconds in all and at work."""
    began = time.monotonic()
    with Folder(out, batch.manifest()).opened() as folder:
        bench, world = bench_of(batch, folder)
        started = time.monotonic()
        for parcel in parcels(batch, folder):
            folder.keep(bench.done(bench.prepared(parcel), world))
        folder.finish()
    return {"total": time.monotonic() - began, "work": time.monotonic() - started}


class Clock(Unwatched):
    """Notes when the workers are there and when the last block is done."""

    def started(self, dashboard: str, total: int, done: int) -> None:
        """Note the start."""
        self.began = self.ended = time.monotonic()

    def advanced(self, clients: int) -> None:
        """Note the end so far."""
        self.ended = time.monotonic()


def together(batch: Batch, out: Path, workers: int) -> dict[str, float]:
    """Run a batch on local workers; return its seconds in all and from the first to the last."""
    clock, began = Clock(), time.monotonic()

    @contextmanager
    def cluster() -> Iterator[Any]:
        with local_cluster(workers) as client:
            client.wait_for_workers(workers)
            yield client

    run(batch, out, cluster, clock)
    return {"total": time.monotonic() - began, "work": clock.ended - clock.began}


def digest(out: Path) -> str:
    """Return the SHA-256 of all that lies in a folder."""
    total = hashlib.sha256()
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(out)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def compare(clients: int, opportunities: int, repeats: int) -> dict[str, Any]:
    """Return medians, ratios of one process to two workers, and whether the bytes are equal."""
    one, two, seen = [], [], set()
    with tempfile.TemporaryDirectory() as scratch:
        batch = inputs(Path(scratch), clients, opportunities)
        for repeat in range(repeats):
            outs = Path(scratch) / f"one-{repeat}", Path(scratch) / f"two-{repeat}"
            one.append(alone(batch, outs[0]))
            two.append(together(batch, outs[1], workers=2))
            seen |= {digest(out) for out in outs}
    found: dict[str, Any] = {"clients": clients, "opportunities": opportunities}
    for name in ("total", "work"):
        found[f"one_{name}_s"] = statistics.median(row[name] for row in one)
        found[f"two_{name}_s"] = statistics.median(row[name] for row in two)
        ratios = [a[name] / b[name] for a, b in zip(one, two, strict=True)]
        found[f"ratio_{name}"] = statistics.median(ratios)
    found["pairs_per_second_one"] = clients * opportunities / found["one_work_s"]
    found["equal_bytes"] = len(seen) == 1
    return found


def main() -> None:
    """Print the comparison."""
    given = [int(text) for text in sys.argv[1:]]
    sizes = given + [CLIENTS, OPPORTUNITIES, REPEATS][len(given) :]
    for name, value in compare(*sizes).items():
        text = f"{value:,.2f}" if isinstance(value, float) else value
        sys.stdout.write(f"{name:24} {text}\n")


if __name__ == "__main__":
    main()

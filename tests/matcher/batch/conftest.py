"""A small world in Parquet files, and a batch over it in blocks of twenty clients."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from data import demo, read_reference
from matcher import Caseload, Market

NEEDED = "the extra 'scale' is not installed: no dask, no batch"
distributed = pytest.importorskip("distributed", reason=NEEDED)
pq = pytest.importorskip("pyarrow.parquet", reason=NEEDED)

from matcher.batch import (  # noqa: E402 - needs what may be missing
    Batch,
    ParquetRows,
    Summary,
    TableRows,
    as_arrow,
    job,
    run,
    running_cluster,
)

WORLD = demo.world(clients=210, opportunities=300, seed=11)
BLOCK = 20

Records = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut small blocks in each test of this folder, and in no other."""
    monkeypatch.setattr(job, "MOST_CLIENTS", BLOCK)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ``clients.parquet`` and ``opportunities.parquet``."""
    path = tmp_path_factory.mktemp("inputs")
    pq.write_table(as_arrow(WORLD.clients, Caseload), path / "clients.parquet")
    pq.write_table(as_arrow(WORLD.opportunities, Market), path / "opportunities.parquet")
    return path


@pytest.fixture(scope="session")
def make_batch(folder: Path) -> Callable[..., Batch]:
    """Make a batch; records given replace those of the world."""
    reference = read_reference()

    def make(
        clients: Records | None = None, opportunities: Records | None = None, **more: Any
    ) -> Batch:
        rows: dict[str, Any] = {
            name: ParquetRows(folder / f"{name}.parquet") for name in ("clients", "opportunities")
        }
        if clients is not None:
            rows["clients"] = TableRows(as_arrow(clients, Caseload), "clients")
        if opportunities is not None:
            rows["opportunities"] = TableRows(as_arrow(opportunities, Market), "opportunities")
        return Batch(reference, **rows, **{"as_of": WORLD.as_of, **more})

    return make


@contextmanager
def one_thread() -> Iterator[Callable[[], Any]]:
    """Start a cluster whose only worker is a thread of this process."""
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        host="127.0.0.1",
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield lambda: running_cluster(cluster.scheduler_address)


@pytest.fixture(scope="module")
def here() -> Iterator[Callable[[], Any]]:
    """Open a running cluster; it ends with the module, for its threads draw random numbers."""
    with one_thread() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def ran(
    make_batch: Callable[..., Batch], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Summary]:
    """Return the folder and the summary of one undisturbed run."""
    out = tmp_path_factory.mktemp("ran") / "out"
    with pytest.MonkeyPatch.context() as patch, one_thread() as cluster:
        patch.setattr(job, "MOST_CLIENTS", BLOCK)
        return out, run(make_batch(), out, cluster)


@pytest.fixture(scope="session")
def contents() -> Callable[[Path], Mapping[str, str]]:
    """Read a folder: the digest of every file by its name."""

    def read(out: Path) -> Mapping[str, str]:
        files = sorted(path for path in out.rglob("*") if path.is_file())
        return {
            str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        }

    return read


@pytest.fixture(scope="session")
def world() -> demo.World:
    return WORLD

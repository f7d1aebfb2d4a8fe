"""Workers to compute on: of this machine, or of a cluster that runs already."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dask
from distributed import Client, LocalCluster

from matcher.batch.errors import BatchFailed

CONNECT_SECONDS = 10

ALLOCATOR = {
    "MALLOC_ARENA_MAX": 1,
    "MALLOC_MMAP_THRESHOLD_": 33_554_432,
    "MALLOC_TRIM_THRESHOLD_": 536_870_912,
}
"""Environment of a worker: keeps freed memory for the next block.

Dask has the C library give every freed array back to the system, which takes the engine 1.7 times
as long.
"""

PRELOADED = ("matcher.batch.work", "matcher.scoring.compiled.scorer")
"""What a worker imports while the market is read, not when its first block waits."""


@contextmanager
def local_cluster(workers: int | None = None) -> Iterator[Client]:
    """Start workers on this machine for as long as the batch runs.

    Parameters
    ----------
    workers
        How many processes; as many as there are cores unless told otherwise.
    """
    settings: dict[str, Any] = {
        f"distributed.nanny.pre-spawn-environ.{k}": v for k, v in ALLOCATOR.items()
    }
    settings["distributed.worker.preload"] = list(PRELOADED)
    settings["distributed.worker.multiprocessing-method"] = "forkserver"  # libraries loaded once
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def running_cluster(address: str) -> Iterator[Client]:
    """Use the workers of a running scheduler.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786`` or ``tls://...``; certificates come from
        the configuration of Dask.

    Raises
    ------
    BatchFailed
        Where no scheduler answers there.
    """
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (TimeoutError, OSError, ValueError) as error:
        raise BatchFailed(f"no scheduler answers at {address} ({type(error).__name__})") from None
    with client:
        yield client

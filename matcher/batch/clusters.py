"""Workers to compute on: of this machine, or of a cluster that runs already."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import forkserver
from typing import Any

import dask
from distributed import Client, LocalCluster
from distributed.utils import get_mp_context

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

PRELOADED = (
    "distributed",
    "numpy",
    "pandas",
    "matcher.batch.work",
    "matcher.scoring.compiled.scorer",
)
"""What is loaded once, by the process that workers are forked from."""

FORKED = {"distributed.worker.multiprocessing-method": "forkserver"}

QUIET = {"PYTHONWARNINGS": "ignore:resource_tracker:UserWarning"}
"""Environment of the process that clears away semaphores where all others were killed.

It would say on stderr that it does so.
"""


def load_workers() -> None:
    """Begin to load the libraries of local workers beside this process; they are forked later."""
    with dask.config.set(FORKED), _environment(ALLOCATOR | QUIET):
        context = get_mp_context()
        context.set_forkserver_preload(list(PRELOADED))
        forkserver.ensure_running()


@contextmanager
def _environment(more: Mapping[str, Any]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update({name: str(value) for name, value in more.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


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
    load_workers()
    with (
        dask.config.set(settings | FORKED),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,  # what fails is told by who waits for it
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

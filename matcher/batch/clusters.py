"""Workers to compute on: of this machine, or of a cluster that runs already."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster

from matcher.batch.errors import BatchFailed
from matcher.forking import ALLOCATOR, load_workers

CONNECT_SECONDS = 10

FORKED = {"distributed.worker.multiprocessing-method": "forkserver"}

FEW_LONG_TASKS = {
    "distributed.scheduler.work-stealing-interval": "100ms",
    "distributed.worker.profile.enabled": False,
}
"""Who has nothing left to do takes over a block at once; nobody looks into a block every 10 ms."""

SELDOM_LOOKED_AT = {
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.disk": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.worker.memory.monitor-interval": "500ms",
}
"""What Dask tells of itself, and how often memory is looked at.

With two idle workers it takes 2 % of a core; as Dask sets it, 8 %.
"""


@contextmanager
def local_cluster(workers: int | None = None) -> Iterator[Client]:
    """Start workers on this machine for as long as the batch runs.

    Parameters
    ----------
    workers
        How many processes; as many as there are cores unless told otherwise.
    """
    settings = {f"distributed.nanny.pre-spawn-environ.{k}": v for k, v in ALLOCATOR.items()}
    load_workers()
    with (
        dask.config.set(settings | FORKED | FEW_LONG_TASKS | SELDOM_LOOKED_AT),
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

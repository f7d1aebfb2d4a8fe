"""Workers to compute on: of this machine, or of a cluster that runs already."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from distributed import Client, LocalCluster

from matcher.batch.errors import BatchFailed

CONNECT_SECONDS = 10


@contextmanager
def local_cluster(workers: int | None = None) -> Iterator[Client]:
    """Start workers on this machine for as long as the batch runs.

    Parameters
    ----------
    workers
        How many processes; as many as there are cores unless told otherwise.
    """
    with (
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

"""Workers at work: a few blocks ahead of each, whatever dies on the way."""

from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from distributed import Client, Future, KilledWorker, as_completed

from matcher.batch.errors import BatchFailed, BatchRefused
from matcher.batch.sending import Sent
from matcher.batch.work import Done, Parcel, work

Open = dict[Future[Any], Parcel]

AHEAD = 2
"""Blocks that lie ready for each thread of a worker, so that none waits for the next."""

WAIT_SECONDS = 60
"""How long a run waits for a first worker, also after all have gone."""

MOST_LOSSES = 10
"""Times in a row that the market may be lost with the last worker that held it."""


class Crew:
    """The workers of a cluster with one world in the hands of each.

    A block travels inside its task, so the scheduler can give it to another worker. A world in a
    file is opened there. One in bytes is data: when the last worker that holds it dies, the tasks
    that need it are cancelled, and it is sent again.

    Parameters
    ----------
    client
        Connected to a scheduler.
    world
        What is the same for every block, in bytes or in a file that every worker sees.
    """

    def __init__(self, client: Client, world: Sent) -> None:
        self._client = client
        self._world = world
        self._sent: Future[Any] | None = None
        self._losses = 0

    def each(self, parcels: Iterable[Parcel]) -> Iterator[Done]:
        """Yield every block as it is done, in any order, each once.

        Raises
        ------
        BatchFailed
            Where no worker comes, a block kills its workers again and again, or the scheduler is
            gone.
        BatchRefused
            Where a worker has other code or libraries.
        """
        source, open_ = iter(parcels), dict[Future[Any], Parcel]()
        ended = as_completed()
        try:
            while self._top_up(source, open_, ended) or open_:
                future = next(ended)
                parcel = open_.pop(future)
                done = self._result(future, parcel)
                if done is None:
                    self._submit(parcel, open_, ended)
                    continue
                self._losses = 0
                future.release()
                yield done
        except (RuntimeError, OSError):
            if self._client.status == "running":
                raise
            raise BatchFailed("the scheduler is gone: run it again to go on") from None
        finally:
            with suppress(RuntimeError, OSError, CancelledError):
                self._client.cancel(list(open_))

    def _top_up(self, source: Iterator[Parcel], open_: Open, ended: Any) -> bool:
        """Submit blocks until enough lie ready; tell whether there were any left."""
        threads = sum(self._client.nthreads().values())
        wanted = AHEAD * max(1, threads) - len(open_)
        taken = list(islice(source, max(0, wanted)))
        for parcel in taken:
            self._submit(parcel, open_, ended)
        return bool(taken)

    def _submit(self, parcel: Parcel, open_: Open, ended: Any) -> None:
        future = self._client.submit(work, parcel, self._at_hand(), pure=False)
        open_[future] = parcel
        ended.add(future)

    def _at_hand(self) -> "Sent | Future[Any]":
        """Return the world as a task is told of it; bytes are sent first, where they are gone."""
        if isinstance(self._world.content, Path):
            self._await_worker()
            return self._world
        if self._sent is None or self._sent.status != "finished":
            self._sent = self._send()
        return self._sent

    def _send(self) -> Future[Any]:
        """Give every worker the world."""
        while self._losses < MOST_LOSSES:
            self._losses += 1
            try:
                self._await_worker()
                sent: Future[Any] = self._client.scatter(self._world, broadcast=True, hash=False)
                return sent
            except (OSError, CancelledError):
                continue
        raise BatchFailed(f"all workers died {MOST_LOSSES} times without a block done")

    def _await_worker(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except TimeoutError:
            raise BatchFailed(f"no worker has come in {WAIT_SECONDS} seconds") from None

    def _result(self, future: Future[Any], parcel: Parcel) -> Done | None:
        """Return the block; None where it, or the world, was lost with a worker."""
        try:
            done: Done = future.result()
            return done
        except CancelledError:
            return None
        except BatchRefused:
            raise
        except KilledWorker:
            raise BatchFailed(
                f"block {parcel.number} killed every worker that tried it, likely for want of "
                "memory: give workers more, or a smaller --memory"
            ) from None
        except Exception as error:
            raise BatchFailed(f"block {parcel.number} failed: {type(error).__name__}") from error

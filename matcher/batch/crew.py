"""Workers at work: a few blocks ahead of each, whatever dies on the way."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from distributed import Client, Future, KilledWorker, as_completed, wait

from matcher.batch.errors import BatchFailed, BatchRefused
from matcher.batch.sending import Sent
from matcher.batch.work import Asked, Done, Parcel, answer, prepare

AHEAD = 2
"""Blocks that lie ready for each thread of a worker, so that none waits for the next."""

EARLY = 6
"""Blocks for each thread that are made ready while the market is read: 8 MB of memory."""

WAIT_SECONDS = 60
"""How long a run waits for a first worker, also after all have gone."""

MOST_LOSSES = 10
"""Times in a row that what was sent may be lost with the last worker that held it."""


class Begun(NamedTuple):
    """A block that workers make ready, or have made."""

    parcel: Parcel
    prepared: "Future[Any]"


Open = dict["Future[Any]", Begun]


class Delivery:
    """Something that every worker needs, in their hands or on its way.

    What lies in a file is opened there. Bytes are data: when the last worker that holds them dies,
    the tasks that need them are cancelled, and they are sent again.

    Parameters
    ----------
    client
        Connected to a scheduler.
    sent
        Bytes, or a file that every worker sees.
    """

    def __init__(self, client: Client, sent: Sent) -> None:
        self._client = client
        self._sent = sent
        self._data: Future[Any] | None = None
        self.losses = 0

    def at_hand(self) -> "Sent | Future[Any]":
        """Return it as a task is told of it; bytes are sent first, where they are gone."""
        if isinstance(self._sent.content, Path):
            self.await_worker()
            return self._sent
        if self._data is None or self._data.status != "finished":
            self._data = self._scattered()
        return self._data

    def _scattered(self) -> Future[Any]:
        while self.losses < MOST_LOSSES:
            self.losses += 1
            try:
                self.await_worker()
                data: Future[Any] = self._client.scatter(self._sent, broadcast=True, hash=False)
                return data
            except (OSError, CancelledError):
                continue
        raise BatchFailed(f"all workers died {MOST_LOSSES} times without a block done")

    def await_worker(self) -> None:
        """Wait until there is a worker.

        Raises
        ------
        BatchFailed
            Where none comes.
        """
        try:
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except TimeoutError:
            raise BatchFailed(f"no worker has come in {WAIT_SECONDS} seconds") from None


class Crew:
    """The workers of a cluster.

    A block travels inside its task, so the scheduler can give it to another worker.

    Parameters
    ----------
    client
        Connected to a scheduler.
    asked
        What is asked of every block.
    bench
        Where blocks are worked on.
    """

    def __init__(self, client: Client, asked: Asked, bench: Sent) -> None:
        self._client = client
        self._asked = asked
        self._bench = Delivery(client, bench)

    def each(self, parcels: Iterable[Parcel], world: Callable[[], Sent]) -> Iterator[Done]:
        """Yield every block as it is done, in any order, each once.

        Parameters
        ----------
        parcels
            The blocks.
        world
            Makes the market ready; workers make the first blocks ready meanwhile.

        Raises
        ------
        BatchFailed
            Where no worker comes, a block kills its workers again and again, or the scheduler is
            gone.
        BatchRefused
            Where a worker has other code or libraries.
        """
        source, open_ = iter(parcels), Open()
        try:
            early = [self._begun(parcel) for parcel in islice(source, EARLY * self._threads())]
            blocks = chain(_emptied(early), map(self._begun, source))
            yield from self._answers(blocks, open_, Delivery(self._client, world()))
        except (RuntimeError, OSError):
            if self._client.status == "running":
                raise
            raise BatchFailed("the scheduler is gone: run it again to go on") from None
        finally:
            with suppress(RuntimeError, OSError, CancelledError):
                self._client.cancel(list(open_))

    def _answers(self, blocks: Iterator[Begun], open_: Open, world: Delivery) -> Iterator[Done]:
        ended = as_completed()
        while self._top_up(blocks, open_, ended, world) or open_:
            self._await_one(open_)
            future = next(ended)
            begun = open_.pop(future)
            done = self._result(future, begun.parcel)
            if done is None:
                self._submit(self._begun(begun.parcel), open_, ended, world)
                continue
            self._bench.losses = world.losses = 0
            future.release()
            yield done

    def _await_one(self, open_: Open) -> None:
        """Wait for a block to end; where all workers have gone, no longer than for a first one."""
        while True:
            try:
                wait(list(open_), timeout=WAIT_SECONDS, return_when="FIRST_COMPLETED")
                return
            except CancelledError:  # lost with a worker: an end too
                return
            except TimeoutError:
                self._bench.await_worker()

    def _top_up(self, blocks: Iterator[Begun], open_: Open, ended: Any, world: Delivery) -> bool:
        """Submit blocks until enough lie ready; tell whether there were any left."""
        wanted = AHEAD * self._threads() - len(open_)
        taken = list(islice(blocks, max(0, wanted)))
        for begun in taken:
            self._submit(begun, open_, ended, world)
        return bool(taken)

    def _threads(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def _begun(self, parcel: Parcel) -> Begun:
        bench = self._bench.at_hand()
        return Begun(parcel, self._client.submit(prepare, parcel, bench, pure=False))

    def _submit(self, begun: Begun, open_: Open, ended: Any, world: Delivery) -> None:
        hands = self._bench.at_hand(), world.at_hand()
        future = self._client.submit(answer, begun.prepared, self._asked, *hands, pure=False)
        open_[future] = begun
        ended.add(future)

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


def _emptied(begun: list[Begun]) -> Iterator[Begun]:
    """Yield what a list holds and let go of it: results that nobody holds are forgotten."""
    begun.reverse()
    while begun:
        yield begun.pop()

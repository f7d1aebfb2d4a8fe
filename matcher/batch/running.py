"""Runs a batch: reads blocks, has them computed, writes what comes back."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from distributed import Client, LocalCluster

from matcher.batch.checks import check_whole
from matcher.batch.columnar import packed
from matcher.batch.crew import Crew
from matcher.batch.errors import BatchRefused
from matcher.batch.folder import Folder
from matcher.batch.job import Batch
from matcher.batch.rows import blocks, repeated
from matcher.batch.sending import Sent
from matcher.batch.sending import packed as pieces_of
from matcher.batch.work import Asked, Bench, Parcel
from matcher.market import Market

Cluster = Callable[[], AbstractContextManager[Client]]


class Watch(Protocol):
    """Told how a batch goes on."""

    def started(self, dashboard: str, total: int, done: int) -> None:
        """Workers are there: where to watch them, clients in all and done before."""

    def advanced(self, clients: int) -> None:
        """So many more clients are done."""


class Unwatched:
    """Looks away."""

    def started(self, dashboard: str, total: int, done: int) -> None:
        """Do nothing."""

    def advanced(self, clients: int) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Summary:
    """What a batch has come to.

    Parameters
    ----------
    clients, opportunities
        Good rows; opportunities as they were in the input where nothing was left to do.
    full, without
        Clients with as many suggestions as were asked for, and with none.
    rejected
        Bad rows of both inputs.
    blocks, blocks_done_before
        Blocks in all, and those that an earlier run had done.
    seconds
        What this run took, from the first byte read.
    pairs_per_second
        Pairs of a client and an offer looked at in this run, by its seconds; 0 where none were.
    """

    clients: int
    opportunities: int
    full: int
    without: int
    rejected: int
    blocks: int
    blocks_done_before: int
    seconds: float
    pairs_per_second: float

    def as_dict(self) -> dict[str, int | float]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def run(batch: Batch, out: Path, cluster: Cluster, watch: Watch | None = None) -> Summary:
    """Run a batch, or the rest of it, into a folder.

    Parameters
    ----------
    batch
        What is asked.
    out
        The folder; a batch that was broken off there is continued.
    cluster
        Opens the workers; not called where nothing is left to do.
    watch
        Told how it goes on.

    Raises
    ------
    BatchRefused
        Where the folder holds something else, or no opportunity is good.
    BatchFailed
        Where workers can't go on; running it again continues.
    """
    began = time.monotonic()
    with Folder(out, batch.manifest()).opened() as folder:
        before = dict(folder.counts)
        offers = len(batch.opportunities)
        if folder.missing:
            offers = _compute(batch, folder, cluster, watch or Unwatched())
        rejected = folder.finish()
        return _summary(folder, before.keys(), offers, rejected, time.monotonic() - began)


def asked_of(batch: Batch, folder: Folder) -> Asked:
    """Return what is asked of every block."""
    return Asked(folder.run, batch.k, batch.language)


def bench_of(batch: Batch) -> Bench:
    """Return the bench its blocks are worked on."""
    return Bench(batch.reference, batch.slates)


def market_of(batch: Batch, folder: Folder) -> Market:
    """Read the market; set its bad rows apart.

    Raises
    ------
    BatchRefused
        Where no row is good.
    """
    found = check_whole(batch.opportunities, Market, as_of=batch.as_of)
    folder.reject("opportunities", "opportunities", found.problems)
    if not len(found.table):
        raise BatchRefused(f"{batch.opportunities.name}: no row is good; see {folder.path}/rejects")
    market: Market = found.table
    return market


def _compute(batch: Batch, folder: Folder, cluster: Cluster, watch: Watch) -> int:
    """Have all blocks computed that are missing; return how many offers are good."""
    offers = 0
    with ThreadPoolExecutor(1) as beside, ExitStack() as stack:
        market = [beside.submit(market_of, batch, folder)]
        bench = bench_of(batch)
        tools = list(pieces_of(bench))  # before the market is folded there
        folding = [beside.submit(lambda: bench.world(market.pop().result()))]
        client = stack.enter_context(cluster())
        before = sum(c["clients"] + c["rejected"] for c in folder.counts.values())
        watch.started(client.dashboard_link, len(batch.clients), before)
        name = f"{folder.manifest['reference']}, {'slates' if batch.slates else 'ranks'}"
        sent = stack.enter_context(_sent(folder, client, "bench", name, tools))

        def world() -> Sent:
            nonlocal offers
            folded = folding.pop().result()  # not kept: it is large
            offers = folded.offers
            pieces = pieces_of(folded)
            return stack.enter_context(_sent(folder, client, "world", folder.run, pieces))

        crew = Crew(client, asked_of(batch, folder), sent)
        for done in crew.each(parcels(batch, folder), world):
            folder.keep(done)
            watch.advanced(done.counts["clients"] + done.counts["rejected"])
    return offers


@contextmanager
def _sent(
    folder: Folder, client: Client, file_name: str, name: str, pieces: Iterable[Any]
) -> Iterator[Sent]:
    """Make packed bytes ready to be sent: in a file of the folder where all workers are here."""
    build = folder.manifest["engine"]
    if not isinstance(client.cluster, LocalCluster):
        yield Sent(name, build, b"".join(pieces))
        return
    with folder.scratch(file_name) as path:
        with path.open("wb") as file:
            file.writelines(pieces)
        yield Sent(name, build, path.absolute())


def parcels(batch: Batch, folder: Folder) -> Iterator[Parcel]:
    """Yield the blocks that are still to be done."""
    again = repeated(batch.clients, "client_id")
    for block in blocks(batch.clients, batch.block_sizes, set(folder.missing)):
        own = range(block.start, block.start + block.rows.num_rows)
        mine = {row: first for row, first in again.items() if row in own}
        yield Parcel(block.number, block.start, packed(block.rows), mine)


def _summary(folder: Folder, before: Any, offers: int, rejected: int, seconds: float) -> Summary:
    def total(name: str, skip: Any = ()) -> int:
        return sum(c[name] for index, c in folder.counts.items() if index not in skip)

    return Summary(
        clients=total("clients"),
        opportunities=offers,
        full=total("full"),
        without=total("without"),
        rejected=rejected,
        blocks=folder.manifest["blocks"],
        blocks_done_before=len(before),
        seconds=seconds,
        pairs_per_second=total("clients", before) * offers / seconds,
    )

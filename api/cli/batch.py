"""`placement batch`: all clients against all offers, on the workers of this or of many machines."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import Desk, open_desk
from api.cli.options import AsOf, Json, Lang
from api.cli.watching import Advance, Stage, stages, working
from api.failures import Refused
from api.market_columns import as_records, market_columns
from api.officer.batches import client_records
from matcher import Caseload, Market

if TYPE_CHECKING:
    from matcher.batch import Batch, Rows, Summary

Clients = Annotated[
    str, typer.Option("--clients", metavar="PATH|DB", help="Parquet, or a database.")
]
Offers = Annotated[
    str, typer.Option("--opportunities", metavar="PATH|DB", help="Parquet, or a database.")
]
Out = Annotated[
    Path, typer.Option("--out", metavar="FOLDER", help="Results; what is done there is kept.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler, tcp:// or tls://.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Local workers; one a core without it.")
]
Slates = Annotated[
    bool, typer.Option("--slates", help="Full slates with reasons, not the best by score.")
]
Memory = Annotated[int, typer.Option(metavar="MB", help="For one block, beside the market.")]
Many = Annotated[int, typer.Option("--k", "-k", min=1, max=20, help="Most offers a client.")]


def batch(
    clients: Clients,
    opportunities: Offers,
    out: Out,
    scheduler: Scheduler = None,
    workers: Workers = None,
    k: Many = 5,
    slates: Slates = False,
    memory: Memory = 256,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Find the best offers of every client, into Parquet; a run that was broken off goes on."""
    desk = open_desk(None, lang, as_of, as_json)
    with _refusing():
        from matcher.batch import Batch, load_workers

        if scheduler is None:
            load_workers()  # while the inputs are read
        asked = Batch(
            desk.services.answering_reference,
            _clients(desk, clients, as_of),
            _offers(desk, opportunities, as_of),
            desk.services.today(),
            k=k,
            slates=slates,
            language=desk.language,
            memory_mb=memory,
        )
        summary = _run(desk, asked, out, scheduler, workers)
    _print(desk, summary, asked.as_of, out)


def _run(
    desk: Desk, asked: "Batch", out: Path, scheduler: str | None, workers: int | None
) -> "Summary":
    from matcher.batch import local_cluster, run, running_cluster

    with stages(desk) as stage:
        stage("batch.preparing", 0)
        return run(
            asked,
            out,
            lambda: running_cluster(scheduler) if scheduler else local_cluster(workers),
            _Told(desk, stage),
        )


class _Told:
    """Tells how a batch goes on, on stderr."""

    def __init__(self, desk: Desk, stage: Stage) -> None:
        self._desk = desk
        self._stage = stage
        self._advance: Advance | None = None

    def started(self, dashboard: str, total: int, done: int) -> None:
        """Print where the workers can be watched, and start the bar."""
        self._desk.err.print(self._desk.say("batch.dashboard", link=dashboard), soft_wrap=True)
        self._advance = self._stage("batch.clients", total)
        self._advance(done)

    def advanced(self, clients: int) -> None:
        """Move the bar."""
        if self._advance is not None:
            self._advance(clients)


def _clients(desk: Desk, place: str, as_of: dt.datetime | None) -> "Rows":
    from matcher.batch import TableRows, as_arrow

    if (path := _parquet(place)) is not None:
        return _rows(path)
    theirs = open_desk(place, desk.language, as_of)
    with theirs.writing() as context, working(theirs, "work.reading", file="clients"):
        pages = [as_arrow(page, Caseload) for page in client_records(context)]
    return TableRows.joined(pages or [as_arrow([], Caseload)], "clients")


def _offers(desk: Desk, place: str, as_of: dt.datetime | None) -> "Rows":
    from matcher.batch import TableRows, as_arrow

    if (path := _parquet(place)) is not None:
        return _rows(path)
    theirs = open_desk(place, desk.language, as_of)
    with theirs.writing() as context, working(theirs, "work.reading", file="opportunities"):
        return TableRows(
            as_arrow(as_records(market_columns(context.session)), Market), "opportunities"
        )


def _rows(path: Path) -> "Rows":
    from matcher.batch import ParquetRows

    return ParquetRows(path)


def _parquet(place: str) -> Path | None:
    """Return the path of a Parquet file or of a folder of them; None for a database."""
    path = Path(place)
    return path if "://" not in place and (path.suffix == ".parquet" or path.is_dir()) else None


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what a batch refuses, and a missing extra, into one line."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise Refused(str(missing)) from None
    except (ValueError, RuntimeError) as error:
        from matcher.batch import BatchFailed, BatchRefused

        if isinstance(error, BatchFailed | BatchRefused):
            raise Refused(str(error)) from None
        raise


def _print(desk: Desk, summary: "Summary", day: dt.date, out: Path) -> None:
    if desk.as_json:
        desk.print_json({**summary.as_dict(), "as_of": day.isoformat(), "folder": str(out)})
        return
    counts = {
        "clients": summary.clients,
        "offers": summary.opportunities,
        "full": summary.full,
        "fewer": summary.clients - summary.full - summary.without,
        "without": summary.without,
        "rejected": summary.rejected,
        "blocks": summary.blocks,
        "before": summary.blocks_done_before,
    }
    said = {name: f"{count:,}" for name, count in counts.items()}
    desk.out.print(desk.say("batch.counts", day=day, **said))
    rate = f"{summary.pairs_per_second / 1e6:,.2f}"
    desk.out.print(desk.say("batch.speed", seconds=f"{summary.seconds:,.1f}", rate=rate, **said))
    desk.out.print(desk.say("batch.folder", folder=out), soft_wrap=True)

"""Runs `placement batch`: opens the inputs, tells how it goes on, prints what it has come to."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.desk import Desk, open_desk
from api.cli.watching import Advance, Stage, stages, working
from api.failures import Refused
from api.market_columns import as_records, market_columns
from api.officer.batches import client_records
from matcher import Caseload, Market

if TYPE_CHECKING:
    from matcher.batch import Batch, Rows, Summary


@dataclass(frozen=True)
class Places:
    """Where a batch reads, writes and computes.

    Parameters
    ----------
    clients, opportunities
        Parquet files, folders of them, or databases.
    out
        Folder of the results.
    scheduler
        Address of a running one; None for workers of this machine.
    workers
        How many of those; None for one a core.
    """

    clients: str
    opportunities: str
    out: Path
    scheduler: str | None
    workers: int | None


def run_batch(desk: Desk, places: Places, as_of: dt.datetime | None, **more: Any) -> None:
    """Run a batch, or the rest of it; `more` is what is asked of it."""
    with _refusing():
        from matcher.batch import Batch

        asked = Batch(
            desk.services.answering_reference,
            _clients(desk, places.clients, as_of),
            _offers(desk, places.opportunities, as_of),
            desk.services.today(),
            language=desk.language,
            **more,
        )
        summary = _run(desk, asked, places)
    _print(desk, summary, asked.as_of, places.out)


def _run(desk: Desk, asked: "Batch", places: Places) -> "Summary":
    from matcher.batch import local_cluster, run, running_cluster

    address, workers = places.scheduler, places.workers

    with stages(desk) as stage:
        stage("batch.preparing", 0)
        return run(
            asked,
            places.out,
            lambda: running_cluster(address) if address else local_cluster(workers),
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

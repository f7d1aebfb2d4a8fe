"""Training runs as jobs: the row is the truth, a heartbeat says that somebody is at it.

A run is claimed by one process, which moves its heartbeat every two seconds. A run that is said to
run without a fresh heartbeat has lost its process: it is queued once more, then failed. A process
that was thought dead and comes back finds that its attempt is no longer the run's, and stores
nothing.
"""

import datetime as dt
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from api.analyst import queries
from api.context import Context
from api.failures import Refused
from api.services import Services
from models.base import now
from models.training_run import TrainingRun

BEAT_SECONDS: Final = 2.0
STALE: Final = dt.timedelta(seconds=30)
"""A run whose heartbeat is older has lost its process."""

ATTEMPTS: Final = 2
"""Processes that may take a run before it counts as failed."""

PROBLEM_LENGTH: Final = 2000
Told = Callable[[str, float], None]


class TakenOver(RuntimeError):  # noqa: N818 - reads as what it is
    """The run has been given to another process, or given up, while this one was at it."""


def queue(context: Context, seed: int = 0, held_out_from: dt.date | None = None) -> TrainingRun:
    """Ask for a training; the service or ``placement model work`` does it."""
    run = TrainingRun(
        run_id=f"T-{uuid4().hex[:12]}",
        who=context.actor,
        seed=seed,
        held_out_from=held_out_from,
    )
    context.session.add(run)
    context.session.flush()
    return run


def claim(services: Services, run_id: str) -> TrainingRun | None:
    """Take a queued run for this process; None where another has it, or it has ended."""
    moment = now()
    with services.database.writing() as session:
        run = queries.run(session, run_id)
        if run.state != "queued":
            return None
        run.state, run.step, run.progress = "running", "reading", 0.0
        run.started_at, run.heartbeat_at = run.started_at or moment, moment
        run.attempts += 1
        session.flush()
        session.expunge(run)
    return run


def sweep(services: Services, moment: dt.datetime | None = None) -> list[str]:
    """Queue again, or fail, every run that lost its process; their ids are returned."""
    oldest = (moment or now()) - STALE
    with services.database.reading() as session:
        if not any(_beat(run) < oldest for run in queries.runs_in(session, "running")):
            return []
    with services.database.writing() as session:
        lost = [run for run in queries.runs_in(session, "running") if _beat(run) < oldest]
        for run in lost:
            _give_back(run)
        return [run.run_id for run in lost]


def released(services: Services, run_id: str) -> None:
    """Queue again, or fail, a run whose process is known to have ended without an answer."""
    with services.database.writing() as session:
        run = queries.run(session, run_id)
        if run.state == "running":
            _give_back(run)


def work(services: Services, run_id: str, told: Told = lambda step, share: None) -> TrainingRun:
    """Do a queued run in this process and return what became of it.

    Raises
    ------
    NotFound
        Where there is no such run.
    """
    run = claim(services, run_id)
    if run is not None:
        with _heartbeat(services, run) as alive, _ending(services, run):
            _train(services, run, alive, told)
    with services.database.reading() as session:
        return queries.run(session, run_id)


def _train(services: Services, run: TrainingRun, alive: Event, told: Told) -> None:
    told("reading", 0.0)
    from api.analyst.training import placements_of, train

    def report(step: str, share: float) -> None:
        told(step, share)
        if not alive.is_set() or not _moved(services, run, step=step, progress=share):
            raise TakenOver

    with services.database.writing() as session:
        context = Context(session, services, run.who, uuid4().hex, "en")
        placements = placements_of(context, "model.train")
    made = train(services, placements, run.who, run.seed, run.held_out_from, report)
    _moved(services, run, state="done", made_version=made.version, ended_at=now(), progress=1.0)


@contextmanager
def _heartbeat(services: Services, run: TrainingRun) -> Iterator[Event]:
    """Move the heartbeat while the body works; the event falls where the run was taken away."""
    ended, alive = Event(), Event()
    alive.set()

    def beat() -> None:
        while not ended.wait(BEAT_SECONDS):
            try:
                if not _moved(services, run, heartbeat_at=now()):
                    alive.clear()
            except SQLAlchemyError:
                continue  # a store that is busy for a moment; the next beat tries again

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield alive
    finally:
        ended.set()
        thread.join()


@contextmanager
def _ending(services: Services, run: TrainingRun) -> Iterator[None]:
    """Write down why a run ended without a model."""
    try:
        yield
    except TakenOver:
        return
    except Refused as refused:
        _fail(services, run, "refused", refused.reason)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        _fail(services, run, "unexpected", f"{type(error).__name__} at {place}")


def _fail(services: Services, run: TrainingRun, kind: str, problem: str) -> None:
    _moved(
        services,
        run,
        state="failed",
        problem_kind=kind,
        problem=problem[:PROBLEM_LENGTH],
        ended_at=now(),
    )


def _moved(services: Services, run: TrainingRun, **values: Any) -> bool:
    """Write to a run that is still this attempt's; tell whether it was."""
    mine = (
        col(TrainingRun.run_id) == run.run_id,
        col(TrainingRun.state) == "running",
        col(TrainingRun.attempts) == run.attempts,
    )
    with services.database.writing() as session:
        changed = session.connection().execute(update(TrainingRun).where(*mine).values(values))
        return changed.rowcount == 1


def _give_back(run: TrainingRun) -> None:
    if run.attempts < ATTEMPTS:
        run.state, run.step, run.progress, run.heartbeat_at = "queued", None, 0.0, None
        return
    run.state, run.ended_at = "failed", now()
    run.problem_kind = "interrupted"
    run.problem = f"its process ended without an answer, {run.attempts} times"


def _beat(run: TrainingRun) -> dt.datetime:
    assert run.heartbeat_at is not None  # the database sees to it
    return run.heartbeat_at

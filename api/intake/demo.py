"""Loads the demo world into a file of its own, and puts it in place in one step."""

import datetime as dt
import glob
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlmodel import Session, col, func, select

from api.db import Database
from api.failures import Refused
from api.intake.writing import note_intake, write_clients, write_employers, write_offers
from api.readiness import revision, upgrade
from api.services import Services
from data import demo
from models.client import Client
from models.intake import Intake
from models.opportunity import Opportunity

LOADING = ".loading-"
COHORT = "malaysia-august"
OWN = ("demo", "history")
"""Kinds of intake that are drawn, and may be drawn anew."""

Stage = Callable[[str, int], Callable[[int], None]]
"""Told the name of a step and its number of rows; answers what to call as rows are done."""


@dataclass(frozen=True)
class DemoSize:
    """Which demo world.

    Parameters
    ----------
    clients, opportunities
        How many of each.
    seed
        Seed of every draw.
    """

    clients: int = 2000
    opportunities: int = 10_000
    seed: int = 7


def load(services: Services, size: DemoSize, day: dt.date, who: str, stage: Stage) -> Path:
    """Write the demo world beside the database, then rename it into place.

    Whatever interrupts it, the database is the old one or the new one, never a part of either.

    Parameters
    ----------
    services
        Names the database.
    size
        Which world.
    day
        The day of the world; every date lies relative to it.
    who
        Who loads it.
    stage
        Told of each step.

    Returns
    -------
    path
        Of the database.

    Raises
    ------
    Refused
        Where the database is no file, or holds anything but a demo world.
    """
    path = services.database.path
    if path is None:
        raise Refused("the demo is loaded into an SQLite file; the database given is none")
    if path.exists() and not _only_demo(services.database):
        raise Refused(
            f"{path} holds more than a demo world and is left as it is; "
            "name another file with --database"
        )
    partial = path.with_name(f"{path.name}{LOADING}{os.getpid()}")
    try:
        _remove_leftovers(path)
        _write(partial, size, day, who, stage)
        services.database.close()
        os.replace(partial, path)
    finally:
        _remove_leftovers(path)
    return path


def _remove_leftovers(path: Path) -> None:
    """Delete what this load, or one that was killed, has left beside the database."""
    for leftover in path.parent.glob(f"{glob.escape(path.name)}{LOADING}*"):
        process = leftover.name.rpartition(LOADING)[2].removesuffix("-journal")
        if process == str(os.getpid()) or not _runs(process):
            leftover.unlink(missing_ok=True)


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _write(path: Path, size: DemoSize, day: dt.date, who: str, stage: Stage) -> None:
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    stage("demo.drawing", 0)
    world = demo.world(**asdict(size), as_of=day)
    with database.writing() as session:
        write_employers(session, world.employers)
        progress = stage("demo.offers", len(world.opportunities))
        write_offers(session, world.opportunities, progress)
        progress = stage("demo.clients", len(world.clients))
        write_clients(session, world.clients, day, who, progress)
        rows = size.clients + size.opportunities
        detail = asdict(size) | {"day": day.isoformat()}
        note_intake(session, who, "demo", "data.demo", rows, rows, **detail)
    database.close()


def loaded(database: Database) -> tuple[DemoSize, dt.date] | None:
    """Return which demo world the database holds, and its day; None where it holds none."""
    if database.path is not None and not database.path.exists():
        return None
    if revision(database) is None:
        return None
    with database.reading() as session:
        return _loaded(session)


def _loaded(session: Session) -> tuple[DemoSize, dt.date] | None:
    found = session.exec(select(Intake).where(Intake.kind == "demo")).first()
    if found is None:
        return None
    detail = dict(found.detail)
    return DemoSize(**{k: detail[k] for k in asdict(DemoSize())}), dt.date.fromisoformat(
        detail["day"]
    )


def _only_demo(database: Database) -> bool:
    """Tell whether the database holds a demo world, or nothing, and no row beside it."""
    if revision(database) is None:
        return True
    with database.reading() as session:
        known = _loaded(session)
        size = known[0] if known else DemoSize(0, 0)
        others = session.exec(select(func.count()).where(col(Intake.kind).not_in(OWN))).one()
        clients = session.exec(select(func.count()).select_from(Client)).one()
        offers = session.exec(select(func.count()).select_from(Opportunity)).one()
    return others == 0 and (clients, offers) == (size.clients, size.opportunities)

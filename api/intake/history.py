"""Four years of placements for the demo world, drawn from a law that is written down.

The law is that of :mod:`matcher.simulation`, in its documented world: nobody lived any of this. It
is there so that learning, judging and promoting can be tried before a programme has outcomes.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import insert
from sqlmodel import col, func, select

from api.context import Context
from api.failures import Refused
from api.intake.demo import loaded
from api.intake.drawn_slates import DrawnSlate, drawn_slates
from api.intake.writing import note_intake
from api.officer.batches import client_records
from matcher import Caseload
from matcher.simulation import TERMS, VISIT_DAYS, WORLDS, Cause, Simulator, WorldName, draw_log
from models import appended
from models.base import now
from models.follow_up import Referral, Visit
from models.registry import METADATA
from models.revision import current
from models.slate import Slate, SlateOffer

DAYS_A_YEAR: Final = 365
DAYS_TO_START: Final = 7
SLATES_KEPT_DAYS: Final = DAYS_A_YEAR
"""Slates are drawn for the latest year, as if they were kept since then: they take space."""

OUTCOMES: Final = {Cause.BETTER: "better", Cause.OTHER: "ended", Cause.HARM: "harm"}
ROWS_AT_ONCE: Final = 1000
Stage = Callable[[str, int], Callable[[int], None]]


@dataclass(frozen=True)
class History:
    """How much to draw.

    Parameters
    ----------
    placements
        How many that started, spread evenly over the years.
    lost
        Share of them that follow-up loses.
    seed
        Seed of every draw.
    """

    placements: int = 2000
    lost: float = TERMS.lost
    seed: int = 7


class Drawn(NamedTuple):
    """One placement that never was; its offer is the first of its slate."""

    slate: DrawnSlate
    started_on: dt.date
    days: int
    cause: int


def write_history(context: Context, wanted: History, stage: Stage) -> tuple[int, int]:
    """Write placements and visits of the past four years; their numbers are returned.

    Raises
    ------
    Refused
        Where the database holds no demo world, or referrals already.
    """
    _require_fresh_demo(context)
    stage("history.drawing", 0)
    drawn = list(_placements(context, wanted))
    progress = stage("history.writing", len(drawn))
    visits = 0
    for start in range(0, len(drawn), ROWS_AT_ONCE):
        part = drawn[start : start + ROWS_AT_ONCE]
        visits += _write(context, part, start)
        progress(len(part))
    note_intake(
        context.session, context.actor, "history", "matcher.simulation", len(drawn), len(drawn),
        lost=wanted.lost, seed=wanted.seed,
    )  # fmt: skip
    return len(drawn), visits


def _require_fresh_demo(context: Context) -> None:
    if loaded(context.services.database) is None:
        raise Refused("a history is drawn for the demo world only; 'placement demo load' makes one")
    if context.session.exec(select(func.count(col(Referral.referral_id)))).one():
        raise Refused("there are referrals already; 'placement demo load' makes a fresh world")


def _placements(context: Context, wanted: History) -> Iterator[Drawn]:
    """Draw a log of each year, and take what was accepted."""
    simulator = _simulator(context, wanted.seed)
    years = TERMS.years
    for year in range(years):
        needed = wanted.placements * (year + 1) // years - wanted.placements * year // years
        yield from islice(_year(simulator, wanted, context.today, year), needed)


def _year(simulator: Simulator, wanted: History, today: dt.date, year: int) -> Iterator[Drawn]:
    """Yield placements of a year, log after log."""
    for draw in count(year, TERMS.years):
        yield from _log(simulator, wanted, today, year, draw)


def _simulator(context: Context, seed: int) -> Simulator:
    records = [record for page in client_records(context) for record in page]
    caseload = Caseload.from_records(records)
    market = context.services.markets.current(context.session, context.today).market
    return Simulator(context.services.expert, caseload, market, WORLDS[WorldName.DOCUMENTED], seed)


def _log(
    simulator: Simulator, wanted: History, today: dt.date, year: int, draw: int
) -> Iterator[Drawn]:
    log = draw_log(simulator, lost=wanted.lost, year=year, draw=draw)
    dice = np.random.default_rng((wanted.seed, 3, draw))
    taken = np.flatnonzero(log.accepted)
    began = today - dt.timedelta(days=DAYS_A_YEAR * (TERMS.years - year))
    order = dice.permutation(len(taken)).tolist()
    slates = drawn_slates(simulator, log, (int(taken[place]) for place in order))
    for place, slate in zip(order, slates, strict=True):
        yield Drawn(
            slate=slate,
            started_on=began + dt.timedelta(days=int(dice.integers(DAYS_A_YEAR))),
            days=int(log.observed.days[place]),
            cause=int(log.observed.cause[place]),
        )


def _write(context: Context, drawn: list[Drawn], first: int) -> int:
    connection, moment = context.session.connection(), now()
    named = [(f"R-{number:06d}", one) for number, one in enumerate(drawn, first + 1)]
    version = context.services.expert.version
    rows = [_referral(one, key, version, context.today) for key, one in named]
    _write_slates(context, named, version)
    visits = [
        _visit(one, key, day, context)
        for key, one in named
        for day in _visit_days(one, context.today)
    ]
    stamps = {"created_at": moment, "updated_at": moment, "version": 1}
    connection.execute(
        insert(METADATA.tables[str(Referral.__tablename__)]), [row | stamps for row in rows]
    )
    if visits:
        connection.execute(insert(METADATA.tables[str(Visit.__tablename__)]), visits)
    return len(visits)


def _write_slates(context: Context, named: list[tuple[str, Drawn]], version: str) -> None:
    """Write the slates that placements came from, as the service keeps those it shows."""
    revision, moment = current(context.session), now()
    heads, offers = [], []
    for key, one in named:
        if not _has_slate(one, context.today):
            continue
        told, day = {"slate_id": _slate_id(key)}, _sent_on(one)
        market = {"market_revision": revision, "market_day": day, "model_version": version}
        heads.append(told | one.slate.head | market | {"client_version": 1, "created_at": moment})
        offers += [told | offer for offer in one.slate.offers]
    appended.add(context.session, Slate, heads)
    for start in range(0, len(offers), ROWS_AT_ONCE):
        appended.add(context.session, SlateOffer, offers[start : start + ROWS_AT_ONCE])


def _has_slate(one: Drawn, today: dt.date) -> bool:
    return (today - one.started_on).days <= SLATES_KEPT_DAYS


def _slate_id(referral_id: str) -> str:
    return f"S-{referral_id}"


def _sent_on(one: Drawn) -> dt.date:
    return one.started_on - dt.timedelta(days=DAYS_TO_START)


def _referral(one: Drawn, referral_id: str, version: str, today: dt.date) -> dict[str, Any]:
    put, kept = one.slate.offers[0], _has_slate(one, today)
    return {
        "referral_id": referral_id,
        "client_id": one.slate.head["client_id"],
        "opportunity_id": put["opportunity_id"],
        "then_id": None,
        "kind": put["kind"],
        "slate_id": _slate_id(referral_id) if kept else None,
        "position": put["position"] if kept else None,
        "consented": True,
        "state": "accepted",
        "sent_on": _sent_on(one),
        "started_on": one.started_on,
        "model_version": version,
        "score": put["score"],
        "propensity": put["propensity"],
        "features": put["features"],
    }


def _visit_days(one: Drawn, today: dt.date) -> list[int]:
    """Days of the visits that were due by today, up to the one that learns of an end or misses."""
    reached = [day for day in VISIT_DAYS if day <= one.days]
    told = one.cause != Cause.CENSORED and one.days in reached
    further = [] if told else VISIT_DAYS[len(reached) : len(reached) + 1]
    return [day for day in (*reached, *further) if one.started_on + dt.timedelta(days=day) <= today]


def _visit(one: Drawn, referral_id: str, day: int, context: Context) -> dict[str, Any]:
    """Return what a visit finds: there, gone, or nobody."""
    gone = one.cause != Cause.CENSORED and one.days <= day
    there = day <= one.days and not gone
    outcome = OUTCOMES[Cause(one.cause)] if gone else "retained" if there else "not_reached"
    return {
        "referral_id": referral_id,
        "visited_on": one.started_on + dt.timedelta(days=day),
        "outcome": outcome,
        "ended_on": one.started_on + dt.timedelta(days=one.days) if gone else None,
        "income_usd": None,
        "self_sufficiency": None,
        "social_stability": None,
        "psychosocial": None,
        "warnings": [],
        "employer_reported": False,
        "who": context.actor,
        "created_at": now(),
    }

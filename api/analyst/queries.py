"""Every SELECT an analyst's use case needs: placements with their outcomes, and training runs."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from sqlmodel import Session, col, select

from api.failures import NotFound
from api.officer.records import age_years
from models.client import Client
from models.follow_up import Referral, Visit
from models.household import Household
from models.slate import SlateOffer
from models.training_run import TrainingRun

if TYPE_CHECKING:
    from matcher.learning.placements import Placements

CAUSES: Final = {"better": 1, "ended": 2, "harm": 3}
"""Number of each way to leave; 0 stands for not known to have left."""

LAST_DAY: Final = 365
"""Day of the last visit: what comes later tells nothing."""

WINDOWS_DAYS: Final = (30, 90, 180, LAST_DAY)
EARLY_DAYS: Final = 14
"""A visit counts for its window from this many days before it: from then on it is shown as due."""

AGE_BANDS: Final = ((18, "under 18"), (25, "18-24"), (40, "25-39"), (200, "40 or older"))
UNKNOWN: Final = "unknown"
PROVINCE_DIGITS: Final = 2


class Course(NamedTuple):
    """How far a placement is known.

    Parameters
    ----------
    days
        Day after the start on which it ended or the client was last reached.
    cause
        Number of :data:`CAUSES`, or 0.
    """

    days: int
    cause: int


def placements(session: Session, day: dt.date, schema: Sequence[str]) -> "Placements":
    """Return every placement that had started on a day, as a model learns from it.

    Parameters
    ----------
    session
        A session that reads.
    day
        Nothing later is looked at.
    schema
        Names of the features, in the order of the columns.
    """
    from matcher.learning.placements import Placements

    visits = _visits(session, day)
    found = list(_started(session, day))
    courses = [course(one.started_on, visits.get(one.referral_id, [])) for one, *_ in found]
    groups = [_groups(client, home, one.started_on) for one, client, home in found]
    features = [[one.features.get(name) for name in schema] for one, *_ in found]
    return Placements(
        features=np.array(features, dtype=np.float64).reshape(len(found), len(schema)),
        days=np.array([known.days for known in courses], dtype=np.float64),
        cause=np.array([known.cause for known in courses], dtype=np.int64),
        row_id=np.array([one.referral_id for one, *_ in found], dtype=object),
        placed_on=np.array([one.started_on for one, *_ in found], dtype="datetime64[D]"),
        groups={
            name: np.array([own[name] for own in groups], dtype=object)
            for name in ("sex", "age_band", "province", "disability", "idpoor")
        },
    )


def course(started_on: dt.date | None, visits: Sequence[Visit]) -> Course:
    """Return how far a placement is known from its visits, in order of day.

    Who was not reached is told nothing of; the first visit that learns of an end decides.

    Examples
    --------
    >>> start = dt.date(2026, 1, 1)
    >>> seen = Visit(visited_on=start + dt.timedelta(days=80), outcome="retained")
    >>> missed = Visit(visited_on=start + dt.timedelta(days=180), outcome="not_reached")
    >>> course(start, [seen, missed])
    Course(days=90, cause=0)
    """
    assert started_on is not None
    last = 0
    for visit in visits:
        if cause := CAUSES.get(visit.outcome, 0):
            ended = ((visit.ended_on or visit.visited_on) - started_on).days
            return Course(max(ended, 1), cause) if ended <= LAST_DAY else Course(LAST_DAY, 0)
        if visit.outcome == "retained":
            last = max(last, (visit.visited_on - started_on).days)
    return Course(min(_window_met(last), LAST_DAY), 0)


def _window_met(day: int) -> int:
    """Day of the window that a visit was made for, where it was made a little early."""
    return next((w for w in WINDOWS_DAYS if w - EARLY_DAYS <= day <= w), day)


def _started(session: Session, day: dt.date) -> Iterator[tuple[Referral, Client, Household | None]]:
    query = (
        select(Referral, Client, Household)
        .join(Client, col(Referral.client_id) == Client.client_id)
        .join(Household, col(Client.household_id) == Household.household_id, isouter=True)
        .where(col(Referral.started_on) <= day)
        .order_by(col(Referral.started_on), col(Referral.referral_id))
    )
    yield from session.exec(query)


def _visits(session: Session, day: dt.date) -> dict[str, list[Visit]]:
    query = select(Visit).where(Visit.visited_on <= day).order_by(col(Visit.visited_on))
    found: dict[str, list[Visit]] = {}
    for visit in session.exec(query):
        found.setdefault(visit.referral_id, []).append(visit)
    return found


def _groups(client: Client, home: Household | None, day: dt.date | None) -> dict[str, Any]:
    assert day is not None
    difficulties = client.difficulties
    disability = UNKNOWN if difficulties is None else "some" if difficulties else "none"
    return {
        "sex": client.sex or UNKNOWN,
        "age_band": _age_band(age_years(client, day)),
        "province": (client.home_place or "")[:PROVINCE_DIGITS] or UNKNOWN,
        "disability": disability,
        "idpoor": (home.idpoor if home else None) or UNKNOWN,
    }


def _age_band(age: float | None) -> str:
    if age is None:
        return UNKNOWN
    return next(name for until, name in AGE_BANDS if age < until)


def options_shown(session: Session, day: dt.date) -> dict[str, list[SlateOffer]]:
    """Return, by referral, the slate that it was chosen from, in the order shown.

    Parameters
    ----------
    session
        A session that reads.
    day
        First day of the placements.
    """
    query = (
        select(Referral.referral_id, SlateOffer)
        .join(SlateOffer, col(SlateOffer.slate_id) == col(Referral.slate_id))
        .where(col(Referral.started_on) >= day)
        .order_by(Referral.referral_id, col(SlateOffer.position))
    )
    found: dict[str, list[SlateOffer]] = {}
    for referral_id, offer in session.exec(query):
        found.setdefault(referral_id, []).append(offer)
    return found


def client_ids(session: Session, day: dt.date) -> Sequence[str]:
    """Return the clients whose placements a model learns from."""
    query = select(Referral.client_id).where(col(Referral.started_on) <= day).distinct()
    return session.exec(query.order_by(Referral.client_id)).all()


def run(session: Session, run_id: str) -> TrainingRun:
    """Return a training run.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    found = session.get(TrainingRun, run_id)
    if found is None:
        raise NotFound("training_run", run_id)
    return found


def runs_in(session: Session, state: str) -> Sequence[TrainingRun]:
    """Return the training runs in a state, the oldest first."""
    query = select(TrainingRun).where(TrainingRun.state == state)
    return session.exec(query.order_by(col(TrainingRun.created_at), TrainingRun.run_id)).all()

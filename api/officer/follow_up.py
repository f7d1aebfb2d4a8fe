"""Use cases from a referral to the last visit: refer, answer, visit, what is due."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import uuid4

from api.context import Context
from api.etags import require_version
from api.failures import AlreadyThere, Fault, InvalidValues, NotFound
from api.officer import follow_up_queries as rows
from api.officer import queries, slates
from api.officer.follow_up_schemas import ReferralChange, ReferralNew, VisitNew
from models import revision
from models.base import now
from models.employer import Employer
from models.follow_up import Referral, Visit
from models.opportunity import Opportunity

WINDOWS_DAYS = (30, 90, 180, 365)
"""When somebody should look in: the programme's visits."""

TO_COME_DAYS = 14
"""How far ahead a visit is shown as due."""

ANSWERS = {
    "sent": ("accepted", "declined", "revoked"),
    "accepted": ("accepted", "revoked"),
    "declined": (),
    "revoked": (),
}
"""What a referral may become."""

ENDED = frozenset({"better", "ended", "harm"})


class Due(NamedTuple):
    """One visit that should be made."""

    referral: Referral
    window_days: int
    due_on: dt.date


def refer(context: Context, client_id: str, new: ReferralNew) -> Referral:
    """Take an offer forward for a client who agreed to it.

    Raises
    ------
    NotFound
        Where there is no such client, offer or slate, or the offer is not in the slate.
    NotOffered
        Where a gate forbids it today, with every reason.
    InvalidValues
        Where the day lies ahead.
    """
    suggestion = slates.why(context, client_id, new.opportunity_id, new.then_id)
    position, propensity = _shown(context, client_id, new)
    sent_on = new.sent_on or context.today
    _require(sent_on <= context.today, "sent_on", "rule.day_ahead")
    referral = Referral(
        referral_id=f"R-{uuid4().hex[:12]}",
        client_id=client_id,
        opportunity_id=new.opportunity_id,
        then_id=new.then_id,
        kind=suggestion.kind,
        slate_id=new.slate_id,
        position=position,
        consented=new.consented,
        sent_on=sent_on,
        model_version=context.engine.version,
        score=suggestion.score,
        propensity=propensity,
        features=suggestion.reasons.by_feature,
    )
    context.session.add(referral)
    context.session.flush()
    context.record("referral.add", client_id)
    return referral


def answer(
    context: Context,
    client_id: str,
    referral_id: str,
    change: ReferralChange,
    if_match: str | None,
) -> tuple[Referral, Sequence[Visit]]:
    """Record how a referral was answered, and when it started; its visits come with it.

    Raises
    ------
    NotFound
        Where the client has no such referral.
    VersionMissing, VersionStale
        Where the change was not made from the newest version.
    InvalidValues
        Where the referral can't become that, or the day does not fit.
    """
    referral = rows.referral(context.session, client_id, referral_id)
    require_version(if_match, referral.version)
    _require(change.state in ANSWERS[referral.state], "state", "rule.referral_state")
    started = change.started_on or (referral.started_on if change.state == "accepted" else None)
    if started is not None:
        _require(change.state == "accepted", "started_on", "rule.started_accepted")
        fits = referral.sent_on <= started <= context.today
        _require(fits, "started_on", "rule.started_on")
    referral.state, referral.started_on = change.state, started
    referral.updated_at = now()
    context.session.flush()
    context.record("referral.change", client_id)
    return referral, rows.visits(context.session, referral_id)


def visit(
    context: Context, client_id: str, referral_id: str, new: VisitNew
) -> tuple[Referral, Visit]:
    """Record a visit; a credible report of harm pauses every offer of the employer at once.

    Raises
    ------
    NotFound
        Where the client has no such referral.
    AlreadyThere
        Where a visit of that day is recorded.
    InvalidValues
        Where it has not started, or the days do not fit.
    """
    referral = rows.referral(context.session, client_id, referral_id)
    _require_fitting(context, referral, new)
    made = rows.visits(context.session, referral_id)
    if any(found.visited_on == new.visited_on for found in made):
        raise AlreadyThere("visit", new.visited_on.isoformat())
    found = Visit(referral_id=referral_id, who=context.actor, **new.model_dump())
    context.session.add(found)
    if new.employer_reported:
        _pause_employer(context, referral)
    context.session.flush()
    context.record("visit.add", client_id)
    return referral, found


def of_client(context: Context, client_id: str) -> list[tuple[Referral, Sequence[Visit]]]:
    """Return the referrals of a client with their visits, oldest first.

    Raises
    ------
    NotFound
        Where there is no such client.
    """
    queries.client(context.session, client_id)
    context.record("referral.read", client_id)
    found = rows.referrals(context.session, client_id)
    return [(referral, rows.visits(context.session, referral.referral_id)) for referral in found]


def due(context: Context, officer: str | None = None) -> list[Due]:
    """Return the visits that should be made, the longest overdue first.

    A window is done by any visit from half-way since the window before; a placement that ended
    needs none.
    """
    until = context.today + dt.timedelta(days=TO_COME_DAYS)
    found = [
        Due(referral, window, on)
        for referral, visits in rows.running(context.session, officer)
        for window, on in _open_windows(referral, visits)
        if on <= until
    ]
    for client_id in sorted({one.referral.client_id for one in found}):
        context.record("visit.due", client_id)
    return sorted(found, key=lambda one: (one.due_on, one.referral.referral_id))


def _open_windows(referral: Referral, visits: Sequence[Visit]) -> list[tuple[int, dt.date]]:
    """Windows of a running placement that no visit has met yet, with the day each is due."""
    if referral.started_on is None or any(found.outcome in ENDED for found in visits):
        return []
    days = [(found.visited_on - referral.started_on).days for found in visits]
    before = (0, *WINDOWS_DAYS)
    return [
        (window, referral.started_on + dt.timedelta(days=window))
        for earlier, window in zip(before, WINDOWS_DAYS, strict=False)
        if not any(day >= (earlier + window) / 2 for day in days)
    ]


def _shown(context: Context, client_id: str, new: ReferralNew) -> tuple[int | None, float]:
    """Position and propensity of the offer in the slate it was chosen from."""
    if new.slate_id is None:
        return None, slates.SHOWN_FOR_SURE
    _, offers = queries.slate(context.session, client_id, new.slate_id)
    steps = [step for step in (new.opportunity_id, new.then_id) if step is not None]
    for offer in offers:
        if offer.steps == steps:
            return offer.position, offer.propensity
    raise NotFound("opportunity", new.opportunity_id)


def _require_fitting(context: Context, referral: Referral, new: VisitNew) -> None:
    started = referral.started_on
    _require(started is not None, "visited_on", "rule.not_started")
    assert started is not None
    _require(started <= new.visited_on <= context.today, "visited_on", "rule.visited_on")
    _require(new.ended_on is None or new.outcome in ENDED, "ended_on", "rule.ended_outcome")
    if new.ended_on is not None:
        _require(started <= new.ended_on <= new.visited_on, "ended_on", "rule.ended_on")
    is_harm = not new.employer_reported or new.outcome == "harm"
    _require(is_harm, "employer_reported", "rule.report_of_harm")


def _pause_employer(context: Context, referral: Referral) -> None:
    offer = context.session.get(Opportunity, referral.opportunity_id)
    employer = context.session.get(Employer, offer.employer_id) if offer else None
    if employer is not None and not employer.harm_report_open:
        employer.harm_report_open = True
        employer.updated_at = now()
        revision.move(context.session)


def _require(holds: bool, field: str, rule: str) -> None:
    if not holds:
        raise InvalidValues([Fault(field, rule)])

"""Referrals and visits as they are answered."""

from collections.abc import Sequence
from typing import Any

from api.officer.follow_up import Due
from api.officer.follow_up_schemas import DueOut, DueVisit, ReferralOut, ReferralsOut, VisitOut
from models.follow_up import Referral, Visit


def visit_body(referral: Referral, visit: Visit) -> dict[str, Any]:
    """Return a visit as answered."""
    return _visit(referral, visit).model_dump(mode="json")


def referral_body(referral: Referral, visits: Sequence[Visit]) -> dict[str, Any]:
    """Return a referral as answered, with its visits."""
    return _referral(referral, visits).model_dump(mode="json")


def referrals_body(found: Sequence[tuple[Referral, Sequence[Visit]]]) -> dict[str, Any]:
    """Return the referrals of a client as answered."""
    items = [_referral(referral, visits) for referral, visits in found]
    return ReferralsOut(items=items).model_dump(mode="json")


def due_body(found: Sequence[Due]) -> dict[str, Any]:
    """Return the visits that are due as answered."""
    items = [
        DueVisit(
            client_id=one.referral.client_id,
            referral_id=one.referral.referral_id,
            opportunity_id=one.referral.opportunity_id,
            window_days=one.window_days,
            due_on=one.due_on,
        )
        for one in found
    ]
    return DueOut(items=items).model_dump(mode="json")


def _referral(referral: Referral, visits: Sequence[Visit]) -> ReferralOut:
    values = referral.model_dump(include=set(ReferralOut.model_fields))
    return ReferralOut(**values, visits=[_visit(referral, visit) for visit in visits])


def _visit(referral: Referral, visit: Visit) -> VisitOut:
    assert referral.started_on is not None
    values = visit.model_dump(include=set(VisitOut.model_fields))
    return VisitOut(**values, day=(visit.visited_on - referral.started_on).days)

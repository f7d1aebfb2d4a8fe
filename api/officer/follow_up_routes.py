"""Routes of referrals and follow-up: input, call, output."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from api.deps import Id, Writing
from api.errors import responses
from api.etags import IfMatch, etag
from api.idempotency import Answer, Key, once
from api.officer import follow_up
from api.officer import follow_up_answers as answers
from api.officer.follow_up_schemas import (
    DueOut,
    ReferralChange,
    ReferralNew,
    ReferralOut,
    ReferralsOut,
    VisitNew,
    VisitOut,
)

router = APIRouter(prefix="/v1", tags=["follow-up"])


@router.post(
    "/clients/{client_id}/referrals",
    operation_id="create_referral",
    status_code=201,
    response_model=ReferralOut,
    responses=responses(404, 409),
)
def create_referral(
    context: Writing, client_id: Id, body: ReferralNew, key: Key = None
) -> Response:
    """Take an offer forward for a client who agreed to it; 409 with reasons if not offered."""

    def act() -> Answer:
        referral = follow_up.refer(context, client_id, body)
        headers = {"ETag": etag(referral.version)}
        return Answer(answers.referral_body(referral, []), 201, headers)

    operation = f"create_referral {client_id}"
    return once(context, operation, key, body.model_dump(mode="json"), act)


@router.get(
    "/clients/{client_id}/referrals",
    operation_id="list_referrals",
    response_model=ReferralsOut,
    responses=responses(404),
)
def list_referrals(context: Writing, client_id: Id) -> JSONResponse:
    """Return the referrals of a client with their visits, oldest first."""
    return JSONResponse(answers.referrals_body(follow_up.of_client(context, client_id)))


@router.patch(
    "/clients/{client_id}/referrals/{referral_id}",
    operation_id="change_referral",
    response_model=ReferralOut,
    responses=responses(404, 412, 428),
)
def change_referral(
    context: Writing,
    client_id: Id,
    referral_id: Id,
    body: ReferralChange,
    if_match: IfMatch = None,
) -> JSONResponse:
    """Record how a referral was answered, and when it started."""
    referral, visits = follow_up.answer(context, client_id, referral_id, body, if_match)
    headers = {"ETag": etag(referral.version)}
    return JSONResponse(answers.referral_body(referral, visits), headers=headers)


@router.post(
    "/clients/{client_id}/referrals/{referral_id}/visits",
    operation_id="create_visit",
    status_code=201,
    response_model=VisitOut,
    responses=responses(404, 409),
)
def create_visit(
    context: Writing, client_id: Id, referral_id: Id, body: VisitNew, key: Key = None
) -> Response:
    """Record a follow-up visit, or that nobody was reached."""

    def act() -> Answer:
        referral, visit = follow_up.visit(context, client_id, referral_id, body)
        return Answer(answers.visit_body(referral, visit), 201)

    operation = f"create_visit {client_id} {referral_id}"
    return once(context, operation, key, body.model_dump(mode="json"), act)


@router.get(
    "/visits/due",
    operation_id="list_due_visits",
    response_model=DueOut,
    responses=responses(),
)
def list_due_visits(
    context: Writing,
    officer: Annotated[str | None, Query(max_length=64, description="Of one officer.")] = None,
) -> JSONResponse:
    """Return the visits that should be made, the longest overdue first."""
    return JSONResponse(answers.due_body(follow_up.due(context, officer)))

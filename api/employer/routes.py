"""Routes of the employer side: input, call, output."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.deps import Id, Reading, Writing
from api.employer import employers, opportunities
from api.employer.opportunities import Screened, Wanted
from api.employer.schemas import (
    ClearanceNew,
    ClearanceOut,
    EmployerChange,
    EmployerNew,
    EmployerOut,
    EmployerPage,
    OfferChange,
    OfferNew,
    OfferOut,
    OfferPage,
)
from api.errors import responses
from api.etags import IfMatch, etag
from api.fields import Kind, Verdict
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, after, next_link
from models.employer import Employer

router = APIRouter(prefix="/v1")


def employer_body(employer: Employer) -> dict[str, Any]:
    """Return an employer as it is answered."""
    values = employer.model_dump(include=set(EmployerOut.model_fields))
    return EmployerOut(**values).model_dump(mode="json")


def offer_body(context: Context, found: Screened) -> dict[str, Any]:
    """Return an offer as it is answered."""
    fields = {name: found.record.get(name) for name in OfferOut.model_fields}
    flags = [opportunities.flag_body(context, flag) for flag in found.flags]
    fields |= {"verdict": found.verdict, "flags": flags, "version": found.version}
    return OfferOut.model_validate(fields).model_dump(mode="json")


@router.post(
    "/employers",
    operation_id="create_employer",
    tags=["employers"],
    status_code=201,
    response_model=EmployerOut,
    responses=responses(409),
)
def create_employer(context: Writing, body: EmployerNew) -> JSONResponse:
    """Add an employer, a course provider or a grant giver."""
    employer = employers.add(context, body)
    where = f"/v1/employers/{employer.employer_id}"
    headers = {"Location": where, "ETag": etag(employer.version)}
    return JSONResponse(employer_body(employer), 201, headers)


@router.get(
    "/employers",
    operation_id="list_employers",
    tags=["employers"],
    response_model=EmployerPage,
    responses=responses(),
)
def list_employers(
    request: Request, context: Reading, limit: Limit = 50, cursor: Cursor = None
) -> JSONResponse:
    """Return employers in order of id, a page at a time."""
    rows, last = employers.page(context, after(cursor), limit)
    body = {"items": [employer_body(row) for row in rows]}
    return JSONResponse(body, headers=next_link(request, last))


@router.get(
    "/employers/{employer_id}",
    operation_id="read_employer",
    tags=["employers"],
    response_model=EmployerOut,
    responses=responses(404),
)
def read_employer(context: Reading, employer_id: Id) -> JSONResponse:
    """Return one employer."""
    employer = employers.one(context, employer_id)
    return JSONResponse(employer_body(employer), headers={"ETag": etag(employer.version)})


@router.patch(
    "/employers/{employer_id}",
    operation_id="change_employer",
    tags=["employers"],
    response_model=EmployerOut,
    responses=responses(404, 412, 428),
)
def change_employer(
    context: Writing, employer_id: Id, body: EmployerChange, if_match: IfMatch = None
) -> JSONResponse:
    """Record what vetting found, or a harm report."""
    employer = employers.change(context, employer_id, body, if_match)
    return JSONResponse(employer_body(employer), headers={"ETag": etag(employer.version)})


@router.post(
    "/opportunities",
    operation_id="create_opportunity",
    tags=["opportunities"],
    status_code=201,
    response_model=OfferOut,
    responses=responses(409),
)
def create_opportunity(context: Writing, body: OfferNew, key: Key = None) -> Response:
    """Add a vacancy, a training or a grant; the answer carries the safety screen's verdict."""

    def act() -> Answer:
        found = opportunities.add(context, body)
        where = f"/v1/opportunities/{found.record['opportunity_id']}"
        headers = {"Location": where, "ETag": etag(found.version)}
        return Answer(offer_body(context, found), 201, headers)

    return once(context, "create_opportunity", key, body.model_dump(mode="json"), act)


@router.get(
    "/opportunities",
    operation_id="list_opportunities",
    tags=["opportunities"],
    response_model=OfferPage,
    responses=responses(),
)
def list_opportunities(
    request: Request,
    context: Reading,
    limit: Limit = 50,
    cursor: Cursor = None,
    kind: Kind | None = None,
    employer_id: Annotated[str | None, Query(max_length=64)] = None,
    verdict: Annotated[Verdict | None, Query(description="Such as those for review.")] = None,
) -> JSONResponse:
    """Return offers in order of id, a page at a time."""
    wanted = Wanted(kind, employer_id, verdict)
    rows, last = opportunities.page(context, after(cursor), limit, wanted)
    body = {"items": [offer_body(context, row) for row in rows]}
    return JSONResponse(body, headers=next_link(request, last))


@router.get(
    "/opportunities/{opportunity_id}",
    operation_id="read_opportunity",
    tags=["opportunities"],
    response_model=OfferOut,
    responses=responses(404),
)
def read_opportunity(context: Reading, opportunity_id: Id) -> JSONResponse:
    """Return one offer with its verdict and flags."""
    found = opportunities.one(context, opportunity_id)
    body = offer_body(context, found)
    return JSONResponse(body, headers={"ETag": etag(found.version)})


@router.patch(
    "/opportunities/{opportunity_id}",
    operation_id="change_opportunity",
    tags=["opportunities"],
    response_model=OfferOut,
    responses=responses(404, 412, 428),
)
def change_opportunity(
    context: Writing, opportunity_id: Id, body: OfferChange, if_match: IfMatch = None
) -> JSONResponse:
    """Change an offer; a change of its terms withdraws what was cleared."""
    found = opportunities.change(context, opportunity_id, body, if_match)
    answer = offer_body(context, found)
    return JSONResponse(answer, headers={"ETag": etag(found.version)})


@router.post(
    "/opportunities/{opportunity_id}/clearances",
    operation_id="clear_flag",
    tags=["opportunities"],
    status_code=201,
    response_model=ClearanceOut,
    responses=responses(404, 409),
)
def clear_flag(context: Writing, opportunity_id: Id, body: ClearanceNew) -> JSONResponse:
    """Clear one review flag after looking into it; a block cannot be cleared."""
    clearance, found = opportunities.clear(context, opportunity_id, body)
    values = clearance.model_dump(exclude={"clearance_id"}) | {"verdict": found.verdict}
    return JSONResponse(ClearanceOut(**values).model_dump(mode="json"), 201)

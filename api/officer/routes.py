"""Routes of the officer side: input, call, output."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.deps import Id, Reading, Writing, together
from api.errors import responses
from api.etags import IfMatch, etag
from api.idempotency import Answer, Key, once
from api.json_answer import PlainJSON
from api.officer import answers, clients, households
from api.officer.schemas import (
    ClientChange,
    ClientNew,
    ClientOut,
    ClientPage,
    HouseholdChange,
    HouseholdNew,
    HouseholdOut,
)
from api.paging import Cursor, Limit, after, next_link

router = APIRouter(prefix="/v1")


@router.post(
    "/households",
    operation_id="create_household",
    tags=["clients"],
    status_code=201,
    response_model=HouseholdOut,
    responses=responses(409),
)
@together
def create_household(context: Writing, body: HouseholdNew) -> PlainJSON:
    """Add a household; its clients refer to it."""
    household = households.add(context, body)
    headers = {
        "Location": f"/v1/households/{household.household_id}",
        "ETag": etag(household.version),
    }
    return PlainJSON(answers.household_body(household, []), 201, headers)


@router.get(
    "/households/{household_id}",
    operation_id="read_household",
    tags=["clients"],
    response_model=HouseholdOut,
    responses=responses(404),
)
@together
def read_household(context: Reading, household_id: Id) -> PlainJSON:
    """Return one household with the ids of its clients."""
    household, members = households.one(context, household_id)
    body = answers.household_body(household, members)
    return PlainJSON(body, headers={"ETag": etag(household.version)})


@router.patch(
    "/households/{household_id}",
    operation_id="change_household",
    tags=["clients"],
    response_model=HouseholdOut,
    responses=responses(404, 412, 428),
)
@together
def change_household(
    context: Writing, household_id: Id, body: HouseholdChange, if_match: IfMatch = None
) -> PlainJSON:
    """Change what is known of a household."""
    household, members = households.change(context, household_id, body, if_match)
    answer = answers.household_body(household, members)
    return PlainJSON(answer, headers={"ETag": etag(household.version)})


@router.post(
    "/clients",
    operation_id="create_client",
    tags=["clients"],
    status_code=201,
    response_model=ClientOut,
    responses=responses(409),
)
@together
def create_client(context: Writing, body: ClientNew, key: Key = None) -> Response:
    """Add a client; no name and no reason for an exclusion is taken."""

    def act() -> Answer:
        client = clients.add(context, body)
        where = f"/v1/clients/{client.client_id}"
        headers = {"Location": where, "ETag": etag(client.version)}
        return Answer(answers.client_body(context, client), 201, headers)

    return once(context, "create_client", key, body.model_dump(mode="json"), act)


@router.get(
    "/clients",
    operation_id="list_clients",
    tags=["clients"],
    response_model=ClientPage,
    responses=responses(),
)
@together
def list_clients(
    context: Reading,
    request: Request,
    limit: Limit = 50,
    cursor: Cursor = None,
    cohort: Annotated[str | None, Query(max_length=64)] = None,
) -> PlainJSON:
    """Return clients in order of id, a page at a time."""
    rows, last = clients.page(context, after(cursor), limit, cohort)
    body = {"items": [answers.client_body(context, row) for row in rows]}
    return PlainJSON(body, headers=next_link(request, last))


@router.get(
    "/clients/{client_id}",
    operation_id="read_client",
    tags=["clients"],
    response_model=ClientOut,
    responses=responses(404),
)
@together
def read_client(context: Reading, client_id: Id) -> PlainJSON:
    """Return one client."""
    client = clients.one(context, client_id)
    body = answers.client_body(context, client)
    return PlainJSON(body, headers={"ETag": etag(client.version)})


@router.patch(
    "/clients/{client_id}",
    operation_id="change_client",
    tags=["clients"],
    response_model=ClientOut,
    responses=responses(404, 412, 428),
)
@together
def change_client(
    context: Writing, client_id: Id, body: ClientChange, if_match: IfMatch = None
) -> PlainJSON:
    """Change what is known of a client."""
    client = clients.change(context, client_id, body, if_match)
    answer = answers.client_body(context, client)
    return PlainJSON(answer, headers={"ETag": etag(client.version)})

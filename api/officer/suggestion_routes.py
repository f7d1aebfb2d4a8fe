"""Routes about what is suggested to a client: asked most, so looked through first."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import Computing, Id, Reading, together
from api.errors import responses
from api.idempotency import Answer, Key, once
from api.json_answer import PlainJSON
from api.officer import answers, slates
from api.officer.slate_schemas import HelpsOut, SlateNew, SlateOut, SuggestionOut, WhyNotOut
from api.officer.suggestion_text import suggestion_text

router = APIRouter(prefix="/v1")

Then = Annotated[
    str | None,
    Query(
        description="For a pathway: what would follow the training.",
        max_length=64,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
    ),
]


@router.post(
    "/clients/{client_id}/slates",
    operation_id="create_slate",
    tags=["suggestions"],
    status_code=201,
    response_model=SlateOut,
    responses=responses(404),
)
@together
def create_slate(context: Computing, client_id: Id, body: SlateNew, key: Key = None) -> Response:
    """Suggest the few offers that are safe, feasible, within reach and likely to last."""

    def act() -> Answer:
        slate = slates.make(context, client_id, body.k)
        where = f"/v1/clients/{client_id}/slates/{slate.head['slate_id']}"
        return Answer(answers.slate_json(slate), 201, {"Location": where})

    operation = f"create_slate {client_id}"
    return once(context, operation, key, body.model_dump(mode="json"), act)


@router.get(
    "/clients/{client_id}/slates/{slate_id}",
    operation_id="read_slate",
    tags=["suggestions"],
    response_model=SlateOut,
    responses=responses(404),
)
@together
def read_slate(context: Reading, client_id: Id, slate_id: Id) -> PlainJSON:
    """Return a slate as it was shown, whatever has changed since."""
    return PlainJSON(answers.slate_json(slates.one(context, client_id, slate_id)))


@router.get(
    "/clients/{client_id}/opportunities/{opportunity_id}/why",
    operation_id="explain_offer",
    tags=["suggestions"],
    response_model=SuggestionOut,
    responses=responses(404, 409),
)
@together
def explain_offer(
    context: Computing, client_id: Id, opportunity_id: Id, then: Then = None
) -> PlainJSON:
    """Return the exact contributions to a score; 409 with reasons if not offered."""
    shown = slates.why(context, client_id, opportunity_id, then)
    return PlainJSON(suggestion_text(shown).shown)


@router.get(
    "/clients/{client_id}/opportunities/{opportunity_id}/why-not",
    operation_id="explain_refusal",
    tags=["suggestions"],
    response_model=WhyNotOut,
    responses=responses(404),
)
@together
def explain_refusal(context: Computing, client_id: Id, opportunity_id: Id) -> PlainJSON:
    """Return every gate an offer failed for a client."""
    reasons = slates.why_not(context, client_id, opportunity_id)
    return PlainJSON(answers.why_not_body(client_id, opportunity_id, reasons))


@router.get(
    "/clients/{client_id}/help",
    operation_id="explain_help",
    tags=["suggestions"],
    response_model=HelpsOut,
    responses=responses(404),
)
@together
def explain_help(context: Reading, client_id: Id) -> PlainJSON:
    """Return what can change and what it would open or improve."""
    return PlainJSON(answers.helps_body(client_id, slates.what_would_help(context, client_id)))

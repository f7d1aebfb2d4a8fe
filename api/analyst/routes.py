"""Routes of the analyst side: input, call, output. What learns is imported when it is asked for."""

from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.analyst import jobs, queries
from api.analyst.schemas import CardOut, ModelsOut, TrainingRunNew, TrainingRunOut
from api.deps import Id, Reading, Shared, Writing
from api.errors import responses
from api.failures import NotFound, Refused
from api.idempotency import Answer, Key, once
from models.training_run import TrainingRun

router = APIRouter(prefix="/v1", tags=["models"])


def run_body(run: TrainingRun) -> dict[str, object]:
    """Return a training run as answered."""
    values = run.model_dump(include=set(TrainingRunOut.model_fields))
    return TrainingRunOut(**values).model_dump(mode="json")


@router.post(
    "/training-runs",
    operation_id="create_training_run",
    status_code=202,
    response_model=TrainingRunOut,
    responses=responses(),
)
def create_training_run(context: Writing, body: TrainingRunNew, key: Key = None) -> Response:
    """Ask for a model to be trained; it is done in the background, see the Location."""

    def act() -> Answer:
        run = jobs.queue(context, body.seed, body.held_out_from)
        return Answer(run_body(run), 202, {"Location": f"/v1/training-runs/{run.run_id}"})

    return once(context, "create_training_run", key, body.model_dump(mode="json"), act)


@router.get(
    "/training-runs/{run_id}",
    operation_id="read_training_run",
    response_model=TrainingRunOut,
    responses=responses(404),
)
def read_training_run(context: Reading, run_id: Id) -> JSONResponse:
    """Return how a training run stands."""
    return JSONResponse(run_body(queries.run(context.session, run_id)))


@router.get("/models", operation_id="list_models", response_model=ModelsOut, responses=responses())
def list_models(services: Shared) -> ModelsOut:
    """Return every stored model with its figures, its verdict and who let it in."""
    from api.analyst import judging

    return ModelsOut.model_validate(judging.listing(services))


CARD_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}}
}
"""Beside JSON: the card as a page, where a browser asks for one."""


@router.get(
    "/models/{version}/card",
    operation_id="read_model_card",
    response_model=CardOut,
    responses=responses(404, 409) | CARD_PAGE,
)
def read_model_card(request: Request, services: Shared, version: Id) -> Response:
    """Return the card of a model, as a page to a browser; 409 where its files are not its own."""
    from api.analyst import judging, training
    from matcher.learning.card_page import STYLE_HASH, card_page
    from matcher.learning.registry import ArtefactRefused

    if version not in training.registry_of(services).versions:
        raise NotFound("model", version)
    try:
        card = judging.card(services, version)
    except ArtefactRefused as refused:
        raise Refused(str(refused)) from None
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(asdict(card), headers={"Vary": "Accept"})
    policy = f"default-src 'none'; style-src '{STYLE_HASH}'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Vary": "Accept"}
    return HTMLResponse(card_page(card), headers=headers)

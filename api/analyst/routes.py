"""Routes of the analyst side: input, call, output. What learns is imported when it is asked for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.analyst import jobs, queries
from api.analyst.refusing import refusing
from api.analyst.schemas import (
    AnsweringOut,
    CardOut,
    DriftOut,
    EvaluationOut,
    ModelsOut,
    TrainingRunNew,
    TrainingRunOut,
    VerdictOut,
)
from api.deps import Id, Reading, Shared, Visiting, Writing
from api.errors import responses
from api.failures import NotFound
from api.idempotency import Answer, Key, answered, once
from api.services import Services
from api.visit import Visit
from models.training_run import TrainingRun

if TYPE_CHECKING:
    from matcher.learning.registry import Ledger

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
    from api.analyst import judging
    from matcher.learning.card_page import STYLE_HASH, card_page

    _require(services, version)
    with refusing():
        card = judging.card(services, version)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(asdict(card), headers={"Vary": "Accept"})
    policy = f"default-src 'none'; style-src '{STYLE_HASH}'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Vary": "Accept"}
    return HTMLResponse(card_page(card), headers=headers)


@router.get(
    "/models/{version}/evaluation",
    operation_id="evaluate_model",
    response_model=EvaluationOut,
    responses=responses(404, 409),
)
def evaluate_model(visit: Visiting, version: Id) -> JSONResponse:
    """Return how a model does on placements after its training, beside the expert, by group."""
    from api.analyst import training

    _require(visit.services, version)
    with refusing():
        found = training.evaluate(visit, version)
    days = {"first_day": found.pop("from"), "last_day": found.pop("to")}
    return JSONResponse(EvaluationOut(**days, **found).model_dump(mode="json"))


@router.get(
    "/models/drift",
    operation_id="read_drift",
    response_model=DriftOut,
    responses=responses(409),
)
def read_drift(
    visit: Visiting,
    since: Annotated[
        dt.date | None, Query(description="First day; the end of the training without it.")
    ] = None,
) -> JSONResponse:
    """Return what moved since the active model was trained: inputs, scores, outcomes."""
    from api.analyst import judging

    with refusing():
        return JSONResponse(judging.drifted(visit, since).as_dict())


@router.post(
    "/models/{version}/comparisons",
    operation_id="compare_model",
    status_code=201,
    response_model=VerdictOut,
    responses=responses(404, 409),
)
def compare_model(visit: Visiting, version: Id, key: Key = None) -> Response:
    """Put a model to the promotion gate against what answers now; the verdict is kept.

    Who asks must be named: somebody else may then let the model in.
    """
    from api.analyst import judging

    _require(visit.services, version)

    def act() -> dict[str, Any]:
        return judging.compare(visit, version).as_dict()

    return _step(visit, f"compare_model {version}", key, act)


@router.post(
    "/models/{version}/promotions",
    operation_id="promote_model",
    status_code=201,
    response_model=AnsweringOut,
    responses=responses(404, 409),
)
def promote_model(visit: Visiting, version: Id, key: Key = None) -> Response:
    """Let a model answer that the gate has passed; whoever trained or proposed it may not."""
    from api.analyst import judging

    _require(visit.services, version)

    def act() -> dict[str, Any]:
        return _answering(judging.promote(visit.services, version, visit.actor))

    return _step(visit, f"promote_model {version}", key, act)


@router.post(
    "/models/{version}/rollbacks",
    operation_id="roll_back_model",
    status_code=201,
    response_model=AnsweringOut,
    responses=responses(404, 409),
)
def roll_back_model(visit: Visiting, version: Id, key: Key = None) -> Response:
    """Go back from the version that answers to the one before; 409 where another one answers."""
    from api.analyst import judging

    _require(visit.services, version)

    def act() -> dict[str, Any]:
        return _answering(judging.roll_back(visit.services, visit.actor, leaving=version))

    return _step(visit, f"roll_back_model {version}", key, act)


def _require(services: Services, version: str) -> None:
    from api.analyst import training

    if version not in training.registry_of(services).versions:
        raise NotFound("model", version)


def _answering(ledger: "Ledger") -> dict[str, Any]:
    step = ledger.events[-1]
    return {"active": ledger.active or None, "by": step.by, "at": step.at}


def _step(
    visit: Visit, operation: str, key: str | None, act: Callable[[], dict[str, Any]]
) -> Response:
    """Answer a keyed request from its first time; else take the step, the store not held."""
    with visit.reading() as context:
        known = answered(context, operation, key, {})
    if known is not None:
        return known
    with refusing():
        body = act()
    with visit.writing() as context:
        return once(context, operation, key, {}, lambda: Answer(body, 201))

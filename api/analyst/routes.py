"""Routes of the analyst side: input, call, output. What learns is imported when it is asked for."""

from dataclasses import asdict

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

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


@router.get(
    "/models/{version}/card",
    operation_id="read_model_card",
    response_model=CardOut,
    responses=responses(404, 409),
)
def read_model_card(services: Shared, version: Id) -> CardOut:
    """Return the card of a model; 409 where its files are not what they were."""
    from api.analyst import judging, training
    from matcher.learning.registry import ArtefactRefused

    if version not in training.registry_of(services).versions:
        raise NotFound("model", version)
    try:
        return CardOut.model_validate(asdict(judging.card(services, version)))
    except ArtefactRefused as refused:
        raise Refused(str(refused)) from None

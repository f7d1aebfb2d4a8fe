"""Whether the service lives, and whether it can serve."""

from fastapi import APIRouter

from api.deps import Shared
from api.errors import responses
from api.fields import Body
from api.readiness import require_ready, revision

router = APIRouter(tags=["service"])


class Health(Body):
    """The process answers."""

    status: str


class Ready(Body):
    """The store and the reference tables can be used."""

    status: str
    schema_revision: str
    model_version: str
    livelihoods: int


@router.get("/health", operation_id="read_health", responses=responses())
def read_health() -> Health:
    """Answer that the process lives; touches nothing."""
    return Health(status="alive")


@router.get("/ready", operation_id="read_ready", responses=responses())
def read_ready(services: Shared) -> Ready:
    """Answer whether the database is reachable and migrated, and the reference is loaded."""
    require_ready(services.database)
    return Ready(
        status="ready",
        schema_revision=str(revision(services.database)),
        model_version=services.engine.version,
        livelihoods=len(services.reference.livelihoods),
    )

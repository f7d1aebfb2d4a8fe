"""The service: `create_app` composes it from settings."""

from asyncio import Lock
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from api import errors, system
from api.analyst.routes import router as analyst_router
from api.analyst.runner import Runner
from api.beside import Beside
from api.commits import SharedCommits
from api.employer.routes import router as employer_router
from api.middleware import Envelope
from api.officer.follow_up_routes import router as follow_up_router
from api.officer.plan_routes import households as portfolio_router
from api.officer.plan_routes import router as plan_router
from api.officer.routes import router as officer_router
from api.officer.suggestion_routes import router as suggestion_router
from api.openapi import describe
from api.services import Services
from api.settings import Settings

DESCRIPTION = (
    "For a client, the few offers that are safe, feasible, within reach, climate-resilient and "
    "likely to last, with exact reasons. Errors are problem documents (RFC 9457); words follow "
    "Accept-Language (en, km); changes need If-Match."
)


def create_app(settings: Settings, beside: Beside | None = None) -> FastAPI:
    """Return the service. Two of them in one process share nothing.

    Parameters
    ----------
    settings
        What can be set; nothing else is read, from the environment or elsewhere.
    beside
        What other processes do meanwhile, where any do; who began it ends it.
    """
    services = Services(settings, compiled=None, beside=beside)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(services.warm)
        app.state.runner.start()
        yield
        await run_in_threadpool(app.state.runner.stop)
        services.close()

    app = FastAPI(
        title="Livelihood placement",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.services = services
    app.state.runner = Runner(services)
    app.state.writer = Lock()
    app.state.commits = SharedCommits(services.database, app.state.writer)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.max_body_bytes)
    app.add_middleware(
        Envelope,
        allowed_hosts=settings.allowed_hosts,
        max_body_bytes=settings.max_body_bytes,
    )
    errors.handle_errors(app)
    officer_routers = (
        suggestion_router,
        officer_router,
        follow_up_router,
        plan_router,
        portfolio_router,
    )
    for router in (system.router, *officer_routers, employer_router, analyst_router):
        app.include_router(router)
    describe(app)
    return app

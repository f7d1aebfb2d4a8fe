"""What a route is given: the services, the transaction, who asks and in which language."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import update_wrapper
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar, cast

from fastapi import Depends, Header, Path, Request
from sqlmodel import Session

from api.commits import SharedCommits
from api.context import Context
from api.failures import Failure
from api.language import language_of
from api.services import Services
from api.visit import ANONYMOUS, Visit

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
Id = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Actor = Annotated[
    str,
    Header(
        alias="X-Actor",
        description="Who asks, for the audit trail; declared, not proven.",
        min_length=1,
        max_length=120,
        examples=["officer.sok"],
    ),
]


async def services_of(request: Request) -> Services:
    """Return the services of the application the request came to."""
    return cast(Services, request.app.state.services)


Shared = Annotated[Services, Depends(services_of)]


def open_reading(services: Shared) -> Iterator[Session]:
    """Open the transaction of a request that only reads."""
    with services.database.reading() as session:
        yield session


async def turn_to_write(request: Request) -> AsyncIterator[None]:
    """Wait for the turn to write without holding a thread.

    The store takes one writer at a time. Requests that waited for it in threads would leave none
    for the request that holds it.
    """
    async with request.app.state.writer:
        yield


def open_writing(
    services: Shared, _turn: Annotated[None, Depends(turn_to_write, scope="function")]
) -> Iterator[Session]:
    """Open the transaction of a request that writes; committed before the answer leaves.

    A failure undoes everything, save one that is itself the answer (``stands``): then the audit
    row of the case that was read is kept.
    """
    standing: Failure | None = None
    with services.database.writing() as session:
        try:
            yield session
        except Failure as failure:
            if not failure.stands:
                raise
            standing = failure
    if standing is not None:
        raise standing


async def reading(
    request: Request,
    services: Shared,
    session: Annotated[Session, Depends(open_reading, scope="function")],
    actor: Actor = ANONYMOUS,
) -> Context:
    """Return the context of a request that only reads."""
    return Context(session, services, actor, request.scope["request_id"], language_of(request))


async def writing(
    request: Request,
    services: Shared,
    session: Annotated[Session, Depends(open_writing, scope="function")],
    actor: Actor = ANONYMOUS,
) -> Context:
    """Return the context of a request that writes, if only to the audit trail."""
    return Context(session, services, actor, request.scope["request_id"], language_of(request))


def visiting(request: Request, services: Shared, actor: Actor = ANONYMOUS) -> Visit:
    """Return who asks, for a request that opens its transactions itself."""
    return Visit(services, actor, request.scope["request_id"], language_of(request))


Visiting = Annotated[Visit, Depends(visiting)]
Reading = Annotated[Context, Depends(reading, scope="function")]
Writing = Annotated[Context, Depends(writing, scope="function")]
Adding = Annotated[Context, "adds rows, changes none"]
Computing = Annotated[Context, "adds rows, and soon computes the rest from what is in memory"]


def together(
    route: Callable[Concatenate[Context, Asked], Made],
) -> Callable[..., Awaitable[Made]]:
    """Let a route share its transaction with others that wait.

    The route stays as it reads: it acts within its transaction and returns its answer, which
    leaves when the transaction is on disk. One that takes `Reading` or `Adding` changes no row, so
    that nothing need be undone where it fails; one that takes `Computing` neither, and may do its
    work before the transaction, where that finds the store as it was; one that takes `Writing`
    changes rows, and so does a request with a key, whose answer the next with the same key must
    find. Who asks is read here and not by a dependency: each costs as much as a small query.
    """
    named: Callable[..., Made] = route
    signature = inspect.signature(route)
    kind = signature.parameters["context"].annotation

    wanted = {"request"} & signature.parameters.keys()

    async def answered(request: Request, actor: str, **values: Any) -> Made:
        state, request_id = request.app.state, request.scope["request_id"]
        language = language_of(request)
        values |= dict.fromkeys(wanted, request)

        def within(session: Session) -> Made:
            context = Context(session, state.services, actor, request_id, language)
            return named(context=context, **values)

        commits: SharedCommits = state.commits
        adds = kind is not Writing and values.get("key") is None
        made: Made = await commits.run(within, adds, adds and kind is Computing)
        return made

    update_wrapper(answered, route)
    del answered.__wrapped__  # type: ignore[attr-defined]
    answered.__signature__ = _asked_over_http(signature)  # type: ignore[attr-defined]
    return answered


def _asked_over_http(signature: inspect.Signature) -> inspect.Signature:
    """Return a route's signature with who asks in place of the context."""
    by_name = inspect.Parameter.KEYWORD_ONLY
    told = [
        inspect.Parameter("request", by_name, annotation=Request),
        inspect.Parameter("actor", by_name, annotation=Actor, default=ANONYMOUS),
    ]
    told += [
        one.replace(kind=by_name)
        for name, one in signature.parameters.items()
        if name not in {"context", "request"}
    ]
    return signature.replace(parameters=told)

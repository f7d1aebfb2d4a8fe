"""The one table from what went wrong to HTTP: problem documents, in the reader's language.

References
----------
RFC 9457, Problem Details for HTTP APIs.
"""

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from api import failures
from api.failures import Failure
from api.language import language_of
from api.phrases import say, table
from api.settings import Language

LOG = logging.getLogger("placement")
MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[Failure], int] = {
    failures.NotFound: 404,
    failures.AlreadyThere: 409,
    failures.NotOffered: 409,
    failures.NotClearable: 409,
    failures.PlanConflict: 409,
    failures.Refused: 409,
    failures.VersionStale: 412,
    failures.InvalidValues: 422,
    failures.KeyReused: 422,
    failures.VersionMissing: 428,
    failures.NotReady: 503,
}
HTTP_CODES = {
    400: "bad_request",
    404: "no_route",
    405: "wrong_method",
    413: "too_long",
    415: "wrong_media_type",
}


class FieldError(BaseModel):
    """One value that was not accepted; what came is never repeated."""

    field: str = Field(description="Where it stood.", examples=["exclusion_areas[0]"])
    rule: str = Field(description="What was expected.")
    candidates: list[str] = Field(default=[], description="What may have been meant.")


class Problem(BaseModel):
    """A problem document."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:placement:problem:not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no client C-000999.",
                    "request_id": "5f0c3c3a9d0b4b6f8a52f4a2e3a51c11",
                }
            ]
        },
    )

    type: str = Field(description="Names the kind of problem; stable.")
    title: str = Field(description="The kind of problem, in words.")
    status: int
    detail: str = Field(description="What was wrong this time.")
    request_id: str = Field(description="Names the request in the service's records.")
    errors: list[FieldError] | None = Field(None, description="Field by field, where it applies.")


def problem(
    request: Request, status: int, code: str, facts: Mapping[str, Any], **more: Any
) -> JSONResponse:
    """Return a problem document in the language the request prefers."""
    language = language_of(request)
    named = dict(facts)
    if "what" in named:
        named["what"] = say(f"thing.{named['what']}", language)
    content = {
        "type": f"urn:placement:problem:{code.replace('_', '-')}",
        "title": say(f"problem.{code}", language),
        "status": status,
        "detail": say(f"detail.{code}", language, **named),
        "request_id": request.scope.get("request_id", ""),
        **more,
    }
    headers = {"Cache-Control": "no-store", "Content-Language": language}
    return JSONResponse(content, status, headers, MEDIA_TYPE)


def failure_details(failure: Failure, language: Language) -> dict[str, Any]:
    """Return what a failure carries, its rules in words."""
    details = failure.details()
    errors = [
        {**error, "rule": say(error["rule"], language), "candidates": list(error["candidates"])}
        for error in details.get("errors", [])
    ]
    return details | {"errors": errors} if errors else details


def _failed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Failure)
    details = failure_details(error, language_of(request))
    return problem(request, STATUS[type(error)], error.code, error.facts(), **details)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    language = language_of(request)
    errors = [
        {"field": _field(found), "rule": _rule(found, language), "candidates": []}
        for found in error.errors()
    ]
    return problem(request, 422, "invalid_values", {}, errors=errors)


def _field(found: Mapping[str, Any]) -> str:
    """Write where a value stood, without any name that a caller made up.

    Examples
    --------
    >>> _field({"type": "string_type", "loc": ("body", "skills", 3)})
    'skills[3]'
    >>> _field({"type": "extra_forbidden", "loc": ("body", "a name of mine")})
    'body'
    """
    place, *path = found["loc"] or ("body",)
    if found["type"] in {"extra_forbidden", "json_invalid"}:
        path = []
    items = "".join(f"[{part}]" for part in path[1:] if isinstance(part, int))
    return f"{path[0]}{items}" if path else str(place)


def _rule(found: Mapping[str, Any], language: Language) -> str:
    """Return what was expected, in words; the checker's own where the table has none."""
    key = f"check.{found['type']}"
    if key not in table()[language]:
        return str(found["msg"])
    return say(key, language, **found.get("ctx", {}))


def _refused_by_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = HTTP_CODES.get(error.status_code, "bad_request")
    response = problem(request, error.status_code, code, {})
    response.headers.update(error.headers or {})
    return response


def _database_busy(request: Request, error: Exception) -> JSONResponse:
    LOG.error("database not usable: %s", type(error).__name__)
    response = problem(request, 503, "database", {})
    response.headers["Retry-After"] = "1"
    return response


def _database_refused(request: Request, error: Exception) -> JSONResponse:
    LOG.error("the database refused a row: %s", getattr(error, "orig", type(error).__name__))
    return problem(request, 422, "refused_by_store", {})


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Return the answer to a failure of the service itself; the record names where it stood.

    The record holds the kind of error and a line of code, never a value: a message or a trace
    could carry what is known of a client.
    """
    last = traceback.extract_tb(error.__traceback__)[-1]
    LOG.error(
        "request %s failed: %s at %s:%s",
        request.scope.get("request_id"),
        type(error).__name__,
        Path(last.filename).name,
        last.lineno,
    )
    return problem(request, 500, "internal", {})


def handle_errors(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(Failure, _failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused_by_http)
    app.add_exception_handler(OperationalError, _database_busy)
    app.add_exception_handler(IntegrityError, _database_refused)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problem responses of a route, for its OpenAPI."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    shown = (*statuses, 422, 500, 503)
    return {status: {"description": _DESCRIPTIONS[status], "content": content} for status in shown}


_DESCRIPTIONS = {
    404: "There is no such thing.",
    409: "It cannot be done as things stand; the problem says why.",
    412: "The version changed in the meantime: read it again.",
    413: "The body is too long.",
    422: "A value breaks a rule or names nothing known; every one is listed.",
    428: "A change needs If-Match with the version it was made from.",
    500: "The service failed.",
    503: "The store cannot be used at the moment.",
}

"""Doing a keyed request once: the answer is stored in the transaction that did the work."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Header
from sqlmodel import col, delete

from api.context import Context
from api.failures import KeyReused
from api.json_answer import PlainJSON
from api.plain_json import Written
from models.base import now
from models.idempotency import Answered

KEPT = dt.timedelta(days=1)
"""How long an answer is kept: it may hold a case, so no longer than a retry may take."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Names this request: sent again within a day, it is answered, not redone.",
        min_length=1,
        max_length=200,
        examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ),
]


@dataclass(frozen=True)
class Answer:
    """What a route answers, before it is written out.

    Parameters
    ----------
    body
        JSON-ready values, or the same written out.
    status
        HTTP status.
    headers
        Headers of its own.
    """

    body: dict[str, Any] | Written
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, **more: str) -> PlainJSON:
        """Return it as a response."""
        return PlainJSON(self.body, self.status, {**self.headers, **more})


def once(
    context: Context, operation: str, key: str | None, request: Any, act: Callable[[], Answer]
) -> PlainJSON:
    """Act, or repeat the answer given when the same key came first.

    Parameters
    ----------
    context
        The request's context.
    operation
        What is asked, with the ids it is asked of.
    key
        The key that came; without one every request acts.
    request
        JSON-ready values of the request: the key's owner may not change them.
    act
        Does the work, once.

    Raises
    ------
    KeyReused
        Where the key came before with another request.
    """
    if key is None:
        return act().response()
    if (known := answered(context, operation, key, request)) is not None:
        return known
    answer = act()
    expired = col(Answered.created_at) < now() - KEPT
    context.session.exec(delete(Answered).where(expired))
    context.session.add(
        Answered(
            who=context.actor,
            operation=operation,
            key=key,
            fingerprint=_fingerprint(request),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
        )
    )
    return answer.response()


def answered(context: Context, operation: str, key: str | None, request: Any) -> PlainJSON | None:
    """Return the answer given when the same key came first; None where it did not.

    Raises
    ------
    KeyReused
        Where the key came before with another request.
    """
    known = context.session.get(Answered, (context.actor, operation, key)) if key else None
    if known is None:
        return None
    if known.fingerprint != _fingerprint(request):
        raise KeyReused
    return Answer(known.body, known.status, known.headers).response(**{"Idempotent-Replay": "true"})


def _fingerprint(request: Any) -> str:
    text = json.dumps(request, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

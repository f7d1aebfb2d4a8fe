"""Use cases about offers for a client: slate, why, why not, what would help."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

from api.context import Context
from api.failures import NotFound, NotOffered
from api.market_cache import MarketView
from api.officer import queries
from api.officer.cases import Case, CaseCache
from matcher import Help, Reason, Suggestion, UnknownId
from matcher import NotOffered as ForbiddenPair
from matcher import Slate as Shown
from models.base import now
from models.slate import store

SHOWN_FOR_SURE = 1.0
"""Propensity of each suggestion: the ranking draws no lots."""


class StoredSlate(NamedTuple):
    """A slate as it is stored.

    Parameters
    ----------
    head, offers
        Columns of the slate, and of each suggestion in it, best first.
    """

    head: Mapping[str, Any]
    offers: Sequence[Mapping[str, Any]]


def make(context: Context, client_id: str, k: int) -> StoredSlate:
    """Compute a client's slate and store it with all that it was made from.

    Raises
    ------
    NotFound
        Where there is no such client.
    """
    case, shown, view = computed(context, client_id, k)
    slate_id = uuid4().hex
    head = {
        "slate_id": slate_id,
        "client_id": client_id,
        "created_at": now(),
        "client_version": case.version,
        "market_revision": view.revision,
        "model_version": context.services.engine.version,
        "market_day": view.day,
        "language": context.language,
        "asked": k,
        "considered": shown.considered,
        "admissible": shown.admissible,
        "refused": dict(shown.refused),
        "note": shown.note,
    }
    offers = [_row(slate_id, *one) for one in enumerate(shown.suggestions, start=1)]
    store(context.session, head, offers)
    context.record("slate.make", client_id)
    return StoredSlate(head, offers)


def computed(context: Context, client_id: str, k: int) -> tuple[Case, Shown, MarketView]:
    """Compute a client's slate without storing it."""
    case, view = _case(context, client_id), _market(context)
    engine = context.services.engine
    shown = engine.suggest(case.caseload, view.market, k=k, language=context.language)[0]
    return case, shown, view


def _row(slate_id: str, position: int, suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as the row that keeps it."""
    return {
        "slate_id": slate_id,
        "position": position,
        "opportunity_id": suggestion.opportunity_id,
        "kind": suggestion.kind,
        "steps": suggestion.steps,
        "score": suggestion.score,
        "base": suggestion.base,
        "contributions": suggestion.contributions,
        "features": {line.feature: line.value for line in suggestion.reasons},
        "propensity": SHOWN_FOR_SURE,
        "retention_90d": suggestion.retention_90d,
        "retention_180d": suggestion.retention_180d,
        "interval_low": suggestion.interval[0],
        "interval_high": suggestion.interval[1],
        "shown": suggestion.as_dict(),
    }


def one(context: Context, client_id: str, slate_id: str) -> StoredSlate:
    """Return a slate as it was shown.

    Raises
    ------
    NotFound
        Where the client has no slate of this id.
    """
    slate, offers = queries.slate(context.session, client_id, slate_id)
    context.record("slate.read", client_id)
    return StoredSlate(slate.model_dump(), [offer.model_dump() for offer in offers])


def why(
    context: Context, client_id: str, opportunity_id: str, then: str | None = None
) -> Suggestion:
    """Return one offer, or a pathway, as it would be suggested to one client.

    Parameters
    ----------
    context
        The request.
    client_id, opportunity_id
        Which pair.
    then
        For a pathway: what would follow the training `opportunity_id`.

    Raises
    ------
    NotFound
        Where there is no such client or offer.
    NotOffered
        Where a gate forbids it, with every reason.
    """
    caseload = _case(context, client_id).caseload
    context.record("why", client_id)
    engine, market = context.services.engine, _market(context).market
    try:
        return engine.why(caseload, market, client_id, opportunity_id, context.language, then)
    except UnknownId as unknown:
        raise NotFound("opportunity", unknown.wanted) from None
    except ForbiddenPair as forbidden:
        raise NotOffered([reason.as_dict() for reason in forbidden.reasons]) from None


def why_not(context: Context, client_id: str, opportunity_id: str) -> list[Reason]:
    """Return every reason why an offer may not be made to a client; none where it may.

    Raises
    ------
    NotFound
        Where there is no such client or offer.
    """
    caseload = _case(context, client_id).caseload
    context.record("why_not", client_id)
    engine, market = context.services.engine, _market(context).market
    try:
        return engine.why_not(caseload, market, client_id, opportunity_id, context.language)
    except UnknownId:
        raise NotFound("opportunity", opportunity_id) from None


def what_would_help(context: Context, client_id: str) -> list[Help]:
    """Return what can change and what it would change, the most useful first.

    Raises
    ------
    NotFound
        Where there is no such client.
    """
    caseload = _case(context, client_id).caseload
    context.record("help", client_id)
    engine, market = context.services.engine, _market(context).market
    return engine.what_would_help(caseload, market, client_id, context.language)


def _case(context: Context, client_id: str) -> Case:
    return context.services.memory(CaseCache).of(context.session, client_id, context.today)


def _market(context: Context) -> MarketView:
    return context.services.markets.current(context.session, context.today)

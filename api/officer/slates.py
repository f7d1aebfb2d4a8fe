"""Use cases about offers for a client: slate, why, why not, what would help."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from api.context import Context
from api.failures import NotFound, NotOffered
from api.market_cache import MarketView
from api.market_seen import MarketSeen
from api.officer import queries
from api.officer.cases import Case, CaseCache
from api.officer.suggestion_text import suggestion_text
from matcher import Help, Reason, Suggestion, UnknownId
from matcher import NotOffered as ForbiddenPair
from matcher import Slate as Shown
from models.base import now
from models.slate import new_slate_id, store

SHOWN_FOR_SURE = 1.0
"""Propensity of what no lot was drawn for."""

Placed = tuple[Suggestion, float]
"""A suggestion with the probability with which it stands where it is shown."""


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
    slate_id = new_slate_id()
    head = {
        "slate_id": slate_id,
        "client_id": client_id,
        "created_at": now(),
        "client_version": case.version,
        "market_revision": view.revision,
        "model_version": context.engine.version,
        "market_day": view.day,
        "language": context.language,
        "asked": k,
        "considered": shown.considered,
        "admissible": shown.admissible,
        "refused": dict(shown.refused),
        "note": shown.note,
    }
    placed = in_shown_order(shown.suggestions, slate_id, context.services.settings.exploration)
    offers = [_row(slate_id, position, *one) for position, one in enumerate(placed, start=1)]
    store(context.session, head, offers)
    context.record("slate.make", client_id)
    return StoredSlate(head, offers)


def computed(context: Context, client_id: str, k: int) -> tuple[Case, Shown, MarketView]:
    """Compute a client's slate without storing it."""
    case, view = _case(context, client_id), _market(context)
    engine = context.engine
    shown = engine.suggest(case.caseload, view.market, k=k, language=context.language)[0]
    return case, shown, view


def in_shown_order(
    suggestions: Sequence[Suggestion], slate_id: str, exploration: float
) -> list[Placed]:
    """Return the suggestions of a slate in the order they are shown, with their propensities.

    Near ties are shuffled by lots that hang on the slate's id alone, so that a stored slate can be
    drawn again. What is in the slate never changes.

    Parameters
    ----------
    suggestions
        Best first.
    slate_id
        Seeds the lots.
    exploration
        Probability with which near ties are shuffled; 0 never.
    """
    if exploration == 0 or not suggestions:
        return [(suggestion, SHOWN_FOR_SURE) for suggestion in suggestions]
    from matcher.learning.propensity import Exploration, shown_order

    # equal but for rounding is a tie, not a rise
    scores = np.minimum.accumulate([suggestion.score for suggestion in suggestions])
    shown = shown_order(scores, _lots(slate_id), Exploration(exploration))
    chances = shown.shown_propensity.tolist()
    return [(suggestions[i], p) for i, p in zip(shown.order.tolist(), chances, strict=True)]


def _lots(slate_id: str) -> np.random.Generator:
    return np.random.default_rng(int(hashlib.sha256(slate_id.encode()).hexdigest()[:16], 16))


def _row(slate_id: str, position: int, suggestion: Suggestion, propensity: float) -> dict[str, Any]:
    """Return a suggestion as the row that keeps it."""
    text = suggestion_text(suggestion)
    return {
        "slate_id": slate_id,
        "position": position,
        "opportunity_id": suggestion.opportunity_id,
        "kind": suggestion.kind,
        "steps": suggestion.steps,
        "score": suggestion.score,
        "base": suggestion.base,
        "contributions": text.contributions,
        "features": text.features,
        "propensity": propensity,
        "retention_90d": suggestion.retention_90d,
        "retention_180d": suggestion.retention_180d,
        "interval_low": suggestion.interval[0],
        "interval_high": suggestion.interval[1],
        "shown": text.shown,
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
    engine, market = context.engine, _market(context).market
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
    engine, market = context.engine, _market(context).market
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
    engine, market = context.engine, _market(context).market
    return engine.what_would_help(caseload, market, client_id, context.language)


def _case(context: Context, client_id: str) -> Case:
    return context.services.memory(CaseCache).of(context.session, client_id, context.today)


def _market(context: Context) -> MarketView:
    return context.services.memory(MarketSeen).now(context)

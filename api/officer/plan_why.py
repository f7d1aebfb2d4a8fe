"""Use case: why one client stands in a plan as she or he does."""

from dataclasses import asdict
from typing import Any

from api.context import Context
from api.failures import NotFound
from api.officer import plan_queries as queries
from api.officer.plans import Draft
from matcher.planning.choices import Choice, choices

Explained = tuple[str, tuple[Choice, ...]]


def explained(made: Draft, client_id: str) -> Explained:
    """Return what else could be chosen for a client, each solved again.

    Raises
    ------
    NotFound
        Where the plan is not for this client.
    """
    if client_id not in made.inputs.versions:
        raise NotFound("client", client_id)
    return client_id, choices(made.problem, made.plan, client_id)


def told(context: Context, found: Explained) -> dict[str, Any]:
    """Return the same with titles, and note that the case was read."""
    client_id, options = found
    context.record("plan.why", client_id)
    offers = queries.offers(context.session, [option.opportunity_id for option in options])
    titles = {
        key: (context.language == "km" and offer.title_km) or offer.title
        for key, (offer, _) in offers.items()
    }
    return {
        "client_id": client_id,
        "choices": [asdict(one) | {"title": titles[one.opportunity_id]} for one in options],
    }

"""Use case: why one client stands in a plan as she or he does."""

from dataclasses import asdict
from typing import Any

from api.context import Context
from api.failures import NotFound, Refused
from api.officer import plan_queries as queries
from api.officer.plan_answers import plan_body
from api.officer.plan_asked import PlanNew
from api.officer.plan_schemas import PlanWhyOut
from api.officer.plans import Draft, Stage, draft, unwatched
from api.phrases import say
from api.visit import Visit
from matcher.planning.choices import Choice, choices

Explained = tuple[str, tuple[Choice, ...]]


def explained(made: Draft, client_id: str, stage: Stage = unwatched) -> Explained:
    """Return what else could be chosen for a client, each solved again.

    A plan that leaves seats to others, or lets employers rank, is not the best for its own clients;
    what it would cost them to choose otherwise says nothing there, and is not told.

    Raises
    ------
    NotFound
        Where the plan is not for this client.
    """
    if client_id not in made.inputs.versions:
        raise NotFound("client", client_id)
    if made.asked.terms().apart:
        return client_id, ()
    stage("work.choices", 0)
    return client_id, choices(made.problem, made.plan, client_id)


def of_stored(
    visit: Visit, plan_id: str, client_id: str, stage: Stage = unwatched
) -> dict[str, Any]:
    """Return why a client stands in a stored plan as she or he does.

    The plan is worked out again from what it was made from, its own seats counted as free.

    Raises
    ------
    NotFound
        Where there is no such plan, or it is not for this client.
    Refused
        Where what it was made from has changed since, so that its reasons hold no longer.
    """
    with visit.reading() as context:
        stored = queries.plan(context.session, plan_id)
        asked, known = PlanNew.model_validate(stored.asked), stored.inputs_hash
        planned = {line.client_id for line in queries.lines(context.session, plan_id)}
    if client_id not in planned:
        raise NotFound("client", client_id)
    made = draft(visit, asked, stored.parent_id, stage, own=plan_id)
    if made.problem.digest() != known:
        raise Refused(say("plan.refused.moved", visit.language, plan=plan_id))
    found = explained(made, client_id, stage)
    with visit.writing() as context:
        body = plan_body(context, queries.plan(context.session, plan_id))
        return told(context, body, found)


def told(context: Context, plan: dict[str, Any], found: Explained) -> dict[str, Any]:
    """Return the same with titles, and note that the case was read."""
    client_id, options = found
    context.record("plan.why", client_id)
    offers = queries.offers(context.session, [option.opportunity_id for option in options])
    titles = {
        key: (context.language == "km" and offer.title_km) or offer.title
        for key, (offer, _) in offers.items()
    }
    answer = {
        "client_id": client_id,
        "line": next(line for line in plan["lines"] if line["client_id"] == client_id),
        "choices": [asdict(one) | {"title": titles[one.opportunity_id]} for one in options],
    }
    return PlanWhyOut.model_validate(answer).model_dump(mode="json")

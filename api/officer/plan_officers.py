"""Use case: who accompanies whom; plans for an officer and the officers' weeks go by it."""

from collections.abc import Sequence

from api.context import Context
from api.failures import NotFound
from api.officer import plan_queries as queries
from api.officer.plans import note
from models.base import now


def accompany(
    context: Context, officer: str, client_ids: Sequence[str], cohort: str | None
) -> list[str]:
    """Let an officer accompany clients, by id or by cohort; return those for whom it is new.

    Raises
    ------
    NotFound
        Where a client or the cohort is not there; nothing is changed.
    """
    found = {one.client_id: one for one, _ in queries.clients_of(context.session, client_ids)}
    for client_id in client_ids:
        if client_id not in found:
            raise NotFound("client", client_id)
    if cohort is not None:
        members = queries.clients_to_plan(context.session, cohort, None)
        if not members:
            raise NotFound("cohort", cohort)
        found |= {one.client_id: one for one, _ in members}
    changed = [one for one in found.values() if one.officer != officer]
    for client in changed:
        client.officer, client.updated_at = officer, now()
    context.session.flush()
    note(context, "client.change", [client.client_id for client in changed])
    return sorted(client.client_id for client in changed)

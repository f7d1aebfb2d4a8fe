"""All clients at once, as a batch reads them; every one leaves an audit row."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert

from api.context import Context
from api.officer import queries
from api.officer.records import client_record
from models.audit import Audit
from models.base import now

PAGE = 1000


def client_records(context: Context) -> Iterator[list[dict[str, Any]]]:
    """Yield the records of all clients in order of id, a page at a time."""
    after = ""
    while found := queries.clients(context.session, after, PAGE, None):
        yield [
            client_record(client, queries.household_of(context.session, client), context.today)
            for client in found
        ]
        _note(context, [client.client_id for client in found])
        after = found[-1].client_id
        context.session.expunge_all()


def _note(context: Context, ids: list[str]) -> None:
    """Write to the audit trail that these cases were read."""
    same = {"at": now(), "who": context.actor, "action": "client.batch"}
    rows = [{**same, "client_id": one, "request_id": context.request_id} for one in ids]
    context.session.execute(insert(Audit), rows)

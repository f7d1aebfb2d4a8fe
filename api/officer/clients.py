"""Use cases about clients: add, look up, change. Every one leaves an audit row."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from api import lexicon
from api.context import Context
from api.etags import require_version
from api.failures import AlreadyThere, Fault, InvalidValues
from api.officer import queries
from api.officer.schemas import ClientChange, ClientNew
from models.base import now
from models.client import Client
from models.household import Household


def understood(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with places, skills and livelihoods read.

    Raises
    ------
    InvalidValues
        Naming every field that was not understood, with candidates.
    """
    words = context.services.lexicon
    return lexicon.read_words(
        values,
        {
            "home_place": words.place,
            "exclusion_areas": words.place,
            "excluded_livelihoods": words.work,
            "preferred_livelihoods": words.work,
            "skills": words.skill,
            "experience": words.occupation,
        },
    )


def add(context: Context, new: ClientNew) -> Client:
    """Add a client.

    Raises
    ------
    InvalidValues
        Where a word means nothing or two fields contradict.
    AlreadyThere
        Where the id is taken.
    """
    values = _dated(context, understood(context, new.model_dump()))
    values["client_id"] = values["client_id"] or f"C-{uuid4().hex[:12]}"
    if context.session.get(Client, values["client_id"]) is not None:
        raise AlreadyThere("client", values["client_id"])
    require_sense(context, values)
    client = Client(**values)
    context.session.add(client)
    context.session.flush()
    context.record("client.add", client.client_id)
    return client


def one(context: Context, client_id: str) -> Client:
    """Return one client.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    client = queries.client(context.session, client_id)
    context.record("client.read", client_id)
    return client


def page(
    context: Context, after: str, limit: int, cohort: str | None
) -> tuple[Sequence[Client], str | None]:
    """Return a page of clients, and the id it ends with where more follow."""
    found = queries.clients(context.session, after, limit + 1, cohort)
    rows = found[:limit]
    for client in rows:
        context.record("client.list", client.client_id)
    return rows, rows[-1].client_id if len(found) > limit else None


def change(context: Context, client_id: str, changes: ClientChange, if_match: str | None) -> Client:
    """Change what is known of a client.

    Raises
    ------
    NotFound
        Where there is none of this id.
    VersionMissing, VersionStale
        Where the change was not made from the newest version.
    InvalidValues
        Where a word means nothing or two fields contradict.
    """
    client = queries.client(context.session, client_id)
    require_version(if_match, client.version)
    values = _dated(context, understood(context, changes.model_dump(exclude_unset=True)))
    require_sense(context, values)
    for name, value in values.items():
        setattr(client, name, value)
    client.updated_at = now()
    context.session.flush()
    context.record("client.change", client_id)
    return client


def _dated(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Date an age that was told, and let a birth date replace it, or it a birth date."""
    if values.get("birth_date") is not None and values.get("age_years") is None:
        return values | {"age_years": None, "age_recorded_on": None}
    if "age_years" not in values:
        return values
    told = values["age_years"] is not None
    dated = values | {"age_recorded_on": context.today if told else None}
    return {"birth_date": None} | dated if told else dated


def require_sense(context: Context, values: dict[str, Any]) -> None:
    """Raise where fields contradict each other or name a household that is not there.

    Raises
    ------
    InvalidValues
        Naming every such field.
    """
    faults = []
    born, told = values.get("birth_date"), values.get("age_years")
    if born is not None and told is not None:
        faults.append(Fault("age_years", "rule.age_once"))
    if born is not None and not 0 <= (context.today - born).days <= 120 * 366:
        faults.append(Fault("birth_date", "rule.birth_date"))
    household_id = values.get("household_id")
    if household_id is not None and context.session.get(Household, household_id) is None:
        faults.append(Fault("household_id", "rule.household"))
    if faults:
        raise InvalidValues(faults)

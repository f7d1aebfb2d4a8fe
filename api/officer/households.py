"""Use cases about households: add, look up, change."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from api import lexicon
from api.context import Context
from api.etags import require_version
from api.failures import AlreadyThere
from api.officer import queries
from api.officer.schemas import HouseholdChange, HouseholdNew
from models.base import now
from models.household import Household


def add(context: Context, new: HouseholdNew) -> Household:
    """Add a household.

    Raises
    ------
    InvalidValues
        Where a livelihood means nothing.
    AlreadyThere
        Where the id is taken.
    """
    values = _understood(context, new.model_dump())
    values["household_id"] = values["household_id"] or f"H-{uuid4().hex[:12]}"
    if context.session.get(Household, values["household_id"]) is not None:
        raise AlreadyThere("household", values["household_id"])
    household = Household(**values)
    context.session.add(household)
    context.session.flush()
    return household


def change(
    context: Context, household_id: str, changes: HouseholdChange, if_match: str | None
) -> tuple[Household, Sequence[str]]:
    """Change what is known of a household, and with it of each of its clients.

    Raises
    ------
    NotFound
        Where there is none of this id.
    VersionMissing, VersionStale
        Where the change was not made from the newest version.
    InvalidValues
        Where a livelihood means nothing.
    """
    household = queries.household(context.session, household_id)
    require_version(if_match, household.version)
    for name, value in _understood(context, changes.model_dump(exclude_unset=True)).items():
        setattr(household, name, value)
    household.updated_at = now()
    context.session.flush()
    members = queries.clients_of_household(context.session, household_id)
    for client_id in members:
        context.record("household.change", client_id)
    return household, members


def _understood(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    reading = {"household_livelihoods": context.services.lexicon.livelihood}
    return lexicon.read_words(values, reading)


def one(context: Context, household_id: str) -> tuple[Household, Sequence[str]]:
    """Return one household with the ids of its clients; each of their cases was read.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    household = queries.household(context.session, household_id)
    members = queries.clients_of_household(context.session, household_id)
    for client_id in members:
        context.record("household.read", client_id)
    return household, members

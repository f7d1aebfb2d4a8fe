"""Rows and values of the officer side as they are answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from api.context import Context
from api.officer.records import age_years
from api.officer.schemas import ClientOut, HouseholdOut
from api.officer.slate_schemas import HelpsOut, SlateOut, WhyNotOut
from api.officer.slates import StoredSlate
from api.plain_json import Written, dumped, joined
from matcher import Help, Reason, Suggestion
from models.client import Client
from models.household import Household

_FIELDS = tuple(SlateOut.model_fields)
_AT = _FIELDS.index("suggestions")
_AROUND = _FIELDS[:_AT], _FIELDS[_AT + 1 :]


def client_body(context: Context, client: Client) -> dict[str, Any]:
    """Return a client as answered, the age as of today."""
    values = client.model_dump(include=set(ClientOut.model_fields))
    values["age_years"] = age_years(client, context.today)
    return ClientOut(**values).model_dump(mode="json")


def household_body(household: Household, members: Sequence[str]) -> dict[str, Any]:
    """Return a household as answered, with the ids of its clients."""
    values = household.model_dump(include=set(HouseholdOut.model_fields))
    return HouseholdOut(**values, client_ids=list(members)).model_dump(mode="json")


def slate_json(stored: StoredSlate) -> Written:
    """Return a stored slate as answered; its rows were checked when they were stored."""
    head = [dumped({name: stored.head[name] for name in names}) for names in _AROUND]
    offers = b",".join(map(_placed, stored.offers))
    return Written(joined(head[0], b'{"suggestions":[' + offers + b"]}", head[1]))


def _placed(offer: Mapping[str, Any]) -> bytes:
    place = {name: offer[name] for name in ("position", "propensity")}
    return joined(dumped(offer["shown"]), dumped(place))


def slate_body(stored: StoredSlate) -> dict[str, Any]:
    """Return a stored slate as it is answered, to be read here."""
    body: dict[str, Any] = from_json(slate_json(stored).text)
    return body


def suggestion_body(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as answered."""
    return suggestion.as_dict()


def why_not_body(client_id: str, opportunity_id: str, reasons: Sequence[Reason]) -> dict[str, Any]:
    """Return the reasons against an offer as answered."""
    listed = [reason.as_dict() for reason in reasons]
    values = {"client_id": client_id, "opportunity_id": opportunity_id, "offered": not listed}
    return WhyNotOut.model_validate(values | {"reasons": listed}).model_dump(mode="json")


def helps_body(client_id: str, helps: Sequence[Help]) -> dict[str, Any]:
    """Return what would help as answered."""
    items = [found.as_dict() for found in helps]
    return HelpsOut.model_validate({"client_id": client_id, "items": items}).model_dump(mode="json")

"""A client's rows as the engine reads them: one record, the household's fields among them."""

import datetime as dt
from typing import Any

from models.client import Client
from models.household import Household

_UNMATCHED = {"version", "created_at", "updated_at"}
CLIENT_FIELDS = frozenset(Client.model_fields) - _UNMATCHED - {"officer"}
HOUSEHOLD_FIELDS = frozenset(Household.model_fields) - _UNMATCHED - {"household_id"}
DAYS_A_YEAR = 365.25


def client_record(client: Client, household: Household | None, day: dt.date) -> dict[str, Any]:
    """Return the client's record on a day; a field that is not known is None.

    Parameters
    ----------
    client, household
        The rows; None where the household is not known.
    day
        The day the age is told for.
    """
    record = client.model_dump(include=set(CLIENT_FIELDS - {"birth_date", "age_recorded_on"}))
    record["age_years"] = age_years(client, day)
    if household is not None:
        record |= household.model_dump(include=set(HOUSEHOLD_FIELDS))
    return record


def age_years(client: Client, day: dt.date) -> float | None:
    """Return the client's age on a day, in years: from the birth date, else from what was told.

    Examples
    --------
    >>> told = dt.date(2026, 1, 1)
    >>> client = Client(client_id="C-1", age_years=17.5, age_recorded_on=told)
    >>> round(age_years(client, dt.date(2026, 7, 2)), 1)
    18.0
    """
    if client.birth_date is not None:
        had = (day.month, day.day) >= (client.birth_date.month, client.birth_date.day)
        return float(max(day.year - client.birth_date.year - (not had), 0))
    if client.age_years is None or client.age_recorded_on is None:
        return None
    since = max((day - client.age_recorded_on).days, 0)
    return min(client.age_years + since / DAYS_A_YEAR, 120.0)

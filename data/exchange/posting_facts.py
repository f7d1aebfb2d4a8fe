"""The properties of a JobPosting, each turned into fields of an opportunity record."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from data.exchange.amounts import parse_number
from data.exchange.cells import BadValue, clean_text
from data.exchange.context import Context, RowNotes
from data.exchange.dates import parse_date
from data.exchange.place_columns import read_places
from data.exchange.result import Record
from data.exchange.table_map import ColumnMap

__all__ = ["posting_record"]

HOURS_A_DAY = 8.0
"""Lawful day, taken for an hourly wage of work that is not part-time."""

_MONTHS = {"MONTH": 1.0, "YEAR": 1 / 12, "WEEK": 365.25 / 12 / 7}
_DAYS = {"DAY": 1.0, "HOUR": HOURS_A_DAY}
_HIGHEST_WAGE = 100_000.0
_LONGEST_TEXT = 32_767
_EMPLOYMENT = frozenset(
    {"full_time", "part_time", "contractor", "temporary", "intern", "volunteer", "per_diem"}
)
_PLACES = ColumnMap(names=("jobLocation",), field="places", reads="places", separator="\n")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_COUNTRY = frozenset({"kh", "khm", "cambodia", "kampuchea", "កម្ពុជា"})

Reader = Callable[[Any, Context, RowNotes], Record]


def posting_record(
    posting: Mapping[str, Any], context: Context, notes: RowNotes
) -> Iterator[tuple[str, Record | BadValue]]:
    """Yield, for each property that is read, the fields it fills or the rule it breaks.

    Parameters
    ----------
    posting
        The JobPosting object.
    context
        Look-ups.
    notes
        Receives what is not told.
    """
    for key, reader in _READERS.items():
        value = posting.get(key)
        if value in (None, "", [], {}):
            if key == "jobLocation":
                notes.counts["place_missing"] += 1
            continue
        try:
            yield key, reader(value, context, notes)
        except BadValue as error:
            yield key, error


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _text(value: Any) -> str:
    """Return the text of a value, or of the name of an object, without markup."""
    plain = _first(value)
    if isinstance(plain, dict):
        plain = next((plain[k] for k in ("value", "name", "@value", "@id") if k in plain), "")
    if isinstance(plain, bool) or not isinstance(plain, str | int | float):
        raise BadValue("a text")
    text = html.unescape(_TAG.sub(" ", str(plain)))
    if len(text) > _LONGEST_TEXT:
        raise BadValue(f"a text of at most {_LONGEST_TEXT:,} characters")
    return clean_text(" ".join(text.split()))


def _text_of(field: str) -> Reader:
    def read(value: Any, context: Context, notes: RowNotes) -> Record:
        text = _text(value)
        return {field: text} if text else {}

    return read


def _date_of(field: str) -> Reader:
    def read(value: Any, context: Context, notes: RowNotes) -> Record:
        day = parse_date(_text(value))
        if day is None:
            raise BadValue("a date such as 2022-08-19")
        return {field: day}

    return read


def _amount(value: Any) -> float | None:
    if value is None or value == "":
        return None
    number = parse_number(str(value)) if isinstance(value, str | int | float) else None
    if number is None or isinstance(value, bool):
        raise BadValue("an amount as a number")
    return number


def _wage(value: Any, context: Context, notes: RowNotes) -> Record:
    """Read a MonetaryAmount, or a bare amount: USD a month where it does not say."""
    pay = _first(value)
    if not isinstance(pay, dict):
        pay = {"value": pay}
    inner = _first(pay.get("value"))
    amounts = inner if isinstance(inner, dict) else {**pay, "value": inner}
    low = _amount(amounts.get("minValue", amounts.get("value")))
    high = _amount(amounts.get("maxValue"))
    unit = str(amounts.get("unitText") or pay.get("unitText") or "MONTH").upper().strip()
    if unit in _DAYS and notes.counts["employment_part_time"]:
        notes.counts["wage_of_unknown_hours"] += 1
        return {}
    currency = pay.get("currency", amounts.get("currency", "USD"))
    times = _units_a_month(unit, context) * _usd(currency, context)
    fields = {"monthly_wage_usd": low, "monthly_wage_max_usd": high}
    wages = {key: round(amount * times, 2) for key, amount in fields.items() if amount is not None}
    if any(not 0 <= wage <= _HIGHEST_WAGE for wage in wages.values()):
        raise BadValue(f"a wage from 0 to {_HIGHEST_WAGE:,.0f} USD a month; riels need KHR")
    return dict(wages)


def _units_a_month(unit: str, context: Context) -> float:
    days = context.working_days_per_month
    if unit in _DAYS and days is not None:
        return _DAYS[unit] * days
    if unit not in _MONTHS:
        raise BadValue("a unitText of HOUR, DAY, WEEK, MONTH or YEAR")
    return _MONTHS[unit]


def _usd(currency: Any, context: Context) -> float:
    word = str(_first(currency) or "USD").upper().strip()
    if word == "USD":
        return 1.0
    if word == "KHR" and context.khr_per_usd:
        return 1 / context.khr_per_usd
    raise BadValue("a currency of USD or KHR")


def _location(value: Any, context: Context, notes: RowNotes) -> Record:
    places = value if isinstance(value, list) else [value]
    found = [_place(place) for place in places]
    record = read_places([text for text, _ in found if text], _PLACES, context, notes)
    if any(abroad for _, abroad in found):
        record["cross_border"] = True
    return record


def _place(value: Any) -> tuple[str, bool]:
    """Return a location's text, smallest part first, and whether it lies in another country."""
    if isinstance(value, str):
        return _text(value), False
    if not isinstance(value, dict):
        raise BadValue("a place: a text, or an object with an address")
    address = _first(value.get("address", value))
    if not isinstance(address, dict):
        return _text(address), False
    parts = [
        _text(address[key]) for key in ("addressLocality", "addressRegion") if address.get(key)
    ]
    country = _text(address["addressCountry"]) if address.get("addressCountry") else ""
    abroad = bool(country) and country.casefold() not in _COUNTRY
    text = ", ".join(dict.fromkeys(parts)) or (_text(value["name"]) if value.get("name") else "")
    return (", ".join(filter(None, (text, country))), True) if abroad else (text, False)


def _employer(value: Any, context: Context, notes: RowNotes) -> Record:
    name = _text(value)
    record: Record = {"employer_name": name} if name else {}
    employer = _first(value)
    if isinstance(employer, dict) and employer.get("identifier"):
        record["employer_id"] = _text(employer["identifier"])
    return record


def _seats(value: Any, context: Context, notes: RowNotes) -> Record:
    number = _amount(_first(value))
    if number is None or number != int(number) or not 0 <= number <= 1_000_000:
        raise BadValue("a whole number of openings")
    return {"seats": int(number)}


def _hours(value: Any, context: Context, notes: RowNotes) -> Record:
    """Keep hours a week where a number says them; any other text is only counted."""
    number = parse_number(re.sub(r"(?i)\s*(hours?|h)?\s*(/|per|a)\s*week\Z", "", _text(value)))
    if number is None or not 0 <= number <= 168:
        notes.counts["work_hours_not_told"] += 1
        return {}
    return {"hours_per_week": number}


def _employment(value: Any, context: Context, notes: RowNotes) -> Record:
    """Count the employment type: no field of the record says full or part time."""
    for kind in value if isinstance(value, list) else [value]:
        word = _text(kind).casefold().replace("-", "_").replace(" ", "_")
        notes.counts[f"employment_{word if word in _EMPLOYMENT else 'other'}"] += 1
    return {}


_READERS: dict[str, Reader] = {
    "employmentType": _employment,  # before the wage, which asks for part time
    "identifier": _text_of("opportunity_id"),
    "title": _text_of("title"),
    "description": _text_of("description"),
    "hiringOrganization": _employer,
    "datePosted": _date_of("posted_on"),
    "validThrough": _date_of("closes_on"),
    "jobStartDate": _date_of("starts_on"),
    "baseSalary": _wage,
    "jobLocation": _location,
    "totalJobOpenings": _seats,
    "workHours": _hours,
}

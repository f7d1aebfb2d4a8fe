"""Readers of cells: a text in, a value of the record out, or the rule that the text breaks."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from data.exchange.amounts import (
    khmer_digits_to_ascii,
    parse_age,
    parse_money,
    parse_number,
    parse_yes_no,
)
from data.exchange.context import Context, RowNotes
from data.exchange.dates import parse_date, serial_date
from data.exchange.fields import Field
from data.exchange.safe_cells import formula_like
from data.exchange.table_map import ColumnMap

__all__ = ["CELL_READERS", "BadValue", "CellReader", "clean_text"]

CellReader = Callable[[str, ColumnMap, Field, Context, RowNotes], Any]

NONE_WORDS = frozenset({"none", "គ្មាន"})
"""What an empty list is written as, so that it differs from a list nobody asked about."""

_OPEN_TO_ALL = frozenset(
    {"male/female", "female/male", "any", "both", "all", "male or female", "m/f", "f/m", "ប្រុស/ស្រី"}
)
_SEXES = {
    "male": "male",
    "m": "male",
    "men": "male",
    "ប្រុស": "male",
    "female": "female",
    "f": "female",
    "women": "female",
    "ស្រី": "female",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class BadValue(ValueError):  # noqa: N818 - reads as what it is
    """A cell that breaks a rule; the text of the error is the rule."""


def clean_text(text: str) -> str:
    """Return the text in composed form without outer space and without a guarding apostrophe.

    Raises
    ------
    BadValue
        A control character, or a text that a spreadsheet program would run.
    """
    plain = unicodedata.normalize("NFC", text).strip()
    if formula_like(plain):
        raise BadValue("a value, not a formula: put an apostrophe before = + - @ to mean the text")
    if plain.startswith("'") and formula_like(plain.lstrip("'")):
        plain = plain[1:]
    if _CONTROL.search(plain):
        raise BadValue("text without control characters")
    return plain


def _word(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    key = text.casefold()
    if column.table:
        if key in column.table:
            return column.table[key] or None
        if column.unlisted_is_unknown:
            notes.counts[f"{field.name}_not_told"] += 1
            return None
    if not field.words and not column.table:
        return text
    plain = key.replace(" ", "_").replace("-", "_")
    if plain in field.words:
        return plain
    listed = ", ".join(field.words if not column.table else sorted(column.table))
    raise BadValue(f"one of {listed}")


def _items(text: str, separator: str) -> list[str]:
    parts = (part.strip() for part in re.split(f"[{re.escape(separator)}\n]", text))
    return [part for part in parts if part]


def _listed(text: str, separator: str) -> list[str]:
    return [] if text.casefold() in NONE_WORDS else list(dict.fromkeys(_items(text, separator)))


def _words(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    words = (_word(i, column, field, context, notes) for i in _listed(text, column.separator))
    return list(dict.fromkeys(word for word in words if word))


def _texts(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    return _listed(text, column.separator)


def _text(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    return _word(text, column, field, context, notes) if column.table else text


def _skills(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    found: list[str] = []
    for item in _listed(text, column.separator):
        if column.unlisted_is_unknown and item.casefold() not in column.table:
            notes.counts[f"{field.name}_not_told"] += 1
            continue
        term = column.table.get(item.casefold(), item)
        known = context.skills.get(term.casefold())
        if known is None:
            notes.counts["skills_not_in_reference"] += 1
        found.append(known or term)
    return list(dict.fromkeys(found))


def _bounded(number: float | None, field: Field, rule: str) -> float:
    if number is None:
        raise BadValue(rule)
    if not field.low <= number <= field.high:
        raise BadValue(f"{rule} from {field.low:g} to {field.high:,.0f}")
    return number


def _number(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    return _bounded(parse_number(text), field, "a number, such as 12 or 1,250.5")


def _integer(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    number = _bounded(parse_number(text), field, "a whole number")
    if number != int(number):
        raise BadValue("a whole number")
    return int(number)


def _money(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    amount = parse_money(text, context.khr_per_usd, column.currency)
    return _bounded(amount, field, "one amount in USD, or in KHR with its sign,")


def _money_range(
    text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes
) -> Any:
    low, dash, high = re.sub(r" ?(?:–|~|to) ?", "-", " ".join(text.split())).partition("-")
    fields = {"monthly_wage_usd": _money(low.strip(), column, field, context, notes)}
    if dash:
        fields["monthly_wage_max_usd"] = _money(high.strip(), column, field, context, notes)
    return fields


def _yes_no(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    answer = parse_yes_no(column.table.get(text.casefold(), text))
    if answer is None:
        raise BadValue("yes or no")
    return answer


def _date(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    plain = khmer_digits_to_ascii(text)
    day = parse_date(plain, column.formats)
    if day is not None:
        return day
    serial = serial_date(plain)
    if serial is not None and column.serial:
        return serial
    if serial is not None:
        raise BadValue(
            f"a date such as 2022-08-19, not a spreadsheet's day count: if this means "
            f"{serial.isoformat()}, format the column as a date, or put serial = true in the "
            "mapping"
        )
    raise BadValue(
        "a date such as 2022-08-19 or Friday, August 19, 2022; for another form put its format, "
        'such as "%d/%m/%Y", in the mapping'
    )


def _gender(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    key = column.table.get(text.casefold(), text).casefold().replace(" / ", "/")
    if key in _OPEN_TO_ALL:
        return None
    if key not in _SEXES:
        raise BadValue("male, female or male/female")
    return _SEXES[key]


def _age(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    ages = parse_age(text)
    if ages is None or any(age is not None and not 0 <= age <= 120 for age in ages):
        raise BadValue("an age such as At least 18, 18-35 or Age Unlimited")
    return {"min_age": ages[0], "max_age": ages[1]}


def _isco(text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes) -> Any:
    code = khmer_digits_to_ascii(text)
    if code not in context.isco_codes:
        raise BadValue("an ISCO-08 code of 1 to 4 digits")
    return code


def _livelihood(
    text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes
) -> Any:
    key = column.table.get(text.casefold(), text).casefold().replace(" ", "_")
    if key not in context.livelihoods:
        raise BadValue("a livelihood of the reference table, such as tailoring")
    return key


def _birth_date(
    text: str, column: ColumnMap, field: Field, context: Context, notes: RowNotes
) -> Any:
    born: dt.date = _date(text, column, field, context, notes)
    if context.as_of is None or born > context.as_of:
        raise BadValue("a date of birth before the day of the import")
    return round((context.as_of - born).days / 365.25, 2)


CELL_READERS: dict[str, CellReader] = {
    "age": _age,
    "birth_date": _birth_date,
    "date": _date,
    "gender": _gender,
    "integer": _integer,
    "isco": _isco,
    "livelihood": _livelihood,
    "money": _money,
    "money_range": _money_range,
    "number": _number,
    "skills": _skills,
    "text": _text,
    "texts": _texts,
    "word": _word,
    "words": _words,
    "yes_no": _yes_no,
}
"""Readers of one cell; a reader that fills two fields returns a mapping."""

"""Readers that take several columns together: places of a posting, a home, a consent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from data.errors import AmbiguousPlace, PlaceNotFound
from data.exchange.amounts import parse_yes_no
from data.exchange.cells import BadValue
from data.exchange.context import Context, RowNotes
from data.exchange.result import Record
from data.exchange.table_map import ColumnMap

__all__ = ["COLUMNS_READERS", "ColumnsReader"]

ColumnsReader = Callable[[Sequence[str], ColumnMap, Context, RowNotes], Record]

LONGEST_PLACE = 200
_SPELLINGS = 3
HOME_LEVELS = ("province", "district", "commune", "village")


def read_places(
    texts: Sequence[str], column: ColumnMap, context: Context, notes: RowNotes
) -> Record:
    """Read where a posting's work is; what cannot be told is kept as text and counted.

    Parameters
    ----------
    texts
        Cells of the mapped columns, empty ones included.
    column
        The map, with its vague and foreign texts.
    context
        Look-ups.
    notes
        Receives the texts that name no known place.
    """
    parts = [part.strip() for text in texts for part in text.split(column.separator)]
    parts = list(dict.fromkeys(part for part in parts if part))
    if not parts:
        notes.counts["place_missing"] += 1
        return {}
    record: Record = {}
    codes = [_told(part, column, context, notes) for part in parts]
    told = list(dict.fromkeys(code for code in codes if code))
    if told:
        record["places"] = told
    if any(not part.isdigit() for part in parts):
        record["place_text"] = "; ".join(parts)
    if any(part.casefold() in column.abroad for part in parts):
        record["cross_border"] = True
    return record


def _told(text: str, column: ColumnMap, context: Context, notes: RowNotes) -> str | None:
    known = len(text) <= LONGEST_PLACE and text.casefold() not in column.vague | column.abroad
    code = _resolved(text, context) if known else None
    if code is None:
        notes.places[text] += 1
    return code


def _resolved(text: str, context: Context) -> str | None:
    cache = context.place_cache
    if text not in cache:
        try:
            cache[text] = context.gazetteer.resolve(text).code
        except (PlaceNotFound, AmbiguousPlace):
            cache[text] = None
    return cache[text]


def read_home(texts: Sequence[str], column: ColumnMap, context: Context, notes: RowNotes) -> Record:
    """Read a home from province, district, commune and village, each inside the one before.

    Parameters
    ----------
    texts
        Four cells, largest first; empty where not told.
    column
        The map.
    context
        Look-ups.
    notes
        Counts villages that are not in the gazetteer.

    Raises
    ------
    BadValue
        A name that names no place, or several, inside the place before it.
    """
    code: str | None = None
    for level, text in zip(HOME_LEVELS, texts, strict=False):
        if not text:
            continue
        try:
            code = _home_code(text, level, code, context)
        except AmbiguousPlace as error:
            raise BadValue(f"one {level}: {error}; fill in the larger place") from None
        except PlaceNotFound as error:
            if level == "village" and code is not None:
                notes.counts["village_not_told"] += 1
                break
            where = f" in {context.gazetteer.place(code)}" if code else ""
            near = "; ".join(str(place) for place in error.near[:3])
            raise BadValue(f"a {level}{where}" + (f"; near: {near}" if near else "")) from None
    return {"home_place": code} if code else {}


def _home_code(text: str, level: str, within: str | None, context: Context) -> str:
    """Resolve one level; a cell may hold its Khmer and English name with a slash between."""
    for part in text.split("/")[: _SPELLINGS if "/" in text else 0]:
        try:
            return context.gazetteer.resolve(part, level=level, within=within).code
        except LookupError:
            continue
    return context.gazetteer.resolve(text, level=level, within=within).code


def read_consent(
    texts: Sequence[str], column: ColumnMap, context: Context, notes: RowNotes
) -> Record:
    """Read a consent that stands in several columns: one no is a no, yes needs all of them.

    Parameters
    ----------
    texts
        Cells of the consent columns; empty where not asked.
    column
        The map.
    context, notes
        Not used.

    Raises
    ------
    BadValue
        A text that is neither yes nor no.
    """
    answers = [parse_yes_no(text) if text else None for text in texts]
    if any(text and answer is None for text, answer in zip(texts, answers, strict=True)):
        raise BadValue("yes or no")
    if False in answers:
        return {"consent_to_match": False}
    return {"consent_to_match": True} if answers and all(answers) else {}


COLUMNS_READERS: dict[str, ColumnsReader] = {
    "consent": read_consent,
    "home_place": read_home,
    "places": read_places,
}
"""Readers of several columns at once."""

"""Vacancies, trainings and grants from a CSV or XLSX file by a column mapping."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data.exchange.context import Context, RowNotes
from data.exchange.mapping import load_mapping
from data.exchange.occupation import OccupationFinder
from data.exchange.problem import ImportRefused, Problem, shorten
from data.exchange.repeats import repeated_ids
from data.exchange.result import Import, Notes, Record
from data.exchange.rows import Reading, read_rows
from data.exchange.spreadsheet import Sheet, read_sheet
from data.exchange.table_map import TableMap
from data.reference import Reference

__all__ = ["finish_opportunity", "opportunity_problems", "read_vacancies", "vacancy_notes"]

LAWFUL_MIN_AGE = 18
"""A lower age limit up to this one protects minors; a higher one restricts."""

_ORDERED = (
    ("monthly_wage_usd", "monthly_wage_max_usd", "at least the low end of the wage, {low}"),
    ("min_age", "max_age", "at least the lowest age, {low}"),
    ("posted_on", "closes_on", "on or after the day of posting, {low}"),
)

_ID_LENGTH = 12
_UNIT = "\x1f"


def read_vacancies(
    path: str | os.PathLike[str],
    mapping: str | os.PathLike[str] | TableMap,
    reference: Reference,
    *,
    skip_bad: bool = False,
) -> Import:
    """Read opportunities from a CSV or XLSX file.

    Parameters
    ----------
    path
        The file.
    mapping
        Name of a shipped mapping (`camhr`, `template`), path of a mapping file, or a mapping.
    reference
        Reference tables.
    skip_bad
        Accept the good rows although others are bad.

    Returns
    -------
    Import
        Opportunity records, problems, and counts of what was not told.

    Raises
    ------
    ImportRefused
        The file or the mapping cannot be used as a whole.
    """
    table_map = mapping if isinstance(mapping, TableMap) else load_mapping(mapping)
    if table_map.record != "opportunity":
        raise ImportRefused(f"the mapping {table_map.name!r} is for {table_map.record} records")
    sheet = read_sheet(path, sheet=table_map.sheet)
    name = shorten(Path(path).name)
    context = Context(reference)
    reading = read_rows(sheet, table_map, context, name)
    finder = OccupationFinder(reference)
    for record, left in zip(reading.records, reading.notes, strict=True):
        finish_opportunity(record, left, context, finder)
    _check_rows(reading, table_map)
    same = _give_ids(reading, sheet, table_map)
    notes = vacancy_notes(reading, len(sheet.rows), _remarks(sheet, table_map, same))
    return Import(tuple(reading.records), tuple(reading.problems), notes, skip_bad)


def finish_opportunity(
    record: Record,
    notes: RowNotes,
    context: Context,
    finder: OccupationFinder,
) -> None:
    """Add the occupation that the title tells, and count what stays unknown.

    Parameters
    ----------
    record
        Opportunity record; completed in place.
    notes
        Receives the counts.
    context
        Look-ups.
    finder
        Tells occupations.
    """
    livelihood = record.get("livelihood")
    if livelihood is not None and "isco_code" not in record:
        record["isco_code"] = context.livelihoods[livelihood]
    if livelihood is None and "isco_code" not in record:
        told = finder.find(record.get("title", ""))
        if told is not None:
            record["isco_code"] = told.isco_code
            if told.livelihood is not None:
                record["livelihood"] = told.livelihood
    notes.counts.update(_untold(record))


def _untold(record: Record) -> Counter[str]:
    old_enough = record.get("max_age") is None and record.get("min_age", 0) <= LAWFUL_MIN_AGE
    wage = record.get("monthly_wage_usd")
    highest = record.get("monthly_wage_max_usd")
    facts = {
        "no_wage": record.get("kind") == "vacancy" and wage is None,
        "wage_upper_end_only": wage is None and highest is not None,
        "gender_restricted": record.get("gender_only") is not None,
        "age_restricted": not old_enough,
        "discriminatory": record.get("gender_only") is not None or not old_enough,
        "occupation_told": record.get("isco_code") is not None,
        "occupation_not_told": record.get("isco_code") is None,
        "no_place": not record.get("places"),
        "abroad": bool(record.get("cross_border")),
    }
    return Counter({name: int(holds) for name, holds in facts.items()})


def opportunity_problems(record: Record, row: int) -> Iterable[Problem]:
    """Yield what is wrong between the fields of one record.

    Parameters
    ----------
    record
        Opportunity record.
    row
        Its row number.
    """
    for field in ("title", "kind"):
        if not record.get(field):
            yield Problem(row, field, "", f"a {field}; every posting needs one")
    yield from _disorder(record, row)
    if record.get("kind") == "grant" and not record.get("livelihood"):
        yield Problem(row, "livelihood", "", "a livelihood: a grant is for one")
    if record.get("kind") != "training":
        told = [field for field in ("course_months", "teaches") if record.get(field) is not None]
        for field in told:
            yield Problem(row, field, shorten(record[field]), "nothing: not a training")


def _disorder(record: Record, row: int) -> Iterable[Problem]:
    for low, high, rule in _ORDERED:
        before, after = record.get(low), record.get(high)
        if before is not None and after is not None and after < before:
            yield Problem(row, high, shorten(after), rule.format(low=before))


def _check_rows(reading: Reading, mapping: TableMap) -> None:
    shown = mapping.column_names()
    found = [
        Problem(problem.row, shown.get(problem.column, problem.column), problem.value, problem.rule)
        for row, record in zip(reading.rows, reading.records, strict=True)
        for problem in opportunity_problems(record, row)
    ]
    reading.drop([*found, *repeated_ids(reading, "opportunity_id", shown.get("opportunity_id"))])


def _give_ids(reading: Reading, sheet: Sheet, mapping: TableMap) -> int:
    """Name the records without an id by their content; return how many repeat another row."""
    cells = {row.number: row.cells for row in sheet.rows}
    seen: Counter[str] = Counter()
    taken = {record.get("opportunity_id") for record in reading.records}
    for row, record in zip(reading.rows, reading.records, strict=True):
        if not record.get("opportunity_id"):
            key = content_id(mapping.source, zip(sheet.columns, cells[row], strict=True))
            record["opportunity_id"] = _free_id(key, seen, taken)
    reading.records = [
        {"opportunity_id": record["opportunity_id"], **record} for record in reading.records
    ]
    return sum(count - 1 for count in seen.values())


def _free_id(key: str, seen: Counter[str], taken: set[Any]) -> str:
    seen[key] += 1
    name = key if seen[key] == 1 else f"{key}-{seen[key]}"
    while name in taken:
        seen[key] += 1
        name = f"{key}-{seen[key]}"
    taken.add(name)
    return name


def content_id(source: str, facts: Iterable[tuple[str, str]]) -> str:
    """Return an id that depends on the content of a posting alone.

    Parameters
    ----------
    source
        Prefix.
    facts
        Names and texts of the posting, in any order.
    """
    parts = sorted(f"{name.strip()}={text.strip()}" for name, text in facts if text.strip())
    digest = hashlib.sha256(_UNIT.join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{source}-{digest[:_ID_LENGTH]}"


def _remarks(sheet: Sheet, mapping: TableMap, same: int) -> tuple[str, ...]:
    absent = [
        name for column in mapping.columns for name in column.names if sheet.position(name) is None
    ]
    remarks = []
    if absent and len(absent) < sum(len(column.names) for column in mapping.columns):
        remarks.append(f"{len(absent)} columns of the mapping are not in the file")
    if same:
        remarks.append(f"{same} postings repeat another row word for word; kept with -2, -3 ids")
    return tuple(remarks)


def vacancy_notes(reading: Reading, rows: int, remarks: Sequence[str] = ()) -> Notes:
    """Return the counts over the good postings.

    Parameters
    ----------
    reading
        Records with their notes.
    rows
        Rows or postings that the file holds.
    remarks
        Sentences about the file.
    """
    counts, places = reading.counts()
    return Notes(rows, dict(counts), dict(places.most_common()), tuple(remarks))

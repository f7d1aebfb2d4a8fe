"""Clients from an OSCaR list; their names are never read."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from data.exchange.cells import BadValue, clean_text
from data.exchange.context import Context
from data.exchange.mapping import load_mapping
from data.exchange.problem import ImportRefused, Problem, shorten
from data.exchange.repeats import repeated_ids
from data.exchange.result import Import, Notes
from data.exchange.rows import Reading, read_rows
from data.exchange.spreadsheet import Sheet, read_sheet
from data.reference import Reference

__all__ = ["read_oscar"]

ID_COLUMNS = ("global_id", "Client ID", "Case ID", "ID", "external_id", "Slug", "unique_identifier")
"""Columns that may hold the case number; the first that is there is taken."""

COUNTED = {
    "home_not_told": "home_place",
    "age_not_told": "age_years",
    "sex_not_told": "sex",
    "idpoor_not_told": "idpoor",
    "consent_not_told": "consent_to_match",
}


def read_oscar(
    path: str | os.PathLike[str],
    reference: Reference,
    as_of: dt.date,
    *,
    skip_bad: bool = False,
    source: str = "oscar",
) -> Import:
    """Read clients from an OSCaR XLSX or CSV export.

    Parameters
    ----------
    path
        The file.
    reference
        Reference tables.
    as_of
        Day on which ages are counted.
    skip_bad
        Accept the good rows although others are bad.
    source
        Prefix of the ids of a file without an id column; they carry the day and the row, so
        give different files of one day different prefixes.

    Returns
    -------
    Import
        Client records: id, sex, age, home, ID Poor level, consent where it is told. No name.

    Raises
    ------
    ImportRefused
        The file cannot be used as a whole.
    """
    mapping = load_mapping("oscar")
    sheet = read_sheet(path, sheet=mapping.sheet)
    reading = read_rows(sheet, mapping, Context(reference, as_of), shorten(Path(path).name))
    column = next((name for name in ID_COLUMNS if sheet.position(name) is not None), None)
    if column is None:
        _number_by_row(reading, f"{source}-{as_of:%Y%m%d}")
        remarks: tuple[str, ...] = (
            "the file has no id column: ids are made of the day and the row, and a second import "
            "of the same people would make them anew",
        )
    else:
        _take_ids(reading, sheet, column)
        remarks = ()
    return Import(
        tuple(reading.records), tuple(reading.problems), _notes(reading, sheet, remarks), skip_bad
    )


def _number_by_row(reading: Reading, prefix: str) -> None:
    reading.records = [
        {"client_id": f"{prefix}-row-{row}", **record}
        for row, record in zip(reading.rows, reading.records, strict=True)
    ]


def _take_ids(reading: Reading, sheet: Sheet, column: str) -> None:
    position = sheet.position(column)
    if position is None:
        raise ImportRefused(f"the column {column!r} is not in the file")
    cells = {row.number: row.cells[position] for row in sheet.rows}
    formulas = {row.number for row in sheet.rows if position in row.formulas}
    problems: list[Problem] = []
    for row, record in zip(reading.rows, reading.records, strict=True):
        try:
            identifier = clean_text(cells[row])
            if row in formulas or not identifier:
                raise BadValue("an id; the file has an id column, so every row needs one")
        except BadValue as error:
            problems.append(Problem(row, column, shorten(cells[row]), str(error)))
        else:
            record["client_id"] = identifier
    reading.drop([*problems, *repeated_ids(reading, "client_id", column)])
    reading.records = [{"client_id": record["client_id"], **record} for record in reading.records]


def _notes(reading: Reading, sheet: Sheet, remarks: tuple[str, ...]) -> Notes:
    counts, places = reading.counts()
    for name, field in COUNTED.items():
        counts[name] = sum(field not in record for record in reading.records)
    return Notes(len(sheet.rows), dict(counts), dict(places), remarks)

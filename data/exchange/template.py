"""The project's own table of opportunities: an empty XLSX to fill in, and records written out."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from data.exchange.cells import NONE_WORDS
from data.exchange.fields import OPPORTUNITY_FIELDS, Field
from data.exchange.safe_cells import guarded
from data.exchange.written import written_whole

__all__ = ["write_opportunities", "write_template"]

SHEET = "Opportunities"
EMPTY_LIST = sorted(NONE_WORDS)[0]


def write_template(path: str | os.PathLike[str]) -> None:
    """Write an empty XLSX template: the columns, and a second sheet that explains each.

    Parameters
    ----------
    path
        File to write; an existing one is replaced.
    """
    _write_xlsx(path, ())


def write_opportunities(records: Iterable[Mapping[str, Any]], path: str | os.PathLike[str]) -> None:
    """Write opportunity records as a table that the `template` mapping reads back.

    Parameters
    ----------
    records
        Opportunity records.
    path
        File to write: `.xlsx`, or CSV in UTF-8 for any other suffix.
    """
    rows = [[cell_text(record.get(name)) for name in OPPORTUNITY_FIELDS] for record in records]
    if Path(path).suffix.casefold() == ".xlsx":
        _write_xlsx(path, rows)
    else:
        _write_csv(path, rows)


def cell_text(value: object) -> str:
    """Return a value of a record as the text of a cell.

    Examples
    --------
    >>> cell_text(None), cell_text([]), cell_text(["a", "b"]), cell_text(True), cell_text(2.0)
    ('', 'none', 'a; b', 'yes', '2')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(str(item) for item in value) or EMPTY_LIST
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return guarded(str(value))


def _write_csv(path: str | os.PathLike[str], rows: Sequence[Sequence[str]]) -> None:
    with (
        written_whole(path) as part,
        part.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(OPPORTUNITY_FIELDS)
        writer.writerows(rows)


def _write_xlsx(path: str | os.PathLike[str], rows: Sequence[Sequence[str]]) -> None:
    with written_whole(path) as part:
        book = xlsxwriter.Workbook(str(part), {"in_memory": True})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(SHEET)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(OPPORTUNITY_FIELDS):
            sheet.write_string(0, column, name, bold)
            sheet.set_column(column, column, max(12, len(name) + 2))
        for row, cells in enumerate(rows, start=1):
            for column, text in enumerate(cells):
                if text:
                    sheet.write_string(row, column, text)
        _write_guide(book.add_worksheet("Guide"), bold)
        book.close()


def _write_guide(sheet: Any, bold: Any) -> None:
    for column, title in enumerate(("Column", "Meaning", "How to fill it in")):
        sheet.write_string(0, column, title, bold)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 2, 70)
    for row, field in enumerate(OPPORTUNITY_FIELDS.values(), start=1):
        for column, text in enumerate((field.name, field.about, _how(field))):
            sheet.write_string(row, column, text)


_HOW = {
    "date": "A date such as 2026-08-19",
    "yes_no": "yes or no; empty where not known",
    "money": "An amount in USD, or in riels with ៛ after it; empty where not told, 0 where nothing",
    "number": "A number; empty where not told",
    "integer": "A whole number; empty where not told",
    "places": "Names or geocodes of provinces, districts or communes; several separated by ;",
    "skills": "Several separated by ; — none where none is needed, empty where not told",
    "texts": "Several separated by ;",
    "gender": "male or female where posted for one alone; else empty",
    "livelihood": "A livelihood of the reference table, such as tailoring",
    "isco": "Digits, leading zero included",
}


def _how(field: Field) -> str:
    if field.reads == "word":
        return "One of: " + ", ".join(field.words)
    if field.reads == "words":
        return "Several separated by ; of: " + ", ".join(field.words) + " — or none"
    return _HOW.get(field.reads, "Text")

"""Reads a PRISM commune file, JSON or CSV, into values by commune."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.exchange.amounts import khmer_digits_to_ascii, parse_number
from data.exchange.json_tree import read_json
from data.exchange.problem import ImportRefused, Problem, shorten
from data.exchange.spreadsheet import read_sheet

__all__ = ["read_index"]

FILES = ("flood-hazard-index.json", "flood-hazard-index.csv")
VALUE = "flood_hazard_index"
CODES = ("commune", "Adm3_text", "Adm3_NCDD", "adm3_pcode", "commune_code")
OTHER_INDICES = {
    "IndexValue": "a socio-economic vulnerability index; no table takes it",
    "Total_Poor_12_HHs": "an IDPoor table; no table takes it",
}
HIGHEST_INDEX = 100.0
COMMUNE_DIGITS = 6

Cells = tuple[int, str, str]
"""Row, commune code and value as text."""


def read_index(path: Path) -> tuple[dict[str, float], list[Problem]]:
    """Read the flood hazard index.

    Parameters
    ----------
    path
        File, or folder that holds one of PRISM's name.

    Returns
    -------
    tuple
        Value 0-100 by commune code with its leading zero, and the problems of bad rows.

    Raises
    ------
    ImportRefused
        The file is not a table of the index.
    """
    file = next((path / name for name in FILES if (path / name).is_file()), path)
    rows = _json_rows(file) if file.suffix.casefold() == ".json" else _sheet_rows(file)
    values: dict[str, float] = {}
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for row, code_text, value_text in rows:
        code = _code(code_text)
        value = parse_number(value_text)
        if code is None:
            rule = "a commune code of 6 digits"
            problems.append(Problem(row, "commune", shorten(code_text), rule))
        elif code in first:
            rule = f"each commune once; row {first[code]} has it too"
            problems.append(Problem(row, "commune", code, rule))
        elif value is None or not 0 <= value <= HIGHEST_INDEX:
            problems.append(Problem(row, VALUE, shorten(value_text), "a number from 0 to 100"))
        else:
            values[code] = value
            first[code] = row
    return values, problems


def _code(text: str) -> str | None:
    digits = khmer_digits_to_ascii(text).strip().upper().removeprefix("KH")
    if not (digits.isascii() and digits.isdigit()):
        return None
    padded = digits.zfill(COMMUNE_DIGITS) if len(digits) == COMMUNE_DIGITS - 1 else digits
    return padded if len(padded) == COMMUNE_DIGITS else None


def _json_rows(path: Path) -> Iterator[Cells]:
    name = shorten(path.name)
    tree = read_json(path)
    rows = tree.get("DataList") if isinstance(tree, dict) else tree
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ImportRefused(f"{name}: expected a DataList of objects, one a commune")
    known = {key for row in rows for key in row}
    code = _code_key(known, name)
    for number, row in enumerate(rows, start=1):
        yield number, _plain(row.get(code)), _plain(row.get(VALUE))


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "" if value is None else shorten(value)
    return str(value)


def _code_key(known: set[str], name: str) -> str:
    """Return the key of the commune code, or say what the file is instead."""
    if VALUE not in known:
        other = next((what for key, what in OTHER_INDICES.items() if key in known), "")
        raise ImportRefused(f"{name}: lacks {VALUE}" + (f"; it is {other}" if other else ""))
    code = next((key for key in CODES if key in known), None)
    if code is None:
        raise ImportRefused(f"{name}: lacks a commune code, one of {', '.join(CODES)}")
    return code


def _sheet_rows(path: Path) -> Iterator[Cells]:
    sheet = read_sheet(path)
    name = shorten(path.name)
    code = sheet.position(_code_key(set(sheet.columns), name))
    value = sheet.position(VALUE)
    for row in sheet.rows:
        if code is None or value is None or row.ragged or row.formulas:
            yield row.number, "", row.ragged or "a formula"
        else:
            yield row.number, row.cells[code], row.cells[value]

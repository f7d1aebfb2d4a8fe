"""Writes the problems of an import to a file, for the person who mends the table."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from data.exchange.problem import Problem
from data.exchange.safe_cells import guarded
from data.exchange.written import written_whole

__all__ = ["write_rejects"]

HEADER = ("row", "column", "value", "rule")


def write_rejects(problems: Iterable[Problem], path: str | os.PathLike[str]) -> int:
    """Write one line a problem: row, column, value, rule; no cell can run as a formula.

    Parameters
    ----------
    problems
        Problems of an import.
    path
        File to write: `.xlsx`, or CSV in UTF-8 for any other suffix.

    Returns
    -------
    int
        Number of lines below the header.
    """
    lines = [
        ("" if p.row is None else str(p.row), guarded(p.column), guarded(p.value), guarded(p.rule))
        for p in problems
    ]
    with written_whole(path) as part:
        if Path(path).suffix.casefold() == ".xlsx":
            _write_xlsx(part, lines)
        else:
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([HEADER, *lines])
    return len(lines)


def _write_xlsx(path: Path, lines: list[tuple[str, str, str, str]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    sheet = book.add_worksheet("Rejected")
    for row, line in enumerate([HEADER, *lines]):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text)
    book.close()

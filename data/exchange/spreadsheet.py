"""Any table file, safely: CSV or XLSX in, rows of text with the numbers a user sees out."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.exchange.delimited import read_delimited
from data.exchange.limits import DEFAULT, Limits
from data.exchange.problem import ImportRefused, Problem, shorten
from data.exchange.table import Row, Table
from data.exchange.workbook import read_workbook

__all__ = ["Sheet", "heading", "read_bytes", "read_sheet"]

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """A header and the rows under it.

    Parameters
    ----------
    columns
        Header texts as they stand in the file, in order.
    rows
        Filled rows; every row has as many cells as there are columns.
    positions
        Index of each column by its normalised heading.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    positions: dict[str, int]

    def position(self, name: str) -> int | None:
        """Return the index of a column whatever its case, spacing or leading star, or None."""
        return self.positions.get(heading(name))


def heading(name: str) -> str:
    """Return a column name without case, spacing variants and the star of a mandatory column.

    Examples
    --------
    >>> heading("* Date  of Birth ")
    'date of birth'
    """
    text = unicodedata.normalize("NFKC", name).replace("\ufeff", "").strip().lstrip("*")
    return " ".join(text.casefold().split())


def read_bytes(path: str | os.PathLike[str], limits: Limits = DEFAULT) -> bytes:
    """Return the bytes of an ordinary file within the size limit.

    Parameters
    ----------
    path
        File to read; devices, pipes and folders are refused.
    limits
        Bounds to keep.

    Raises
    ------
    ImportRefused
        The file is absent, not ordinary, empty or too large.
    """
    name = shorten(Path(path).name)
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ImportRefused(f"{name}: expected a file, got a folder or device")
            content = file.read(limits.file_bytes + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, ImportRefused):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "unreadable"
        raise ImportRefused(f"{name}: cannot be read ({reason})") from None
    if not content:
        raise ImportRefused(f"{name}: the file is empty")
    if len(content) > limits.file_bytes:
        raise ImportRefused(f"{name}: larger than {limits.file_bytes:,} bytes")
    return content


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_sheet(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    limits: Limits = DEFAULT,
) -> Sheet:
    """Read a CSV or XLSX file; its content decides which it is.

    Parameters
    ----------
    path
        File to read.
    sheet
        Worksheet to take where an XLSX file has it; the first one otherwise.
    limits
        Bounds to keep.

    Raises
    ------
    ImportRefused
        The file is not a table that can be read safely.
    """
    content = read_bytes(path, limits)
    name = shorten(Path(path).name)
    if content.startswith(OLD_OFFICE):
        raise ImportRefused(
            f"{name}: protected by a password or of the old .xls kind; "
            "save it as .xlsx without a password"
        )
    if content.startswith(ZIP):
        table = read_workbook(content, name, sheet, limits)
    elif Path(path).suffix.casefold() in {".xlsx", ".xlsm"}:
        raise ImportRefused(f"{name}: named as an Excel workbook, but it is not one")
    else:
        table = read_delimited(content, name, limits)
    return _with_header(table, name, limits)


def _with_header(table: Table, name: str, limits: Limits) -> Sheet:
    rows = _filled(table.rows)
    header = next(rows, None)
    if header is None:
        raise ImportRefused(f"{name}: the table is empty")
    columns = _trimmed(header.cells)
    problems = tuple(_header_problems(header, columns, limits))
    if problems:
        raise ImportRefused(f"{name}: the header row cannot be used", problems)
    body = tuple(_squared(row, len(columns)) for row in rows)
    positions = {heading(column): index for index, column in enumerate(columns)}
    return Sheet(tuple(column.strip() for column in columns), body, positions)


def _filled(rows: Sequence[Row]) -> Iterator[Row]:
    return (row for row in rows if row.formulas or any(cell.strip() for cell in row.cells))


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    last = max((index for index, cell in enumerate(cells) if cell.strip()), default=-1)
    return tuple(cells[: last + 1])


def _header_problems(header: Row, columns: Sequence[str], limits: Limits) -> Iterator[Problem]:
    if len(columns) > limits.columns:
        yield Problem(header.number, "", str(len(columns)), f"at most {limits.columns} columns")
    seen: dict[str, int] = {}
    for index, column in enumerate(columns):
        key = heading(column)
        if not key:
            yield Problem(
                header.number, "", "", f"column {index + 1} has no name; name it or remove it"
            )
        elif key in seen:
            yield Problem(
                header.number,
                shorten(column),
                shorten(column),
                f"column names must differ; column {seen[key] + 1} has this name too",
            )
        seen.setdefault(key, index)


def _squared(row: Row, width: int) -> Row:
    """Return the row with `width` cells, noting how many it had more or fewer."""
    count = len(row.cells)
    filled = len(_trimmed(row.cells))
    surplus = count - width if count < width else max(0, filled - width)
    cells = row.cells[:width] + ("",) * (width - count)
    return Row(row.number, cells, row.formulas, surplus)

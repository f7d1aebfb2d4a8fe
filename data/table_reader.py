"""Reads a table as text, checks every cell, converts.

All breaches of a file are reported at once, each with file, row, column, value and rule.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import InvalidTable, Problem
from data.schema import NUMBER, Column, Kind, Table, split_words

_FIRST_ROW = 2


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """Read and check one table.

    Parameters
    ----------
    path
        CSV file in UTF-8, with a header.
    table
        Shape the file must have.

    Returns
    -------
    pandas.DataFrame
        One row a line: texts as str, lists as tuples of str, numbers as float64, whole numbers
        as int64, flags as bool; in the column order of the table.

    Raises
    ------
    InvalidTable
        With every breach of the file: wrong header, bad cells, repeated keys.
    """
    header, rows = _read_text(path)
    problems = list(_header_problems(table, header, path.name)) if table.columns else []
    if problems:
        raise InvalidTable(problems)
    problems = [
        Problem(path.name, line, None, str(len(row)), f"{len(header)} cells")
        for line, row in enumerate(rows, _FIRST_ROW)
        if len(row) != len(header)
    ]
    if problems:
        raise InvalidTable(problems)
    cells = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {}
    if not table.columns:
        table = replace(table, columns=tuple(_open_column(*item) for item in cells.items()))
    problems = [*_cell_problems(table, cells, path.name), *_key_problems(table, cells, path.name)]
    if problems:
        raise InvalidTable(problems)
    return as_frame(table, cells)


def as_frame(table: Table, cells: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Convert checked text columns into a frame.

    Parameters
    ----------
    table
        Shape of the frame.
    cells
        Text of every column, all of one length; empty for a frame without rows.
    """
    return pd.DataFrame(
        {column.name: _CONVERT[column.kind](cells.get(column.name, ())) for column in table.columns}
    )


def link_problems(
    table: Table, frame: pd.DataFrame, frames: dict[str, pd.DataFrame]
) -> Iterator[Problem]:
    """Yield every value that points at a row that is not there.

    Parameters
    ----------
    table
        Shape of the frame.
    frame
        Rows to check.
    frames
        The tables the links point at, by name.
    """
    for column in table.columns:
        if not column.link:
            continue
        name, _, target = column.link.partition(".")
        known = set(frames[name][target])
        for line, cell in enumerate(frame[column.name], _FIRST_ROW):
            for word in (cell,) if isinstance(cell, str) else cell:
                if word and word not in known:
                    rule = f"a {target} of {name}.csv"
                    yield Problem(table.file, line, column.name, word, rule)


def _read_text(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [[cell.strip() for cell in row] for row in csv.reader(file, strict=True) if row]
    except FileNotFoundError:
        raise InvalidTable([Problem(path.name, None, None, None, "the file to exist")]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        rule = "comma-separated values in UTF-8"
        raise InvalidTable([Problem(path.name, None, None, str(error), rule)]) from None
    if not lines:
        raise InvalidTable([Problem(path.name, None, None, None, "a header")])
    return lines[0], lines[1:]


def _open_column(name: str, cells: Sequence[str]) -> Column:
    numeric = all(not cell or NUMBER.fullmatch(cell) for cell in cells)
    return Column(name, "number" if numeric else "text", blank=True)


def _header_problems(table: Table, header: Sequence[str], file: str) -> Iterator[Problem]:
    known = [column.name for column in table.columns]
    for name in known:
        if name not in header:
            yield Problem(file, 1, name, None, "the column to be there")
    for position, name in enumerate(header):
        if name not in known:
            yield Problem(file, 1, None, name, "one of the columns " + ", ".join(known))
        elif name in header[:position]:
            yield Problem(file, 1, name, name, "each column once")


def _cell_problems(table: Table, cells: dict[str, tuple[str, ...]], file: str) -> Iterator[Problem]:
    for column in table.columns:
        seen: dict[str, str | None] = {}
        for line, cell in enumerate(cells.get(column.name, ()), _FIRST_ROW):
            if not cell:
                if not column.blank:
                    yield Problem(file, line, column.name, cell, "a value")
                continue
            if cell not in seen:
                seen[cell] = column.breach(cell)
            if rule := seen[cell]:
                yield Problem(file, line, column.name, cell, rule)


def _key_problems(table: Table, cells: dict[str, tuple[str, ...]], file: str) -> Iterator[Problem]:
    if not table.key or not cells:
        return
    first: dict[tuple[str, ...], int] = {}
    keys = zip(*(cells[name] for name in table.key), strict=True)
    for line, key in enumerate(keys, _FIRST_ROW):
        if key in first:
            rule = f"each {' and '.join(table.key)} once; it stands in row {first[key]} already"
            yield Problem(file, line, table.key[0], ", ".join(key), rule)
        first.setdefault(key, line)


def _texts(cells: Sequence[str]) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def _word_lists(cells: Sequence[str]) -> pd.Series:
    return pd.Series([split_words(cell) for cell in cells], dtype="object")


def _numbers(cells: Sequence[str]) -> pd.Series:
    return pd.Series([float(cell) if cell else np.nan for cell in cells], dtype="float64")


def _integers(cells: Sequence[str]) -> pd.Series:
    return pd.Series([int(cell) for cell in cells], dtype="int64")


def _flags(cells: Sequence[str]) -> pd.Series:
    return pd.Series([cell == "1" for cell in cells], dtype="bool")


_CONVERT: dict[Kind, Callable[[Sequence[str]], pd.Series]] = {
    "text": _texts,
    "words": _word_lists,
    "number": _numbers,
    "integer": _integers,
    "flag": _flags,
}

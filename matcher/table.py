"""Tables of columns: records in, immutable arrays out, every problem told at once."""

import dataclasses
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import UNKNOWN, Column, Refused, is_missing, plain


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the records.

    Parameters
    ----------
    row
        Position in the records, from 0.
    field
        Name of the field.
    value
        What came.
    expected
        What was expected, as a phrase.
    """

    row: int
    field: str
    value: object
    expected: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field}: expected {self.expected}, got {self.value!r}"


class InvalidRecords(ValueError):  # noqa: N818 - reads as what it is
    """Records that can't become a table; every problem is listed.

    Attributes
    ----------
    problems : tuple of Problem
        All problems, in row order.
    """

    SHOWN = 10

    def __init__(self, table: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.row, p.field)))
        lines = [str(problem) for problem in self.problems[: self.SHOWN]]
        if (more := len(self.problems) - len(lines)) > 0:
            lines.append(f"and {more} more")
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        super().__init__(f"{table}: {count}\n" + "\n".join(lines))


def _parse(name: str, column: Column, raw: Sequence[Any], problems: list[Problem]) -> NDArray[Any]:
    stored = np.empty(len(raw), dtype=column.dtype)
    for row, value in enumerate(raw):
        stored[row] = column.missing
        if is_missing(value):
            if column.required:
                problems.append(Problem(row, name, value, "a value: this field is required"))
            continue
        try:
            stored[row] = column.parse(value)
        except Refused as refusal:
            problems.append(Problem(row, name, value, str(refusal)))
    if column.unique:
        problems.extend(_repeated(name, stored))
    stored.setflags(write=False)
    return stored


def _repeated(name: str, stored: NDArray[Any]) -> Iterable[Problem]:
    first: dict[Any, int] = {}
    for row, value in enumerate(stored):
        if value is not None and first.setdefault(value, row) != row:
            expected = f"a value of its own: row {first[value]} has the same"
            yield Problem(row, name, value, expected)


def _unknown_fields(records: Sequence[Any], known: Iterable[str]) -> Iterable[Problem]:
    names = tuple(known)
    for row, record in enumerate(records):
        for stray in record.keys() - set(names):
            near = difflib.get_close_matches(str(stray), names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield Problem(row, str(stray), record[stray], "no such field" + hint)


@dataclass(frozen=True, eq=False)
class ColumnTable:
    """Rows as immutable columns of equal length, built from records or from a frame."""

    @classmethod
    @cache
    def columns(cls) -> Mapping[str, Column]:
        """Return the declared columns by name."""
        fields = dataclasses.fields(cls)
        declared = {f.name: f.metadata["column"] for f in fields if "column" in f.metadata}
        return MappingProxyType(declared)

    @classmethod
    def _parse_records(cls, records: Iterable[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
        rows = list(records)
        if stray := [row for row, record in enumerate(rows) if not isinstance(record, Mapping)]:
            problems = [Problem(row, "record", rows[row], "a mapping") for row in stray]
            raise InvalidRecords(cls.__name__, problems)
        columns = cls.columns()
        problems = list(_unknown_fields(rows, columns))
        arrays = {
            name: _parse(name, column, [record.get(name) for record in rows], problems)
            for name, column in columns.items()
        }
        problems.extend(cls._row_problems(arrays))
        if problems:
            raise InvalidRecords(cls.__name__, problems)
        return arrays

    @classmethod
    def _row_problems(cls, arrays: Mapping[str, NDArray[Any]]) -> Iterable[Problem]:
        """Yield what is wrong between the fields of one row."""
        return ()

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.columns()))))

    def take(self, rows: NDArray[np.intp] | Sequence[int]) -> Self:
        """Return the given rows, in the given order, as a table of the same kind."""
        picked = {name: getattr(self, name)[rows] for name in self.columns()}
        for array in picked.values():
            array.setflags(write=False)
        return dataclasses.replace(self, **picked)

    def record(self, row: int) -> dict[str, Any]:
        """Return one row as a plain record: what is unknown is left out."""
        values = {
            name: plain(getattr(self, name)[row], mapping=column.holds == "amounts")
            for name, column in self.columns().items()
        }
        flags = {n for n, c in self.columns().items() if c.dtype == np.int8}
        return {
            name: bool(value) if name in flags else value
            for name, value in values.items()
            if value is not None and not (name in flags and value == UNKNOWN)
        }


def frame_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as records; NaN, NaT and NA become unknown."""
    rows = frame.to_dict("records")
    return [{str(k): None if is_missing(v) else v for k, v in row.items()} for row in rows]

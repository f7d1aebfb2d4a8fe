"""Tables of columns: records in, immutable arrays out, every problem told at once."""

import dataclasses
import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import UNKNOWN, Coded, Column, Refused, is_missing, plain


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


NO_FIELD = "no such field"

ALIKE = ({str}, {bool}, {int, float}, {dt.date}, {list, tuple})
"""Types that may stand in a column together without one value passing for another."""


def _parse(name: str, column: Column, raw: Sequence[Any], problems: list[Problem]) -> NDArray[Any]:
    if isinstance(raw, Coded):
        few = _parse_alike(column, raw.values)
        stored = None if few is None else few[raw.position]
    else:
        stored = _parse_alike(column, raw)
    if stored is None:
        stored = _parse_each(name, column, raw, problems)
    if column.unique:
        problems.extend(_repeated(name, stored))
    stored.setflags(write=False)
    return stored


def _parse_alike(column: Column, raw: Sequence[Any]) -> NDArray[Any] | None:
    """Parse a column whose values are of one type; None where they are not, or any is refused.

    Numbers and flags are read all at once, of other values each distinct one: a million cells hold
    few different ones. This is what makes a large market quick to read.
    """
    types = set(map(type, raw)) - {type(None)}
    if not types and not column.required:
        return np.full(len(raw), column.missing, dtype=column.dtype)
    if column.bounds is not None and types <= {int, float}:
        return _parse_numbers(column.bounds, raw)
    if column.dtype == np.int8 and types == {bool}:
        answers = np.array(raw, dtype=np.float64)
        return np.where(np.isnan(answers), UNKNOWN, answers).astype(np.int8)
    if any(types <= alike for alike in ALIKE):
        keys = raw if list not in types else [tuple(v) if type(v) is list else v for v in raw]
        return _parse_distinct(column, keys)
    return None


def _parse_numbers(bounds: tuple[float, float], raw: Sequence[Any]) -> NDArray[Any] | None:
    """Parse plain numbers and None; None where any is out of bounds."""
    low, high = bounds
    try:
        numbers = np.array(raw, dtype=np.float64)
    except OverflowError:  # a whole number that no float holds
        return None
    inside = np.isfinite(numbers) & (low <= numbers) & (numbers <= high)
    return numbers if (inside | np.isnan(numbers)).all() else None


def _parse_distinct(column: Column, keys: Sequence[Any]) -> NDArray[Any] | None:
    """Parse each distinct value once; None where any is refused."""
    try:
        known = {key: parsed(column, key) for key in set(keys)}
    except (Refused, TypeError):  # not hashable: a list within a list
        return None
    return np.fromiter(map(known.__getitem__, keys), dtype=column.dtype, count=len(keys))


def parsed(column: Column, value: Any) -> Any:
    """Return what a column stores of one value; raise :class:`Refused` where it holds no such."""
    if not is_missing(value):
        return column.parse(value)
    if column.required:
        raise Refused("a value: this field is required")
    return column.missing


def _parse_each(
    name: str, column: Column, raw: Sequence[Any], problems: list[Problem]
) -> NDArray[Any]:
    """Parse value by value, noting each that is refused."""
    stored = np.full(len(raw), column.missing, dtype=column.dtype)
    for row, value in enumerate(raw):
        try:
            stored[row] = parsed(column, value)
        except Refused as refusal:
            problems.append(Problem(row, name, value, str(refusal)))
    return stored


def _by_column(
    records: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> dict[str, Sequence[Any]]:
    """The values of each field; read record by record, while a record is still in the cache."""
    rows = [tuple(map(record.get, names)) for record in records]
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}


def _unknown(column: Column, size: int) -> NDArray[Any]:
    """A column of which nothing is known."""
    stored = np.full(size, column.missing, dtype=column.dtype)
    stored.setflags(write=False)
    return stored


def _repeated(name: str, stored: NDArray[Any]) -> Iterable[Problem]:
    if len(set(stored)) == len(stored):
        return
    first: dict[Any, int] = {}
    for row, value in enumerate(stored):
        if value is not None and first.setdefault(value, row) != row:
            expected = f"a value of its own: row {first[value]} has the same"
            yield Problem(row, name, value, expected)


def _unknown_fields(records: Sequence[Any], names: Sequence[str]) -> Iterable[Problem]:
    for row, record in enumerate(records):
        for stray in record.keys() - set(names):
            near = difflib.get_close_matches(str(stray), names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield Problem(row, str(stray), record[stray], NO_FIELD + hint)


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
        told: set[str] = set().union(*rows)
        known = tuple(cls.columns())
        strays = [] if told <= set(known) else list(_unknown_fields(rows, known))
        cells = _by_column(rows, [name for name in known if name in told])
        return cls._parse_columns(cells, len(rows), strays)

    @classmethod
    def _parse_columns(
        cls, cells: Mapping[str, Sequence[Any]], size: int, problems: list[Problem]
    ) -> dict[str, NDArray[Any]]:
        """Return the arrays of all columns; raise where there are problems, here or before."""
        arrays = {
            name: _parse(name, column, cells.get(name, (None,) * size), problems)
            if name in cells or column.required
            else _unknown(column, size)
            for name, column in cls.columns().items()
        }
        problems.extend(cls.row_problems(arrays))
        if problems:
            raise InvalidRecords(cls.__name__, problems)
        return arrays

    @classmethod
    def _parse_mapping(cls, columns: Mapping[str, Sequence[Any]]) -> dict[str, NDArray[Any]]:
        """Return the arrays of values given by column; a column that is missing is unknown."""
        known = cls.columns()
        if stray := [name for name in columns if name not in known]:
            raise InvalidRecords(cls.__name__, [Problem(0, n, None, NO_FIELD) for n in stray])
        lengths = {len(values) for values in columns.values()}
        if len(lengths) != 1:
            raise ValueError(f"columns: expected some of one length, got lengths {sorted(lengths)}")
        return cls._parse_columns(columns, lengths.pop(), [])

    @classmethod
    def row_problems(cls, arrays: Mapping[str, NDArray[Any]]) -> Iterable[Problem]:
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

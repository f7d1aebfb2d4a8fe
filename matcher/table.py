"""Tables of columns: records in, immutable arrays out, every problem told at once."""

import dataclasses
import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, NamedTuple, Self

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


def _parse(
    name: str, column: Column, raw: Sequence[Any], problems: list[Problem]
) -> NDArray[Any] | Coded:
    """Parse one column, by its few values where it can be; note what is refused."""
    stored = _parse_alike(column, raw.values if isinstance(raw, Coded) else raw)
    if stored is not None and isinstance(raw, Coded):
        stored = _picked(stored, raw.position)
    if stored is None:
        stored = _parse_each(name, column, raw, problems)
    return stored


def _picked(few: NDArray[Any] | Coded, position: NDArray[np.intp]) -> NDArray[Any] | Coded:
    """Put the few parsed values of a column where they stand."""
    if isinstance(few, Coded):
        return Coded(few.values, few.position[position])
    return few[position]


def _parse_alike(column: Column, raw: Sequence[Any]) -> NDArray[Any] | Coded | None:
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
    try:
        numbers = np.array(raw, dtype=np.float64)
    except OverflowError:  # a whole number that no float holds
        return None
    return numbers if within(bounds, numbers) else None


def within(bounds: tuple[float, float], numbers: NDArray[np.float64]) -> bool:
    """Tell whether all numbers are finite and within bounds, or unknown."""
    low, high = bounds
    inside = np.isfinite(numbers) & (low <= numbers) & (numbers <= high)
    return bool((inside | np.isnan(numbers)).all())


def _parse_distinct(column: Column, keys: Sequence[Any]) -> Coded | None:
    """Parse each distinct value once; None where any is refused."""
    try:
        known = Coded.of(keys)
        return Coded(parse_distinct(column, known.values), known.position)
    except (Refused, TypeError):  # not hashable: a list within a list
        return None


def parse_distinct(column: Column, values: Sequence[Any]) -> list[Any]:
    """Return values as they are stored.

    Raises
    ------
    Refused
        Where any is not what the column expects.
    """
    if column.longest and set(map(type, values)) == {str} and _are_texts(values, column.longest):
        return list(values)
    return [parsed(column, value) for value in values]


def _are_texts(texts: Sequence[str], longest: int) -> bool:
    """Tell whether none is blank and none too long, as for each of them alone."""
    return all(map(str.strip, texts)) and max(map(len, texts)) <= longest


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


class Parsed(NamedTuple):
    """Columns ready for a table.

    Parameters
    ----------
    arrays
        Immutable, by name.
    coded
        The same by their few values, where those are known.
    """

    arrays: dict[str, NDArray[Any]]
    coded: dict[str, Coded]


def parsed_columns(
    columns: Mapping[str, Column], read: Callable[[str, Column], NDArray[Any] | Coded]
) -> Parsed:
    """Return columns as they are read, one after another."""
    arrays, coded = dict[str, NDArray[Any]](), dict[str, Coded]()
    for name, column in columns.items():
        stored = read(name, column)
        arrays[name] = _as_array(column, stored)
        if isinstance(stored, Coded) and column.dtype == np.dtype(object):
            coded[name] = stored
    return Parsed(arrays, coded)


def _as_array(column: Column, stored: NDArray[Any] | Coded) -> NDArray[Any]:
    """Return a column as the immutable array that a table holds."""
    if isinstance(stored, Coded):
        few = np.fromiter(stored.values, dtype=column.dtype, count=len(stored.values))
        stored = few[stored.position]
    stored.setflags(write=False)
    return stored


def _repeated(name: str, stored: NDArray[Any]) -> Iterable[Problem]:
    if len(set(stored.tolist())) == len(stored):
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
    def _parse_records(cls, records: Iterable[Mapping[str, Any]]) -> Parsed:
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
    ) -> Parsed:
        """Return all columns parsed; raise where there are problems, here or before."""
        parsed = parsed_columns(
            cls.columns(),
            lambda name, column: (
                _parse(name, column, cells.get(name, (None,) * size), problems)
                if name in cells or column.required
                else np.full(size, column.missing, dtype=column.dtype)
            ),
        )
        for name in (n for n, column in cls.columns().items() if column.unique):
            problems.extend(_repeated(name, parsed.arrays[name]))
        problems.extend(cls.row_problems(parsed.arrays))
        if problems:
            raise InvalidRecords(cls.__name__, problems)
        return parsed

    @classmethod
    def _parse_mapping(cls, columns: Mapping[str, Sequence[Any]]) -> Parsed:
        """Return values given by column, parsed; a column that is missing is unknown."""
        known = cls.columns()
        if stray := [name for name in columns if name not in known]:
            raise InvalidRecords(cls.__name__, [Problem(0, n, None, NO_FIELD) for n in stray])
        lengths = {len(values) for values in columns.values()}
        if len(lengths) != 1:
            raise ValueError(f"columns: expected some of one length, got lengths {sorted(lengths)}")
        return cls._parse_columns(columns, lengths.pop(), [])

    @classmethod
    def of(cls, parsed: Parsed, **more: Any) -> Self:
        """Return the table of parsed columns; it keeps what is known of their few values."""
        table = cls(**parsed.arrays, **more)
        table._coded.update(parsed.coded)
        return table

    @cached_property
    def _coded(self) -> dict[str, Coded]:
        return {}

    def coded(self, name: str) -> Coded:
        """Return a column of texts or lists by its few values, numbered when first asked for."""
        if name not in self._coded:
            self._coded[name] = Coded.of(getattr(self, name))
        return self._coded[name]

    def __getstate__(self) -> dict[str, Any]:
        """Return the columns alone: their few values are soon numbered again."""
        return {name: value for name, value in self.__dict__.items() if name != "_coded"}

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

"""Validated, immutable columns: how records become arrays and what may stand in them.

A table is a frozen dataclass whose fields are declared with the functions of this module; the
declaration is the schema. Unknown is a state of its own in every column: ``NaN`` in numbers,
``-1`` in flags, ``NaT`` in dates, ``None`` elsewhere. An empty list is known: *asked, and none*.
"""

import dataclasses
import datetime as dt
import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Dates = NDArray[np.datetime64]
Objects = NDArray[np.object_]

UNKNOWN = -1
"""A flag that nobody has answered."""


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


class _Refused(ValueError):  # noqa: N818 - never leaves this module
    """A value that is not what the column expects; carries the expectation."""


@dataclass(frozen=True)
class Column:
    """What may stand in one field, and how it is stored.

    Parameters
    ----------
    parse
        Turns one known value into what is stored; raises on anything unexpected.
    dtype
        NumPy type of the column.
    missing
        What stands for unknown.
    doc
        What the field means.
    unit
        Unit of a number; empty where there is none.
    required
        Unknown is refused.
    unique
        The same value twice is refused.
    """

    parse: Callable[[Any], Any]
    dtype: np.dtype[Any]
    missing: Any
    doc: str
    unit: str = ""
    required: bool = False
    unique: bool = False


_OBJECT = np.dtype(object)


def _declare(column: Column) -> Any:
    return field(metadata={"column": column})


def _text_of(value: Any, limit: int = 20_000) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise _Refused(f"a text of 1 to {limit} characters")
    return value


def key(doc: str) -> Any:
    """Declare the column that names a row: a text, known and unique."""
    return _declare(
        Column(lambda v: _text_of(v, 100), _OBJECT, None, doc, required=True, unique=True)
    )


def text(doc: str, *, required: bool = False) -> Any:
    """Declare a column of free text."""
    return _declare(Column(_text_of, _OBJECT, None, doc, required=required))


def code(doc: str, pattern: str, expected: str) -> Any:
    """Declare a column of codes that match a regular expression."""
    compiled = re.compile(pattern)

    def parse(value: Any) -> str:
        return _code_of(value, compiled, expected)

    return _declare(Column(parse, _OBJECT, None, doc))


def choice(doc: str, *choices: str, required: bool = False) -> Any:
    """Declare a column that holds one of a few words."""
    return _declare(Column(lambda v: _choice_of(v, choices), _OBJECT, None, doc, required=required))


def number(doc: str, unit: str, low: float = 0.0, high: float = math.inf) -> Any:
    """Declare a column of numbers in ``[low, high]``; NaN is unknown."""

    def parse(value: Any) -> float:
        return _number_of(value, low, high)

    return _declare(Column(parse, np.dtype(np.float64), math.nan, doc, unit))


def flag(doc: str) -> Any:
    """Declare a column of yes (1), no (0) and unknown (-1)."""
    return _declare(Column(_flag_of, np.dtype(np.int8), UNKNOWN, doc))


def date(doc: str) -> Any:
    """Declare a column of days; NaT is unknown."""
    return _declare(Column(_date_of, np.dtype("datetime64[D]"), np.datetime64("NaT", "D"), doc))


def words(doc: str, *choices: str) -> Any:
    """Declare a column of lists of words, of any words where no choices are given."""

    def parse(value: Any) -> tuple[str, ...]:
        items = _items_of(value)
        checked = (_choice_of(v, choices) for v in items) if choices else map(_text_of, items)
        return tuple(dict.fromkeys(checked))

    return _declare(Column(parse, _OBJECT, None, doc))


def codes(doc: str, pattern: str, expected: str) -> Any:
    """Declare a column of lists of codes that match a regular expression."""
    compiled = re.compile(pattern)

    def parse(value: Any) -> tuple[str, ...]:
        found = (_code_of(item, compiled, expected) for item in _items_of(value))
        return tuple(dict.fromkeys(found))

    return _declare(Column(parse, _OBJECT, None, doc))


def amounts(doc: str, unit: str, pattern: str = r".+", expected: str = "a text") -> Any:
    """Declare a column of mappings from a code to a number of at least zero."""
    compiled = re.compile(pattern)

    def parse(value: Any) -> tuple[tuple[str, float], ...]:
        if not isinstance(value, Mapping):
            raise _Refused(f"a mapping from {expected} to {unit}")
        pairs = value.items()
        return tuple((_code_of(k, compiled, expected), _number_of(v, 0, 1e9)) for k, v in pairs)

    return _declare(Column(parse, _OBJECT, None, doc, unit))


def _code_of(value: Any, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _Refused(expected)
    return value


def _choice_of(value: Any, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise _Refused("one of " + ", ".join(choices))
    return str(value)


def _number_of(value: Any, low: float, high: float) -> float:
    is_number = isinstance(value, int | float | np.integer | np.floating)
    if not is_number or isinstance(value, bool) or not low <= float(value) <= high:
        raise _Refused(f"a number from {low:g} to {high:g}")
    if math.isinf(float(value)):
        raise _Refused("a finite number")
    return float(value)


def _flag_of(value: Any) -> int:
    if not isinstance(value, bool | np.bool_):
        raise _Refused("true, false or unknown")
    return int(value)


def _date_of(value: Any) -> np.datetime64:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError as error:
            raise _Refused("a day that exists, as YYYY-MM-DD") from error
    if not isinstance(value, dt.date | np.datetime64):
        raise _Refused("a date, or a text as YYYY-MM-DD")
    return np.datetime64(value).astype("datetime64[D]")  # type: ignore[no-any-return]


def _items_of(value: Any) -> Iterable[Any]:
    if not isinstance(value, list | tuple | set | frozenset | np.ndarray):
        raise _Refused("a list")
    return sorted(value) if isinstance(value, set | frozenset) else value


def _is_missing(value: Any) -> bool:
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    return isinstance(value, np.datetime64) and bool(np.isnat(value))


def _parse(name: str, column: Column, raw: Sequence[Any], problems: list[Problem]) -> NDArray[Any]:
    stored = np.empty(len(raw), dtype=column.dtype)
    for row, value in enumerate(raw):
        stored[row] = column.missing
        if _is_missing(value):
            if column.required:
                problems.append(Problem(row, name, value, "a value: this field is required"))
            continue
        try:
            stored[row] = column.parse(value)
        except _Refused as refusal:
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
    def columns(cls) -> dict[str, Column]:
        """Return the declared columns by name."""
        fields = dataclasses.fields(cls)
        return {f.name: f.metadata["column"] for f in fields if "column" in f.metadata}

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
        values = {name: plain(getattr(self, name)[row]) for name in self.columns()}
        flags = {n for n, c in self.columns().items() if c.dtype == np.int8}
        return {
            name: bool(value) if name in flags else value
            for name, value in values.items()
            if value is not None and not (name in flags and value == UNKNOWN)
        }


def plain(value: Any) -> Any:
    """Return one cell of a column as a plain Python value; unknown is None."""
    if _is_missing(value):
        return None
    if isinstance(value, tuple):
        pairs = bool(value) and isinstance(value[0], tuple)
        return dict(value) if pairs else list(value)
    return value.item() if isinstance(value, np.generic) else value


def frame_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as records; NaN, NaT and NA become unknown."""
    rows = frame.to_dict("records")
    return [{str(k): None if _is_missing(v) else v for k, v in row.items()} for row in rows]

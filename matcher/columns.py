"""Columns: what may stand in one, how unknown is kept, and how a value is checked.

A table is a frozen dataclass whose fields are declared with the functions of this module; the
declaration is the schema. Unknown is a state of its own in every column: ``NaN`` in numbers,
``-1`` in flags, ``NaT`` in dates, ``None`` elsewhere. An empty list is known: *asked, and none*.
"""

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Dates = NDArray[np.datetime64]
Objects = NDArray[np.object_]

UNKNOWN = -1
"""A flag that nobody has answered."""


class Refused(ValueError):  # noqa: N818 - never leaves the package
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
    bounds
        Least and greatest number admitted; None where no number is stored.
    holds
        One value, a list of texts, or amounts by code.
    longest
        Most characters of a free text; 0 where no free text is stored.
    """

    parse: Callable[[Any], Any]
    dtype: np.dtype[Any]
    missing: Any
    doc: str
    unit: str = ""
    required: bool = False
    unique: bool = False
    bounds: tuple[float, float] | None = None
    holds: Literal["value", "list", "amounts"] = "value"
    longest: int = 0


_OBJECT = np.dtype(object)


def _declare(column: Column) -> Any:
    return field(metadata={"column": column})


LONGEST_TEXT, LONGEST_KEY = 20_000, 100
"""Most characters of a text, and of an id."""


def _text_of(value: Any, limit: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise Refused(f"a text of 1 to {limit} characters")
    return value


def key(doc: str) -> Any:
    """Declare the column that names a row: a text, known and unique."""
    column = Column(
        lambda v: _text_of(v, LONGEST_KEY),
        _OBJECT,
        None,
        doc,
        required=True,
        unique=True,
        longest=LONGEST_KEY,
    )
    return _declare(column)


def text(doc: str, *, required: bool = False) -> Any:
    """Declare a column of free text."""
    return _declare(Column(_text_of, _OBJECT, None, doc, required=required, longest=LONGEST_TEXT))


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

    column = Column(parse, np.dtype(np.float64), math.nan, doc, unit, bounds=(low, high))
    return _declare(column)


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

    return _declare(Column(parse, _OBJECT, None, doc, holds="list"))


def codes(doc: str, pattern: str, expected: str) -> Any:
    """Declare a column of lists of codes that match a regular expression."""
    compiled = re.compile(pattern)

    def parse(value: Any) -> tuple[str, ...]:
        found = (_code_of(item, compiled, expected) for item in _items_of(value))
        return tuple(dict.fromkeys(found))

    return _declare(Column(parse, _OBJECT, None, doc, holds="list"))


def amounts(doc: str, unit: str, pattern: str = r".+", expected: str = "a text") -> Any:
    """Declare a column of mappings from a code to a number of at least zero."""
    compiled = re.compile(pattern)

    def parse(value: Any) -> tuple[tuple[str, float], ...]:
        if not isinstance(value, Mapping):
            raise Refused(f"a mapping from {expected} to {unit}")
        pairs = value.items()
        return tuple((_code_of(k, compiled, expected), _number_of(v, 0, 1e9)) for k, v in pairs)

    return _declare(Column(parse, _OBJECT, None, doc, unit, holds="amounts"))


def _code_of(value: Any, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused(expected)
    return value


def _choice_of(value: Any, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise Refused("one of " + ", ".join(choices))
    return str(value)


def _number_of(value: Any, low: float, high: float) -> float:
    is_number = isinstance(value, int | float | np.integer | np.floating)
    if not is_number or isinstance(value, bool) or not low <= value <= high:
        raise Refused(f"a number from {low:g} to {high:g}")
    if math.isinf(float(value)):
        raise Refused("a finite number")
    return float(value)


def _flag_of(value: Any) -> int:
    if not isinstance(value, bool | np.bool_):
        raise Refused("true, false or unknown")
    return int(value)


def _date_of(value: Any) -> np.datetime64:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError as error:
            raise Refused("a day that exists, as YYYY-MM-DD") from error
    if not isinstance(value, dt.date | np.datetime64):
        raise Refused("a date, or a text as YYYY-MM-DD")
    day = value.date() if isinstance(value, dt.datetime) else value
    return np.datetime64(day).astype("datetime64[D]")  # type: ignore[no-any-return]


def _items_of(value: Any) -> Iterable[Any]:
    if not isinstance(value, list | tuple | set | frozenset | np.ndarray):
        raise Refused("a list")
    return sorted(value, key=str) if isinstance(value, set | frozenset) else value


def numbered(values: Sequence[Hashable] | Objects) -> tuple[list[Any], NDArray[np.intp]]:
    """Return the distinct values in the order in which they came, and the position of each.

    Examples
    --------
    >>> distinct, position = numbered(["b", "a", "b"])
    >>> distinct, position.tolist()
    (['b', 'a'], [0, 1, 0])
    """
    numbering = Numbering()
    position = numbering.add(values)
    return numbering.values(), position


class Numbering:
    """Numbers distinct values in the order in which they come, some rows at a time."""

    def __init__(self) -> None:
        self._known: defaultdict[Any, int] = defaultdict(count().__next__)

    def add(self, values: Sequence[Hashable] | Objects) -> NDArray[np.intp]:
        """Return the number of each value, a new one for what did not come before."""
        known = self._known.__getitem__
        return np.fromiter(map(known, values), dtype=np.intp, count=len(values))

    def values(self) -> list[Any]:
        """Return the distinct values so far, by number."""
        return list(self._known)


class Coded(Sequence[Any]):
    """A column as its few values and where each row finds its own.

    Parameters
    ----------
    values
        All values of the column; seldom, one may stand twice, or for no row.
    position
        Position of each row's value, of shape (n,).

    Examples
    --------
    >>> column = Coded.of(["b", "a", "b"])
    >>> column.values, column.position.tolist(), column.each(str.upper).tolist()
    (['b', 'a'], [0, 1, 0], ['B', 'A', 'B'])
    """

    @classmethod
    def of(cls, values: Sequence[Hashable] | Objects) -> "Coded":
        """Return any values by their distinct ones."""
        return cls(*numbered(values))

    def __init__(self, values: Sequence[Any], position: NDArray[np.intp]) -> None:
        self.values = values
        self.position = position

    @classmethod
    def of_numbers(cls, numbers: NDArray[Any]) -> "Coded":
        """Return numbers by their distinct ones; all NaN are one."""
        if len(numbers) == 1:  # a patch asks of one offer
            return cls(numbers.tolist(), np.zeros(1, dtype=np.intp))
        position, distinct = pd.factorize(numbers, use_na_sentinel=False)
        return cls(distinct.tolist(), position)

    def __len__(self) -> int:
        return len(self.position)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice | np.ndarray):
            return Coded(self.values, self.position[row])
        return self.values[self.position[row]]

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.position.tolist())

    def array(self) -> Objects:
        """Return the value of each row, of shape (n,)."""
        return np.fromiter(self.values, dtype=object, count=len(self.values))[self.position]

    def each(self, derive: Callable[[Any], Any], dtype: Any = object) -> NDArray[Any]:
        """Return what follows from the value of each row, of shape (n,); derived once a value."""
        derived = np.empty(len(self.values), dtype=dtype)
        for at, value in enumerate(self.values):
            derived[at] = derive(value)
        return derived[self.position]


def combined(*positions: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return a row of each distinct combination, the first, and the combination of each row.

    Parameters
    ----------
    positions
        Whole numbers from -1, each of shape (n,).

    Examples
    --------
    >>> first, alike = combined(np.array([0, 1, 0, 1]), np.array([5, 5, 5, -1]))
    >>> first.tolist(), alike.tolist()
    ([0, 1, 3], [0, 1, 0, 2])
    """
    alike = np.zeros(len(positions[0]), dtype=np.intp)
    if len(alike) == 1:  # a patch asks of one offer
        return alike, alike
    for more in positions:
        width = int(more.max(initial=-1)) + 2
        alike = pd.factorize(alike * width + (more + 1))[0]
    first = np.empty(int(alike.max(initial=-1)) + 1, dtype=np.intp)
    first[alike[::-1]] = np.arange(len(alike) - 1, -1, -1)
    return first, alike


def or_zero(numbers: Floats) -> Floats:
    """Return numbers with 0 where they are unknown."""
    return np.where(np.isnan(numbers), 0.0, numbers)


def is_missing(value: Any) -> bool:
    """Tell whether a value stands for unknown."""
    if isinstance(value, str):  # what most cells hold
        return False
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    return isinstance(value, np.datetime64) and bool(np.isnat(value))


def are_unknown(column: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which values of a column are unknown, of its shape."""
    if column.dtype == np.int8:
        return np.asarray(column == UNKNOWN)
    if column.dtype == _OBJECT:
        return np.asarray(column == None, dtype=np.bool_)  # noqa: E711 - of each value
    return np.asarray(np.isnat(column) if column.dtype.kind == "M" else np.isnan(column))


def plain(value: Any, *, mapping: bool = False) -> Any:
    """Return one cell of a column as a plain Python value; unknown is None."""
    if is_missing(value):
        return None
    if isinstance(value, tuple):
        return dict(value) if mapping else list(value)
    return value.item() if isinstance(value, np.generic) else value

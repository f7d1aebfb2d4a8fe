"""Answers about one offer, remembered by the values that were read to find them.

A new offer has values seen before in most of its fields. What a function answers of a market of one
row depends on the cells it reads there and on nothing else; so its answer is kept under those
cells, in the order in which it read them, and holds for every offer that has the same. The function
itself stays the one written for columns: there is no second one for a row.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Coded, Column, Refused
from matcher.market import Market
from matcher.table import parsed

T = TypeVar("T")
Cells = Mapping[str, Any]
"""What the columns of a market store of one offer; unknown is each column's own ``missing``."""

COLUMNS: Mapping[str, Column] = Market.columns()

KEPT = 1 << 12
"""Answers that a function keeps; with one more it starts anew."""


def cells_of(record: Mapping[str, Any]) -> Cells | None:
    """Return a record as cells; None where any value, or a name of a field, is refused."""
    cells = MISSING.copy()
    try:
        for name, value in record.items():
            kind = type(value)
            key = tuple(value) if kind is list else value
            known = _KNOWN[name].get(kind, NONE)
            cells[name] = known[key] if key in known else _read(name, kind, key, value)
    except (Refused, KeyError, TypeError):
        return None
    return None if any(cells[name] is None for name in REQUIRED) else cells


def _read(name: str, kind: type, key: Any, value: Any) -> Any:
    """Read a value as the table does, and remember it where equal ones are read alike."""
    stored = parsed(COLUMNS[name], value)
    known = _KNOWN[name].get(kind)
    rare = (kind is str and len(value) > LONG) or (kind is float and value == 0.0)
    if known is not None and not rare:
        if len(known) >= KEPT:
            known.clear()
        known[key] = stored
    return stored


def cells_at(market: Market, row: int) -> Cells:
    """Return the cells of one offer of a market."""
    held = {name: getattr(market, name)[row] for name in COLUMNS}
    return {name: _cell(COLUMNS[name], value) for name, value in held.items()}


def _cell(column: Column, value: Any) -> Any:
    """A stored value as a key: plain, and the one missing value where it is unknown."""
    if column.dtype.kind == "M":
        return column.missing if np.isnat(value) else value
    if column.dtype.kind == "f":
        return column.missing if np.isnan(value) else float(value)
    return value if column.dtype.kind == "O" else int(value)


def market_of(rows: Sequence[Cells], as_of: np.datetime64) -> Market:
    """Return offers given by their cells as a market."""
    return Market(**{name: _stored(name, rows) for name in COLUMNS}, as_of=as_of)


def _stored(name: str, rows: Sequence[Cells]) -> NDArray[Any]:
    column = COLUMNS[name]
    stored = np.empty(len(rows), dtype=column.dtype)
    for row, cells in enumerate(rows):
        stored[row] = cells[name]  # one by one: a tuple is a value here, not an array
    stored.setflags(write=False)
    return stored


class OneRow:
    """A market of one row that notes which of its columns are read, in order.

    Parameters
    ----------
    cells
        The offer.
    as_of
        The day on which the market stands.
    """

    def __init__(self, cells: Cells, as_of: np.datetime64) -> None:
        self.as_of = as_of
        self.read: list[str] = []
        self._cells = cells

    def __len__(self) -> int:
        return 1

    def coded(self, name: str) -> Coded:
        """Return a column of texts or lists by its one value."""
        return Coded.of(getattr(self, name))

    def __getattr__(self, name: str) -> NDArray[Any]:
        """Make a column when it is read for the first time."""
        if name not in COLUMNS:
            raise AttributeError(f"a market of one offer has no {name!r}")
        self.read.append(name)
        column = _stored(name, (self._cells,))
        setattr(self, name, column)
        return column


class _Step:
    """What is read next, and where each value leads: to another step, or to an answer."""

    __slots__ = ("field", "ways")

    def __init__(self, field: str) -> None:
        self.field = field
        self.ways: dict[Any, Any] = {}


class _Answer:
    __slots__ = ("told",)

    def __init__(self, told: Any) -> None:
        self.told = told


class Recalled(Generic[T]):
    """A function of a market of one row that remembers what it answered.

    It must depend on that row alone, by columns it reads, and keep nothing between two calls that
    would hide what it read: each call gets a market of its own.

    Parameters
    ----------
    ask
        The function. What it returns must not be changed.
    as_of
        The day on which the market stands.
    """

    def __init__(self, ask: Callable[[Market], T], as_of: np.datetime64) -> None:
        self._ask = ask
        self._as_of = as_of
        self._first: Any = None
        self._kept = 0

    def of(self, cells: Cells) -> T:
        """Return the answer for an offer."""
        at = self._first
        while type(at) is _Step:
            at = at.ways.get(cells[at.field])
        if at is None:
            at = self._learn(cells)
        told: T = at.told
        return told

    def _learn(self, cells: Cells) -> _Answer:
        one = OneRow(cells, self._as_of)
        answer = _Answer(self._ask(cast("Market", one)))
        if self._kept >= KEPT:
            self._first, self._kept = None, 0
        self._kept += 1
        self._first = _extended(self._first, one.read, cells, answer)
        return answer


def _extended(first: Any, read: Sequence[str], cells: Cells, answer: _Answer) -> Any:
    """The steps with one more path through them; a path that contradicts them replaces them."""
    if not read:
        return answer
    if type(first) is not _Step or first.field != read[0]:
        first = _Step(read[0])
    key = cells[read[0]]
    first.ways[key] = _extended(first.ways.get(key), read[1:], cells, answer)
    return first


MISSING: dict[str, Any] = {name: column.missing for name, column in COLUMNS.items()}
REQUIRED = tuple(name for name, column in COLUMNS.items() if column.required)

REMEMBERED = (str, float, bool, dt.date, list, type(None))
"""Types of which equal values are read alike; of zeros, which may have a sign, each is read."""

LONG = 60
"""Letters of a text that is hardly seen twice."""

NONE: dict[Any, Any] = {}
_KNOWN: dict[str, dict[type, dict[Any, Any]]] = {
    name: {kind: {} for kind in REMEMBERED} for name in COLUMNS
}
"""What values are stored as, by column and type: what equals it in another type may be refused."""

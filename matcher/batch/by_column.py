"""Arrow columns straight into a table's columns, each distinct value checked once.

This is the quick way for rows without a fault: no record is built. Where anything is refused the
answer is None, and the slow way, by records, says what is wrong and where.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.columns import Column, Refused, is_missing
from matcher.table import ColumnTable

Cells = NDArray[Any]


def by_column(rows: pa.Table, table: type[ColumnTable], more: Mapping[str, Any]) -> Any | None:
    """Return good rows as a table, or None where by records must be told what is wrong.

    Parameters
    ----------
    rows
        Arrow columns that the table knows.
    table
        ``Caseload`` or ``Market``.
    more
        Goes to the table, such as ``as_of``.
    """
    if not rows.num_rows:
        return None
    try:
        cells = {name: _cells(rows, name, column) for name, column in table.columns().items()}
    except (Refused, TypeError, pa.ArrowException):
        return None
    if next(iter(table.row_problems(cells)), None):
        return None
    days = {name: np.datetime64(day, "D") for name, day in more.items()}
    return table(**cells, **days)


def _cells(rows: pa.Table, name: str, column: Column) -> Cells:
    if name not in rows.column_names:
        cells = _picked(column, [], np.full(rows.num_rows, -1))
    else:
        cells = _READ[column.holds](rows[name].combine_chunks(), column)
    cells.setflags(write=False)
    return cells


def _values(array: Any, column: Column) -> Cells:
    distinct, position = _encoded(array)
    if column.unique and len(distinct) != len(array):
        raise Refused("a value of its own")
    return _picked(column, distinct, position)


def _lists(array: Any, column: Column) -> Cells:
    if not pa.types.is_list(array.type):
        raise Refused("list<string>")
    return _distinct_rows(column, array, _objects(array.flatten()), tuple)


def _amounts(array: Any, column: Column) -> Cells:
    if not pa.types.is_map(array.type) or array.offset:
        raise Refused("map<string, double>")
    first, last = array.offsets[0].as_py(), array.offsets[-1].as_py()
    names, numbers = (
        _objects(part.slice(first, last - first)) for part in (array.keys, array.items)
    )
    return _distinct_rows(column, array, list(zip(names, numbers, strict=True)), dict)


_READ = {"value": _values, "list": _lists, "amounts": _amounts}


def _distinct_rows(column: Column, array: Any, flat: Sequence[Any], held: Any) -> Cells:
    """Number the distinct rows of a column of sequences, and parse each as what it is `held` as."""
    ends = np.cumsum(_lengths(array)).tolist()
    known: dict[tuple[Any, ...], int] = {}
    position = [
        known.setdefault(tuple(flat[first:last]), len(known))
        for first, last in zip([0, *ends], ends, strict=False)
    ]
    given = array.is_valid().to_numpy(zero_copy_only=False)
    return _picked(column, [held(key) for key in known], np.where(given, position, -1))


def _lengths(array: Any) -> Cells:
    """Items of each row; 0 where it is null."""
    lengths = np.diff(array.offsets.to_numpy())
    return np.where(array.is_valid().to_numpy(zero_copy_only=False), lengths, 0)


def _objects(array: Any) -> list[Any]:
    distinct, position = _encoded(array)
    values = np.array([*distinct, None], dtype=object)
    found: list[Any] = values[position].tolist()
    return found


def _encoded(array: Any) -> tuple[list[Any], NDArray[np.int64]]:
    """Return the distinct values, and the position of each cell among them; -1 where null."""
    if pa.types.is_dictionary(array.type):
        raise Refused("plain values")
    encoded = array.dictionary_encode()
    position = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return encoded.dictionary.to_pylist(), position


def _picked(column: Column, distinct: Sequence[Any], position: Cells) -> Cells:
    """Parse the distinct values, and put each where it stands; position -1 is unknown."""
    if column.required and ((position < 0).any() or any(map(is_missing, distinct))):
        raise Refused("a value: this field is required")
    parsed = np.full(len(distinct) + 1, column.missing, dtype=column.dtype)
    for at, value in enumerate(distinct):
        if not is_missing(value):
            parsed[at] = column.parse(value)
    return parsed[position]

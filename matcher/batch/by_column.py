"""Arrow columns straight into a table's columns, each distinct value checked once.

This is the quick way for rows without a fault: no record is built. Where anything is refused the
answer is None, and the slow way, by records, says what is wrong and where.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from matcher.columns import UNKNOWN, Coded, Column, Refused
from matcher.table import ColumnTable, parse_distinct, parsed_columns, within

Cells = NDArray[Any]
Stored = Cells | Coded


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
        parsed = parsed_columns(table.columns(), lambda name, column: _read(rows, name, column))
    except (Refused, TypeError, pa.ArrowException):
        return None
    if next(iter(table.row_problems(parsed.arrays)), None):
        return None
    return table.of(parsed, **{name: np.datetime64(day, "D") for name, day in more.items()})


def _read(rows: pa.Table, name: str, column: Column) -> Stored:
    if name not in rows.column_names:
        if column.required:
            raise Refused("a value: this field is required")
        return np.full(rows.num_rows, column.missing, dtype=column.dtype)
    array = rows[name].combine_chunks()
    plain = _PLAIN.get(column.dtype)
    if plain is not None and (cells := plain(array, column)) is not None:
        return cells
    return _READ[column.holds](array, column)


# --- numbers, flags and days: read as they lie ---------------------------------------------------


def _numbers(array: Any, column: Column) -> Cells | None:
    """Numbers of any width; None where they are something else."""
    if not (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
        return None
    numbers = np.full(len(array), np.nan)
    given = array.is_valid().to_numpy(zero_copy_only=False)
    numbers[given] = array.drop_null().to_numpy(zero_copy_only=False)
    if column.bounds is None or not within(column.bounds, numbers):
        raise Refused("numbers within bounds")
    return numbers


def _flags(array: Any, column: Column) -> Cells | None:
    if not pa.types.is_boolean(array.type):
        return None
    answers: Cells = array.cast(pa.int8()).fill_null(UNKNOWN).to_numpy(zero_copy_only=False)
    return np.array(answers, dtype=np.int8)


def _days(array: Any, column: Column) -> Cells | None:
    if not pa.types.is_date32(array.type):
        return None
    return np.array(array.to_numpy(zero_copy_only=False), dtype=column.dtype)


_PLAIN: dict[np.dtype[Any], Callable[[Any, Column], Cells | None]] = {
    np.dtype(np.float64): _numbers,
    np.dtype(np.int8): _flags,
    np.dtype("datetime64[D]"): _days,
}


# --- texts, lists and amounts: by their few values ----------------------------------------------


def _values(array: Any, column: Column) -> Coded:
    distinct, position = _encoded(array)
    if column.unique and len(distinct) != len(array):
        raise Refused("a value of its own")
    return _parsed(column, distinct, position)


def _lists(array: Any, column: Column) -> Coded:
    if not pa.types.is_list(array.type):
        raise Refused("list<string>")
    items, item_of = _encoded(array.flatten())
    return _sequences(column, array, [*items, None], item_of, tuple)


def _amounts(array: Any, column: Column) -> Coded:
    if not pa.types.is_map(array.type) or array.offset:
        raise Refused("map<string, double>")
    first, last = array.offsets[0].as_py(), array.offsets[-1].as_py()
    (names, name_of), (numbers, number_of) = (
        _encoded(part.slice(first, last - first)) for part in (array.keys, array.items)
    )
    pairs = [(name, number) for name in [*names, None] for number in [*numbers, None]]
    width = len(numbers) + 1
    pair_of = (name_of % (len(names) + 1)) * width + number_of % width
    return _sequences(column, array, pairs, pair_of, dict)


_READ = {"value": _values, "list": _lists, "amounts": _amounts}


def _sequences(
    column: Column, array: Any, items: list[Any], item_of: Cells, held: Callable[[Any], Any]
) -> Coded:
    """Parse the distinct rows of a column of sequences, each as what it is `held` as."""
    lengths = _lengths(array)
    starts = np.cumsum(lengths) - lengths
    first, alike = _alike_rows(item_of, starts, lengths)
    distinct = [
        held(tuple(items[at] for at in item_of[begin : begin + length].tolist()))
        for begin, length in zip(starts[first].tolist(), lengths[first].tolist(), strict=True)
    ]
    given = array.is_valid().to_numpy(zero_copy_only=False)
    return _parsed(column, distinct, np.where(given, alike, -1))


def _alike_rows(item_of: Cells, starts: Cells, lengths: Cells) -> tuple[Cells, Cells]:
    """Return a row of each distinct sequence, and the sequence of each row.

    Rows are told apart item by item, as in a trie: what a row has been so far and its next item
    make a new number.
    """
    so_far, used = np.zeros(len(lengths), dtype=np.intp), 1
    width = int(item_of.max(initial=-1)) + 2
    for at in range(int(lengths.max(initial=0))):
        rows = np.flatnonzero(lengths > at)
        next_item = item_of[starts[rows] + at] + 1
        numbers, distinct = pd.factorize(so_far[rows] * width + next_item)
        so_far[rows] = used + numbers
        used += len(distinct)
    alike, numbers = pd.factorize(so_far)
    first = np.empty(len(numbers), dtype=np.intp)
    first[alike[::-1]] = np.arange(len(alike) - 1, -1, -1)
    return first, alike


def _lengths(array: Any) -> Cells:
    """Items of each row; 0 where it is null."""
    lengths = np.diff(array.offsets.to_numpy())
    return np.where(array.is_valid().to_numpy(zero_copy_only=False), lengths, 0)


def _encoded(array: Any) -> tuple[list[Any], NDArray[np.intp]]:
    """Return the distinct values, and the position of each cell among them; -1 where null."""
    if pa.types.is_dictionary(array.type):
        raise Refused("plain values")
    encoded = array.dictionary_encode()
    position = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return encoded.dictionary.to_pylist(), position.astype(np.intp)


def _parsed(column: Column, distinct: list[Any], position: Cells) -> Coded:
    """Parse the distinct values; position -1 is unknown."""
    unknown = position < 0
    values = parse_distinct(column, distinct)
    if not unknown.any():
        return Coded(values, position)
    if column.required:
        raise Refused("a value: this field is required")
    return Coded([*values, column.missing], np.where(unknown, len(values), position))

"""Good rows go on, bad rows are told apart: what is wrong with a block of rows."""

import dataclasses
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np

from matcher.batch.by_column import by_column
from matcher.batch.columnar import as_records
from matcher.batch.rows import Block, Rows, blocks, repeated
from matcher.table import ColumnTable, InvalidRecords, Problem

Table = TypeVar("Table", bound=ColumnTable)

COLUMN_ROWS, RECORD_ROWS = 250_000, 20_000
"""Rows of a whole table that are checked together: records take ten times their columns."""


class Checked(NamedTuple):
    """The good rows of a block as a table, and what is wrong with the others.

    Parameters
    ----------
    table
        A ``Caseload`` or ``Market`` of the good rows, in order.
    problems
        Everything wrong, with rows of the whole input.
    """

    table: Any
    problems: tuple[Problem, ...]


def check(block: Block, table: type[ColumnTable], again: Mapping[int, int], **more: Any) -> Checked:
    """Return the good rows of a block, and what is wrong with the others.

    Parameters
    ----------
    block
        Rows of an input.
    table
        ``Caseload`` or ``Market``.
    again
        Rows of the input whose id stood before, with the row where it stood first.
    more
        Goes to the table, such as ``as_of``.
    """
    return _good_at_once(block, table, again, more) or _by_records(block, table, again, more)


def _good_at_once(
    block: Block, table: type[ColumnTable], again: Mapping[int, int], more: Mapping[str, Any]
) -> Checked | None:
    """Return a block without a fault; None where there is one."""
    stop = block.start + block.rows.num_rows
    if any(block.start <= row < stop for row in again):
        return None
    whole = by_column(block.rows, table, more)
    return None if whole is None else Checked(whole, ())


def _check_in_parts(
    block: Block, table: type[ColumnTable], again: Mapping[int, int], more: Mapping[str, Any]
) -> Iterator[Checked]:
    """Yield a block without a fault whole, any other in parts whose records take little memory."""
    if whole := _good_at_once(block, table, again, more):
        yield whole
        return
    for at in range(0, block.rows.num_rows, RECORD_ROWS):
        part = Block(block.number, block.start + at, block.rows.slice(at, RECORD_ROWS))
        yield check(part, table, again, **more)


def _by_records(
    block: Block, table: type[ColumnTable], again: Mapping[int, int], more: Mapping[str, Any]
) -> Checked:
    records = dict(enumerate(as_records(block.rows, table), block.start))
    key = next(iter(table.columns()))
    problems = [
        Problem(row, key, records.pop(row)[key], f"a value of its own: row {first} has the same")
        for row, first in again.items()
        if row in records
    ]
    try:
        return Checked(_built(table, records, more), tuple(problems))
    except InvalidRecords as invalid:
        rows = list(records)
        problems += [dataclasses.replace(p, row=rows[p.row]) for p in invalid.problems]
    for problem in problems:
        records.pop(problem.row, None)
    ordered = sorted(problems, key=lambda p: (p.row, p.field))
    return Checked(_built(table, records, more), tuple(ordered))


def check_whole(rows: Rows, table: type[ColumnTable], **more: Any) -> Checked:
    """Return the good rows of a whole input as one table, and what is wrong with the others."""
    if len(rows) <= COLUMN_ROWS:  # whether an id comes twice is seen at once
        whole = next(blocks(rows, repeat(COLUMN_ROWS)), None)
        if whole and (good := _good_at_once(whole, table, {}, more)):
            return good
    again = repeated(rows, next(iter(table.columns())))
    parts = [
        part
        for block in blocks(rows, repeat(COLUMN_ROWS))
        for part in _check_in_parts(block, table, again, more)
    ]
    problems = tuple(problem for part in parts for problem in part.problems)
    tables = [part.table for part in parts] or [_built(table, {}, more)]
    return Checked(_joined(tables), problems)


def _built(table: type[ColumnTable], records: Mapping[int, Any], more: Mapping[str, Any]) -> Any:
    return table.from_records(records.values(), **more)  # type: ignore[attr-defined]


def _joined(tables: list[Table]) -> Table:
    if len(tables) == 1:
        return tables[0]
    columns = {
        name: np.concatenate([getattr(table, name) for table in tables])
        for name in tables[0].columns()
    }
    for column in columns.values():
        column.setflags(write=False)
    return dataclasses.replace(tables[0], **columns)

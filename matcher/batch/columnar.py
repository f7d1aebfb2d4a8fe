"""Records as Arrow tables and back: what stands in the columns of a Parquet file.

Numbers are doubles, flags booleans, dates ``date32``, lists ``list<string>`` and amounts by code
``map<string, double>``. On the way in, amounts may also be a struct, or JSON in a text. Null is
unknown, an empty list is known: *asked, and none*.
"""

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.batch.errors import BatchRefused
from matcher.columns import Column
from matcher.table import ColumnTable

_LISTS = {"list": pa.list_(pa.string()), "amounts": pa.map_(pa.string(), pa.float64())}
_VALUES = {np.dtype(np.float64): pa.float64(), np.dtype(np.int8): pa.bool_()}
_DAYS = np.dtype("datetime64[D]")


def arrow_schema(table: type[ColumnTable]) -> pa.Schema:
    """Return the Arrow schema of a table's records.

    Examples
    --------
    >>> from matcher import Caseload
    >>> str(arrow_schema(Caseload).field("exclusion_areas").type)
    'list<item: string>'
    """
    return pa.schema([(name, _arrow_type(c)) for name, c in table.columns().items()])


def _arrow_type(column: Column) -> Any:
    if column.holds in _LISTS:
        return _LISTS[column.holds]
    if column.dtype == _DAYS:
        return pa.date32()
    return _VALUES.get(column.dtype, pa.string())


def as_arrow(records: Iterable[Mapping[str, Any]], table: type[ColumnTable]) -> pa.Table:
    """Return records as an Arrow table with the columns of a table.

    Parameters
    ----------
    records
        As the engine reads them.
    table
        Whose columns: ``Caseload`` or ``Market``.
    """
    amounts = _amounts(table)
    rows = [{n: _pairs(v) if n in amounts else v for n, v in r.items()} for r in records]
    return pa.Table.from_pylist(rows, schema=arrow_schema(table))


def as_records(rows: pa.Table, table: type[ColumnTable]) -> list[dict[str, Any]]:
    """Return an Arrow table as records; what can't be read is left for the checks to name."""
    amounts = _amounts(table).intersection(rows.column_names)
    records: list[dict[str, Any]] = rows.to_pylist()
    for record in records:
        for name in amounts:
            record[name] = _mapping(record[name])
    return records


def require_columns(schema: pa.Schema, table: type[ColumnTable], where: str) -> None:
    """Refuse columns that no record has, and rows without an id.

    Raises
    ------
    BatchRefused
        Naming the file and the column.
    """
    known = list(table.columns())
    for stray in (name for name in schema.names if name not in known):
        near = difflib.get_close_matches(stray, known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise BatchRefused(f"{where}: no such column {stray!r}{hint}")
    if known[0] not in schema.names:
        raise BatchRefused(f"{where}: expected a column {known[0]!r}")


def packed(rows: pa.Table) -> bytes:
    """Return a table as an Arrow stream: the same bytes for the same rows."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows.combine_chunks())
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def unpacked(stream: bytes) -> pa.Table:
    """Return the table of an Arrow stream."""
    return pa.ipc.open_stream(stream).read_all()


def _amounts(table: type[ColumnTable]) -> set[str]:
    return {name for name, column in table.columns().items() if column.holds == "amounts"}


def _pairs(value: Any) -> Any:
    return list(value.items()) if isinstance(value, Mapping) else value


def _mapping(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, list):
        return dict(value)
    if isinstance(value, dict):
        return {name: amount for name, amount in value.items() if amount is not None}
    return value

"""Where the rows of a batch come from: Parquet files, or an Arrow table in memory."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq

from matcher.batch.columnar import packed
from matcher.batch.errors import BatchRefused

READ_ROWS = 65_536
"""Rows decoded at a time."""


class Block(NamedTuple):
    """Some rows in a row.

    Parameters
    ----------
    number
        Number of the block, from 0.
    start
        Position of its first row in the input.
    rows
        The rows.
    """

    number: int
    start: int
    rows: Any


class Rows(Protocol):
    """Rows of one input, in an order that does not change."""

    name: str

    @property
    def schema(self) -> pa.Schema:
        """Columns as they are stored."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def digest(self) -> str:
        """Return the SHA-256 of the rows as they are stored."""

    def ids(self, column: str) -> pa.ChunkedArray:
        """Return one column whole."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, a few thousand at a time."""


class ParquetRows:
    """Rows of a Parquet file, or of all ``*.parquet`` of a folder in order of name.

    Parameters
    ----------
    path
        File or folder.

    Raises
    ------
    BatchRefused
        Where there is nothing to read, or files differ in their columns.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.paths = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        if not self.paths:
            raise BatchRefused(f"{path}: expected *.parquet in it, found none")
        schemas = [_open(found).schema_arrow.remove_metadata() for found in self.paths]
        for found, schema in zip(self.paths, schemas, strict=True):
            if not schema.equals(schemas[0]):
                raise BatchRefused(f"{found}: its columns differ from those of {self.paths[0]}")
        self.schema = schemas[0]

    def __len__(self) -> int:
        return sum(_open(path).metadata.num_rows for path in self.paths)

    def digest(self) -> str:
        """Return the SHA-256 of the files, one after another."""
        total = hashlib.sha256()
        for path in self.paths:
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
        return total.hexdigest()

    def ids(self, column: str) -> pa.ChunkedArray:
        """Return one column whole."""
        return pa.concat_tables(_open(path).read([column]) for path in self.paths)[column]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, a few thousand at a time."""
        for path in self.paths:
            # one thread: the other cores have work, and clients don't wait behind the market
            yield from _open(path).iter_batches(READ_ROWS, use_threads=False)


class TableRows:
    """Rows of an Arrow table, such as those read from a database.

    Parameters
    ----------
    table
        The rows.
    name
        What the input is called.
    """

    def __init__(self, table: pa.Table, name: str) -> None:
        self.table = table
        self.name = name
        self.schema = table.schema.remove_metadata()

    @classmethod
    def joined(cls, tables: Iterable[pa.Table], name: str) -> Self:
        """Return the rows of several tables, one behind another."""
        return cls(pa.concat_tables(tables), name)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def digest(self) -> str:
        """Return the SHA-256 of the rows as an Arrow stream."""
        return hashlib.sha256(packed(self.table)).hexdigest()

    def ids(self, column: str) -> pa.ChunkedArray:
        """Return one column whole."""
        return self.table[column]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, a few thousand at a time."""
        return iter(self.table.to_batches(READ_ROWS))


def blocks(
    rows: Rows, sizes: Iterable[int], wanted: Collection[int] | None = None
) -> Iterator[Block]:
    """Yield the rows in blocks of such sizes; the wanted ones alone where they are given."""
    start = 0
    for index, table in enumerate(_cut(rows.batches(), sizes)):
        if wanted is None or index in wanted:
            yield Block(index, start, table)
        start += table.num_rows


def repeated(rows: Rows, column: str) -> dict[int, int]:
    """Return the rows whose id stood before, with the row where it stood first.

    Examples
    --------
    >>> repeated(TableRows(pa.table({"id": ["a", "b", None, "a", None, "a"]}), "t"), "id")
    {3: 0, 5: 0}
    """
    ids = rows.ids(column).to_pandas()
    again = ids[ids.notna() & ids.duplicated()]
    if again.empty:
        return {}
    alike = ids[ids.isin(again.unique())].drop_duplicates()
    first = dict(zip(alike, alike.index, strict=True))
    return {int(row): int(first[value]) for row, value in again.items()}


def _cut(batches: Iterator[pa.RecordBatch], sizes: Iterable[int]) -> Iterator[pa.Table]:
    pending: list[pa.RecordBatch] = []
    held = 0
    for size in sizes:
        while held < size and (batch := next(batches, None)) is not None:
            pending.append(batch)
            held += batch.num_rows
        if not held:
            return
        table = pa.Table.from_batches(pending)
        yield table.slice(0, size)
        pending, held = table.slice(size).to_batches(), max(0, held - size)


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise BatchRefused(f"{path}: there is no such file") from None
    except pa.ArrowInvalid:
        raise BatchRefused(f"{path}: expected a Parquet file") from None

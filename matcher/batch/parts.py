"""A block's results as the bytes of a Parquet file that says what run and clients it is of."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_RUN, _COUNTS = b"placement.run", b"placement.counts"


def encoded(rows: Any, run: str, counts: Mapping[str, int]) -> bytes:
    """Return results as a Parquet file: the same bytes for the same rows.

    Parameters
    ----------
    rows
        An Arrow table.
    run
        SHA-256 of the run's manifest.
    counts
        Clients of the block by what they got.
    """
    meta = {_RUN: run, _COUNTS: json.dumps(counts, sort_keys=True)}
    sink = pa.BufferOutputStream()
    pq.write_table(
        rows.replace_schema_metadata(meta),
        sink,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        row_group_size=1_000_000,
    )
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def counts_in(path: Path, run: str) -> dict[str, int] | None:
    """Return the counts that a part carries; None where there is none of this run."""
    try:
        meta = pq.read_schema(path).metadata or {}
    except (FileNotFoundError, pa.ArrowInvalid):
        return None
    if meta.get(_RUN) != run.encode():
        return None
    counts: dict[str, int] = json.loads(meta[_COUNTS])
    return counts

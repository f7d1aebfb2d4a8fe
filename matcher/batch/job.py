"""What a batch is: its inputs, what is asked, and the size of its blocks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from matcher.batch.build import build, reference_digest
from matcher.batch.columnar import require_columns
from matcher.batch.errors import BatchRefused
from matcher.batch.rows import Rows
from matcher.caseload import Caseload
from matcher.market import Market
from matcher.reference import ReferenceTables
from matcher.scoring.reference_path import PAIRS_A_BLOCK

MEMORY_MB = 256
"""What a worker may use for one block, beside the market and the libraries."""

WORKING_BYTES = 128 * PAIRS_A_BLOCK
"""What the engine holds while it looks at its pairs, whatever the size of a block (measured)."""

CLIENT_BYTES, SUGGESTION_BYTES = 8_000, 12_000
"""What a client of a block takes, and each suggestion with its reasons (measured, rounded up)."""

MOST_CLIENTS, MOST_SLATES, MOST_PAIRS = 2_000, 500, 500_000_000
"""Bounds of a block, so that little is lost with a worker and every worker has its share.

A full slate takes about eight times as long as a ranking.
"""

LAST_SHARE, LEAST_CLIENTS = 3, 500
"""A block is at most a third of what is left, so that none waits long for another's last block.

It does not become smaller than this: each costs a worker some 10 ms beside its clients.
"""


@dataclass(frozen=True)
class Batch:
    """One batch.

    Parameters
    ----------
    reference
        The reference tables.
    clients, opportunities
        The rows.
    as_of
        The day offers are judged on.
    k
        Suggestions a client gets at most.
    slates
        Full slates with pathways, intervals and reasons instead of the best offers by score.
    language
        Language of the words in a slate: ``en`` or ``km``.
    memory_mb
        What a worker may use for one block, beside the market and the libraries.

    Raises
    ------
    BatchRefused
        Where an input has a column that no record has, or a number is too small.
    """

    reference: ReferenceTables
    clients: Rows
    opportunities: Rows
    as_of: dt.date
    k: int = 5
    slates: bool = False
    language: str = "en"
    memory_mb: int = MEMORY_MB

    def __post_init__(self) -> None:
        require_columns(self.clients.schema, Caseload, self.clients.name)
        require_columns(self.opportunities.schema, Market, self.opportunities.name)
        if self.k < 1:
            raise BatchRefused(f"k: expected at least 1, got {self.k}")
        if (least := WORKING_BYTES // 1_000_000 + 8) > self.memory_mb:
            raise BatchRefused(f"memory: expected at least {least} MB, got {self.memory_mb}")

    @property
    def block_rows(self) -> int:
        """Clients of a block: what fits the memory, whatever the number of workers."""
        each = CLIENT_BYTES + (SUGGESTION_BYTES * self.k if self.slates else 0)
        fitting = (self.memory_mb * 1_000_000 - WORKING_BYTES) // each
        quick = MOST_PAIRS // max(1, len(self.opportunities))
        return max(1, min(fitting, quick, MOST_SLATES if self.slates else MOST_CLIENTS))

    @property
    def block_sizes(self) -> list[int]:
        """Clients of each block: the last are smaller, whatever the number of workers."""
        sizes, left = [], len(self.clients)
        least = min(LEAST_CLIENTS, self.block_rows)
        while left:
            size = min(left, max(least, min(self.block_rows, left // LAST_SHARE)))
            sizes.append(size)
            left -= size
        return sizes

    def manifest(self) -> dict[str, Any]:
        """Return all that the results depend on, as plain values."""
        return {
            "clients": {"rows": len(self.clients), "sha256": self.clients.digest()},
            "opportunities": {
                "rows": len(self.opportunities),
                "sha256": self.opportunities.digest(),
            },
            "reference": reference_digest(self.reference),
            "engine": build(),
            "as_of": self.as_of.isoformat(),
            "k": self.k,
            "slates": self.slates,
            "language": self.language if self.slates else None,
            "block_rows": self.block_rows,
            "blocks": len(self.block_sizes),
        }

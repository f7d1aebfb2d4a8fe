"""What every importer answers: records, problems and counts."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data.exchange.problem import Problem
from data.exchange.rejects import write_rejects

__all__ = ["Import", "Notes", "Record"]

Record = dict[str, Any]


@dataclass(frozen=True)
class Notes:
    """Counts of what a file told and did not tell.

    Parameters
    ----------
    rows_read
        Rows below the header that held anything.
    counts
        Named counts, such as `no_wage`, `discriminatory`, `occupation_not_told`.
    places_not_told
        Place texts that could not be turned into a geocode, with their number of rows.
    remarks
        Sentences about the file as a whole, such as columns that are absent.
    """

    rows_read: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    places_not_told: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain, JSON-ready values; texts by falling count."""
        return {
            "rows_read": self.rows_read,
            **self.counts,
            "places_not_told": dict(Counter(self.places_not_told).most_common()),
            "remarks": list(self.remarks),
        }


@dataclass(frozen=True)
class Import:
    """What a file holds.

    Parameters
    ----------
    records
        Records of the good rows, in row order.
    problems
        Every problem of every bad row.
    notes
        Counts over the good rows.
    skip_bad
        Whether the good rows may be stored although others are bad.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()
    notes: Notes = field(default_factory=Notes)
    skip_bad: bool = False

    @property
    def accepted(self) -> tuple[Record, ...]:
        """Records that may be stored: all or none, unless `skip_bad` was asked for."""
        return self.records if self.skip_bad or not self.problems else ()

    @property
    def bad_rows(self) -> int:
        """Number of rows with at least one problem."""
        return len({problem.row for problem in self.problems})

    def write_rejects(self, path: str | os.PathLike[str]) -> int:
        """Write every problem to a CSV or XLSX file; return the number of lines.

        Parameters
        ----------
        path
            File to write; its suffix decides the format.
        """
        return write_rejects(self.problems, path)

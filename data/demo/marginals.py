"""Marginals that the demo is drawn from: ``marginals.csv``, one number a row with its source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from data.demo.dice import Table

FOLDER = Path(__file__).parent
BASES = frozenset({"published", "recalled", "judgement"})


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one of the demo's tables.

    Parameters
    ----------
    name
        File name inside ``data/demo``, such as ``"jobs.csv"``.

    Raises
    ------
    ValueError
        When a row has no source or its basis is none of published, recalled, judgement.
    """
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    for line, row in enumerate(found, start=2):
        if not row.get("source") or row.get("basis") not in BASES:
            raise ValueError(
                f"{name}, row {line}: expected a source and a basis in {sorted(BASES)}, "
                f"got {row.get('source')!r} and {row.get('basis')!r}"
            )
    return found


@dataclass(frozen=True)
class Marginals:
    """Named numbers; a dot in a name groups the rows of one distribution."""

    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """Value of one row; ``KeyError`` names the row that is missing."""
        return self.values[name]

    def of(self, name: str, group: str) -> float:
        """Value for a group where there is one, else the value for all."""
        return self.values.get(f"{name}.{group}", self.values[name])

    def parts(self, name: str) -> Mapping[str, float]:
        """Rows of one distribution, by what stands after the dot."""
        return self._grouped[name]

    def table(self, name: str) -> Table[str]:
        """One distribution, ready to be drawn from."""
        return self._tables[name]

    @cached_property
    def _grouped(self) -> Mapping[str, Mapping[str, float]]:
        groups: dict[str, dict[str, float]] = {}
        for key, value in self.values.items():
            name, dot, part = key.partition(".")
            if dot:
                groups.setdefault(name, {})[part] = value
        return groups

    @cached_property
    def _tables(self) -> Mapping[str, Table[str]]:
        return {name: Table(parts) for name, parts in self._grouped.items()}


@cache
def marginals() -> Marginals:
    """Read the demo's marginals once."""
    return Marginals({row["name"]: float(row["value"]) for row in rows("marginals.csv")})

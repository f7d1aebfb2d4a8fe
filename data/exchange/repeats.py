"""Ids that stand twice in one file."""

from __future__ import annotations

import unicodedata

from data.exchange.problem import Problem, shorten
from data.exchange.rows import Reading

__all__ = ["repeated_ids"]


def repeated_ids(reading: Reading, field: str, column: str | None = None) -> list[Problem]:
    """Return a problem for each row whose id stands in an earlier row, in whatever case.

    Parameters
    ----------
    reading
        Records with their row numbers.
    field
        Field of the id.
    column
        Name of its column for the message; the field where None.
    """
    first: dict[str, int] = {}
    found = []
    for row, record in zip(reading.rows, reading.records, strict=True):
        identifier = record.get(field)
        if not identifier:
            continue
        key = unicodedata.normalize("NFKC", str(identifier)).casefold()
        if key in first:
            rule = f"an id that no other row has; row {first[key]} has it too"
            found.append(Problem(row, column or field, shorten(identifier), rule))
        first.setdefault(key, row)
    return found

"""schema.org JobPosting, as JSON or JSON-LD: one, a list, or a graph."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data.exchange.cells import BadValue
from data.exchange.context import Context, RowNotes
from data.exchange.json_tree import read_json
from data.exchange.limits import DEFAULT
from data.exchange.occupation import OccupationFinder
from data.exchange.posting_facts import posting_record
from data.exchange.problem import ImportRefused, Problem, shorten
from data.exchange.repeats import repeated_ids
from data.exchange.result import Import, Record
from data.exchange.rows import Reading
from data.exchange.vacancies import (
    content_id,
    finish_opportunity,
    opportunity_problems,
    vacancy_notes,
)
from data.reference import Reference

__all__ = ["read_job_postings"]

SOURCE = "jobposting"


def read_job_postings(
    path: str | os.PathLike[str], reference: Reference, *, skip_bad: bool = False
) -> Import:
    """Read vacancies from a file of schema.org `JobPosting` objects.

    Rows of problems are positions of the postings in the file, from 1.

    Parameters
    ----------
    path
        JSON or JSON-LD in UTF-8: an object, a list, or an object with `@graph`.
    reference
        Reference tables.
    skip_bad
        Accept the good postings although others are bad.

    Returns
    -------
    Import
        Opportunity records, problems, and counts of what was not told.

    Raises
    ------
    ImportRefused
        Not JSON, no posting in it, or nested or long beyond reason.

    References
    ----------
    schema.org, type JobPosting.
    """
    name = shorten(Path(path).name)
    postings = list(_postings(read_json(path)))
    if not postings:
        raise ImportRefused(f"{name}: no object of type JobPosting in the file")
    if len(postings) > DEFAULT.rows:
        raise ImportRefused(f"{name}: more than {DEFAULT.rows:,} postings")
    context, finder = Context(reference), OccupationFinder(reference)
    reading = Reading()
    for row, posting in enumerate(postings, start=1):
        _read(posting, row, reading, context, finder)
    reading.drop(repeated_ids(reading, "opportunity_id", "identifier"))
    same = _suffix_repeats(reading)
    remarks = (f"{same} postings repeat another word for word",) if same else ()
    notes = vacancy_notes(reading, len(postings), remarks)
    return Import(tuple(reading.records), tuple(reading.problems), notes, skip_bad)


def _postings(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the postings in the order of the file; the depth is bounded by `read_json`."""
    if isinstance(tree, list):
        for item in tree:
            yield from _postings(item)
    elif isinstance(tree, dict):
        if _is_posting(tree):
            yield tree
        else:
            for key in ("@graph", "itemListElement", "item", "mainEntity"):
                yield from _postings(tree.get(key))


def _is_posting(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type", node.get("type", ""))
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(str(kind).rsplit("/", 1)[-1].rsplit(":", 1)[-1] == "JobPosting" for kind in names)


def _read(
    posting: Mapping[str, Any],
    row: int,
    reading: Reading,
    context: Context,
    finder: OccupationFinder,
) -> None:
    notes = RowNotes()
    record: Record = {"kind": "vacancy"}
    problems: list[Problem] = []
    for key, fact in posting_record(posting, context, notes):
        if isinstance(fact, BadValue):
            problems.append(Problem(row, key, shorten(posting.get(key, "")), str(fact)))
        else:
            record.update(fact)
    problems = problems or list(opportunity_problems(record, row))
    if problems:
        reading.problems += problems
        return
    finish_opportunity(record, notes, context, finder)
    if "opportunity_id" not in record:
        record["_made"] = content_id(SOURCE, [("posting", json.dumps(posting, sort_keys=True))])
    reading.rows.append(row)
    reading.records.append(record)
    reading.notes.append(notes)


def _suffix_repeats(reading: Reading) -> int:
    """Give the made ids their number where one posting stands several times."""
    seen: dict[str, int] = {}
    named = []
    for record in reading.records:
        made = record.pop("_made", None)
        if made is not None:
            seen[made] = seen.get(made, 0) + 1
            record["opportunity_id"] = made if seen[made] == 1 else f"{made}-{seen[made]}"
        named.append({"opportunity_id": record["opportunity_id"], **record})
    reading.records = named
    return sum(count - 1 for count in seen.values())

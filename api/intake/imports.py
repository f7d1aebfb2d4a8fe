"""Stores what a file held, all of it in one transaction, and says what the screen finds."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from api.intake.writing import Progress, note_intake, nothing, write_clients, write_offers
from api.services import Services
from data.exchange import Import, ImportRefused, Problem
from matcher import Screen
from matcher.safety import Action, Verdict
from models import constraints

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
ID_RULE = "an id of 1 to 64 letters, digits, dots, dashes and underscores"
LONGEST = {
    "title": constraints.TITLE_LENGTH,
    "title_km": constraints.TITLE_LENGTH,
    "employer_name": constraints.TITLE_LENGTH,
    "description": constraints.TEXT_LENGTH,
    "place_text": 4 * constraints.TITLE_LENGTH,
}


class BadRows(ImportRefused):
    """A file with bad rows that nobody asked to leave out; nothing was written.

    Parameters
    ----------
    found
        What the file held.
    """

    def __init__(self, found: Import) -> None:
        super().__init__(f"{found.bad_rows} bad rows; nothing was written", found.problems)
        self.found = found


@dataclass(frozen=True)
class Stored:
    """What an import did.

    Parameters
    ----------
    found
        What the file held.
    written
        Ids of the rows that were written.
    there
        Rows whose id was in the store already; they are left as they are.
    """

    found: Import
    written: Sequence[str]
    there: int


@dataclass(frozen=True)
class Screened:
    """What the safety screen says of the offers of one file.

    Parameters
    ----------
    verdicts
        Offers by verdict.
    flags
        Offers by flag and what the flag asks for, most frequent first.
    """

    verdicts: Mapping[str, int]
    flags: Sequence[tuple[str, Action, int]]

    def as_dict(self) -> dict[str, Any]:
        """Return plain, JSON-ready values."""
        return {**self.verdicts, "flags": {code: count for code, _, count in self.flags}}


def fit(found: Import, key: str) -> Import:
    """Return what a file held without rows whose id or texts the store cannot take."""
    good, bad = [], []
    for record in found.records:
        problems = list(_unfit(record, key))
        bad += problems
        good += [] if problems else [record]
    if not bad:
        return found
    return replace(found, records=tuple(good), problems=(*found.problems, *bad))


def _unfit(record: Mapping[str, Any], key: str) -> list[Problem]:
    problems = []
    if not ID.fullmatch(str(record[key])):
        problems.append(Problem(None, key, str(record[key])[:80], ID_RULE))
    for field, longest in LONGEST.items():
        if len(record.get(field) or "") > longest:
            rule = f"a text of at most {longest:,} characters"
            problems.append(Problem(None, field, f"{record[key]}: {record[field][:40]}…", rule))
    return problems


def store_offers(
    services: Services, found: Import, source: str, who: str, progress: Progress = nothing
) -> Stored:
    """Write the offers of a file.

    Raises
    ------
    BadRows
        Where rows are bad and leaving them out was not asked for.
    """
    found = fit(found, "opportunity_id")
    records = _accepted(found)
    with services.database.writing() as session:
        written = write_offers(session, records, progress)
        read = found.notes.rows_read
        note_intake(session, who, "offers", source, read, len(written), **found.notes.counts)
    return Stored(found, written, len(records) - len(written))


def store_clients(
    services: Services, found: Import, source: str, who: str, progress: Progress = nothing
) -> Stored:
    """Write the clients of a file; nothing of them but counts is noted elsewhere.

    Raises
    ------
    BadRows
        Where rows are bad and leaving them out was not asked for.
    """
    found = fit(found, "client_id")
    records = _accepted(found)
    with services.database.writing() as session:
        written = write_clients(session, records, services.today(), who, progress)
        read = found.notes.rows_read
        note_intake(session, who, "clients", source, read, len(written), **found.notes.counts)
    return Stored(found, written, len(records) - len(written))


def _accepted(found: Import) -> Sequence[Mapping[str, Any]]:
    if found.problems and not found.skip_bad:
        raise BadRows(found)
    return found.accepted


def screened(services: Services, ids: Sequence[str]) -> Screened:
    """Return what the safety screen says of some offers of the store."""
    with services.database.reading() as session:
        view = services.markets.current(session, services.today())
    return _summary(view.screen, np.isin(view.market.opportunity_id.astype(str), list(ids)))


def _summary(screen: Screen, chosen: np.ndarray) -> Screened:
    counted = Counter(map(str, screen.verdict[chosen]))
    verdicts = {str(verdict): counted[str(verdict)] for verdict in Verdict}
    totals = screen.raised[chosen].sum(axis=0)
    flags = [
        (check.code, check.action, int(total))
        for check, total in zip(screen.checks, totals, strict=True)
        if total
    ]
    return Screened(verdicts, sorted(flags, key=lambda flag: (-flag[2], flag[0])))

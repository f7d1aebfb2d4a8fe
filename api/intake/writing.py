"""Writes records in bulk, households and employers before those who refer to them."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlmodel import Session, col

from api.officer.records import HOUSEHOLD_FIELDS
from models import revision
from models.base import Table, now
from models.client import Client
from models.employer import Employer
from models.household import Household
from models.intake import Intake
from models.opportunity import Opportunity
from models.registry import METADATA

Record = Mapping[str, Any]
Progress = Callable[[int], None]
ROWS_AT_ONCE = 1000


def nothing(_rows: int) -> None:
    """Report progress to nobody."""


def write_offers(
    session: Session, records: Sequence[Record], progress: Progress = nothing
) -> list[str]:
    """Write offers and the employers they name; an id that is there is left as it is.

    A file can't vouch for an employer: a new one waits for vetting whatever its record says, but a
    record that says *not vetted* or *harm reported* is believed.

    Parameters
    ----------
    session
        A writing session.
    records
        Opportunity records, with their employer's fields.
    progress
        Called with the number of rows written since the last call.

    Returns
    -------
    ids
        Of the offers that were written.
    """
    fresh = _fresh(session, Opportunity, "opportunity_id", records)
    known = _employer_ids(session)
    rows, employers = [], dict[str, Record]()
    for record in fresh:
        employer_id = record.get("employer_id") or _employer_id(record, known)
        if employer_id is not None:
            own = _not_vouched(record) | {"employer_id": employer_id}
            employers.setdefault(employer_id, own)
        rows.append({**record, "employer_id": employer_id})
    newcomers = _fresh(session, Employer, "employer_id", list(employers.values()))
    _insert(session, Employer, newcomers)
    _insert(session, Opportunity, rows, progress)
    if rows:
        revision.move(session)
    return [str(row["opportunity_id"]) for row in rows]


def _not_vouched(record: Record) -> dict[str, Any]:
    vouched = record.get("employer_vetted") is True
    return {**record, "employer_vetted": None, "vetted_until": None} if vouched else dict(record)


def write_employers(session: Session, records: Sequence[Record]) -> None:
    """Write employers that are not there yet."""
    _insert(session, Employer, _fresh(session, Employer, "employer_id", records))
    revision.move(session)


def write_clients(
    session: Session,
    records: Sequence[Record],
    day: dt.date,
    who: str,
    progress: Progress = nothing,
) -> list[str]:
    """Write clients and the households they live in; an id that is there is left as it is.

    Parameters
    ----------
    session
        A writing session.
    records
        Client records, with their household's fields; one without a household id that says
        anything of a household gets one of its own.
    day
        The day an age is dated on.
    who
        Who writes them, for the audit trail.
    progress
        Called with the number of rows written since the last call.

    Returns
    -------
    ids
        Of the clients that were written.
    """
    rows = [_housed(r, day) for r in _fresh(session, Client, "client_id", records)]
    homes = {row["household_id"]: row for row in reversed(rows) if row["household_id"]}
    fresh = _fresh(session, Household, "household_id", list(homes.values()))
    _insert(session, Household, fresh)
    _insert(session, Client, rows, progress)
    ids = [row["client_id"] for row in rows]
    _audit(session, who, ids)
    return ids


def _audit(session: Session, who: str, client_ids: Sequence[str]) -> None:
    same = {"at": now(), "who": who, "action": "client.import", "request_id": uuid4().hex}
    rows = [same | {"client_id": client_id} for client_id in client_ids]
    if rows:
        session.connection().execute(insert(METADATA.tables["audit"]), rows)


def note_intake(
    session: Session, who: str, kind: str, source: str, read: int, kept: int, **detail: Any
) -> None:
    """Record where rows came from, in the transaction that writes them."""
    row = Intake(who=who, kind=kind, source=source, rows_read=read, rows_kept=kept, detail=detail)
    session.add(row)


def _housed(record: Record, day: dt.date) -> dict[str, Any]:
    household_id = record.get("household_id")
    if household_id is None and any(record.get(f) is not None for f in HOUSEHOLD_FIELDS):
        household_id = f"H-{_digest(record['client_id'])}"
    born, told = record.get("birth_date"), record.get("age_years")
    dated = {"age_years": told, "age_recorded_on": day if told is not None else None}
    if born is not None:
        dated = {"age_years": None, "age_recorded_on": None}
    return {**record, **dated, "household_id": household_id}


def _employer_ids(session: Session) -> dict[str, str]:
    query = select(col(Employer.employer_name), col(Employer.employer_id))
    return {name or key: key for name, key in session.execute(query)}


def _employer_id(record: Record, known: dict[str, str]) -> str | None:
    """Return the id of an employer known by name alone; the same name is the same employer."""
    name = record.get("employer_name")
    if not name:
        return None
    return known.get(name, f"E-{_digest(' '.join(name.split()).casefold())}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _fresh(
    session: Session, table: type[Table], key: str, records: Sequence[Record]
) -> list[Record]:
    there = set(session.execute(select(getattr(table, key))).scalars())
    return [record for record in records if record[key] not in there]


def _insert(
    session: Session, table: type[Table], records: Iterable[Record], progress: Progress = nothing
) -> None:
    """Insert by Core: the columns of `table` that a record tells, unknown where it does not."""
    moment = now()
    stamps = {"created_at": moment, "updated_at": moment, "version": 1}
    columns = [name for name in table.model_fields if name not in stamps]
    for batch in _batches(records):
        rows = [{name: record.get(name) for name in columns} | stamps for record in batch]
        session.connection().execute(insert(METADATA.tables[str(table.__tablename__)]), rows)
        progress(len(rows))


def _batches(records: Iterable[Record]) -> Iterable[Sequence[Record]]:
    rows = list(records)
    return [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]

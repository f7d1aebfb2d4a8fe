"""Clients as the engine reads them, kept in memory for as long as their rows stand."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Session

from api import standing
from api.failures import NotFound
from api.officer import queries
from api.officer.records import client_record
from matcher import Caseload
from models.base import Table
from models.client import Client
from models.household import Household

MOST_KEPT = 1_000
"""Cases kept at most: what officers work on at a time, some 50 kB each."""


@dataclass(frozen=True)
class Case:
    """One client as of a version of her or his row.

    Parameters
    ----------
    client_id, version
        The row.
    caseload
        The same with the household, as the engine reads it: a caseload of one.
    """

    client_id: str
    version: int
    caseload: Caseload


def _columns(table: type[Table]) -> Any:
    return table.__table__.c  # type: ignore[attr-defined]


_client, _household = _columns(Client), _columns(Household)
_STAND = (
    select(
        _client.version,
        _client.updated_at,
        _client.household_id,
        _household.version,
        _household.updated_at,
    )
    .outerjoin_from(
        Client.__table__,  # type: ignore[attr-defined]
        Household.__table__,  # type: ignore[attr-defined]
        _client.household_id == _household.household_id,
    )
    .where(_client.client_id == bindparam("client_id"))
)
"""All that moves with any change of a client or the household."""


class _Kept(NamedTuple):
    """A case, the mark it was looked up under, and what its rows were then."""

    mark: standing.Mark | None
    stand: tuple[Any, ...]
    case: Case


class CaseCache:
    """Holds the cases asked for last, each for as long as its rows stand."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, dt.date], _Kept] = {}

    def of(self, session: Session, client_id: str, day: dt.date) -> Case:
        """Return a client's case as the session's transaction sees it, the age told for `day`.

        Raises
        ------
        NotFound
            Where there is no such client.
        """
        kept, mark = self._kept.get((client_id, day)), standing.mark_of(session)
        if kept is None or mark is None or kept.mark != mark:
            kept = _looked_up(session, client_id, day, kept, mark)
        self._kept.pop((client_id, day), None)
        self._kept[client_id, day] = kept
        if len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        return kept.case


def _looked_up(
    session: Session, client_id: str, day: dt.date, kept: _Kept | None, mark: standing.Mark | None
) -> _Kept:
    """Return what is kept where its rows still stand, else the case read anew."""
    found = session.connection().execute(_STAND, {"client_id": client_id}).first()
    if found is None:
        raise NotFound("client", client_id)
    stand = tuple(found)
    if kept is not None and kept.stand == stand:
        return kept._replace(mark=mark)
    return _Kept(mark, stand, _read(session, client_id, day))


def _read(session: Session, client_id: str, day: dt.date) -> Case:
    client = queries.client(session, client_id)
    household = queries.household_of(session, client)
    caseload = Caseload.from_records([client_record(client, household, day)])
    return Case(client_id, client.version, caseload)

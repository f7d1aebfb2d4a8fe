"""Every SELECT about plans and the seats they hold."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session, col, delete, func, select

from api.failures import NotFound
from models.client import Client
from models.employer import Employer
from models.household import Household
from models.opportunity import Opportunity
from models.plan import CaseloadPlan, Placement, PlanLine

Housed = Sequence[tuple[Client, Household | None]]
AT_ONCE = 500
"""Ids in one question: databases take a limited number of values."""


def clients_to_plan(session: Session, cohort: str | None, officer: str | None) -> Housed:
    """Return clients with their households: all, or those of a cohort or an officer."""
    query = select(Client, Household).join(Household, isouter=True)
    if cohort is not None:
        query = query.where(Client.cohort == cohort)
    if officer is not None:
        query = query.where(Client.officer == officer)
    return session.exec(query.order_by(col(Client.client_id))).all()


def clients_of(session: Session, ids: Sequence[str]) -> Housed:
    """Return these clients with their households, in order of id."""
    found: list[tuple[Client, Household | None]] = []
    for part in _parts(sorted(ids)):
        query = select(Client, Household).join(Household, isouter=True)
        found += session.exec(
            query.where(col(Client.client_id).in_(part)).order_by(col(Client.client_id))
        ).all()
    return found


def plan(session: Session, plan_id: str, lock: bool = False) -> CaseloadPlan:
    """Return one plan; with `lock`, alone until the transaction ends.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    found = session.get(CaseloadPlan, plan_id, with_for_update=lock or None)
    if found is None:
        raise NotFound("plan", plan_id)
    return found


def plans_made(session: Session) -> int:
    """Return how many plans there are; none is ever deleted."""
    return session.exec(select(func.count()).select_from(CaseloadPlan)).one()


def lines(session: Session, plan_id: str) -> Sequence[PlanLine]:
    """Return the lines of a plan, in order of client."""
    query = select(PlanLine).where(PlanLine.plan_id == plan_id)
    return session.exec(query.order_by(col(PlanLine.client_id))).all()


def page(session: Session, after: str | None, limit: int) -> Sequence[CaseloadPlan]:
    """Return the plans before one, the newest first."""
    query = select(CaseloadPlan).order_by(col(CaseloadPlan.plan_id).desc()).limit(limit)
    if after is not None:
        query = query.where(CaseloadPlan.plan_id < after)
    return session.exec(query).all()


def client_ids(session: Session) -> Sequence[str]:
    """Return the ids of all clients, in order."""
    return session.exec(select(Client.client_id).order_by(col(Client.client_id))).all()


def seats_held(session: Session, but_by: str | None = None) -> dict[str, int]:
    """Return the number of seats that applied plans hold, by offer; not those of one of them."""
    query = select(Placement.opportunity_id, func.count()).group_by(Placement.opportunity_id)
    if but_by is not None:
        query = query.where(Placement.plan_id != but_by)
    return dict(session.exec(query).all())


def placements_of_officers(
    session: Session, but_by: str | None = None
) -> Iterator[tuple[str, dt.date | None, dt.date]]:
    """Yield the officer, the offer's first day and the day it was taken, for each placement."""
    query = (
        select(col(Client.officer), col(Opportunity.starts_on), col(Placement.at))
        .select_from(Placement)
        .join(Client)
        .join(Opportunity)
        .where(col(Client.officer).is_not(None))
    )
    if but_by is not None:
        query = query.where(Placement.plan_id != but_by)
    for officer, starts_on, at in session.exec(query):
        yield str(officer), starts_on, at.date()


def placements(session: Session, opportunity_ids: Iterable[str]) -> Sequence[Placement]:
    """Return every placement that holds a seat of these offers."""
    found: list[Placement] = []
    for part in _parts(sorted(set(opportunity_ids))):
        query = select(Placement).where(col(Placement.opportunity_id).in_(part))
        found += session.exec(query).all()
    return found


def placed_clients(session: Session, but_by: str | None = None) -> set[str]:
    """Return the ids of clients who hold a seat; not by one of the plans."""
    query = select(Placement.client_id)
    if but_by is not None:
        query = query.where(Placement.plan_id != but_by)
    return set(session.exec(query).all())


def release(session: Session, plan_id: str) -> None:
    """Give back every seat a plan holds."""
    session.exec(delete(Placement).where(col(Placement.plan_id) == plan_id))


def seats_posted(session: Session, opportunity_ids: Iterable[str]) -> dict[str, int]:
    """Return the seats of these offers as posted; one where they are not told."""
    found: dict[str, int] = {}
    for part in _parts(sorted(set(opportunity_ids))):
        query = select(Opportunity.opportunity_id, Opportunity.seats)
        rows = session.exec(query.where(col(Opportunity.opportunity_id).in_(part)))
        found |= {key: 1 if seats is None else seats for key, seats in rows}
    return found


def offers(
    session: Session, opportunity_ids: Iterable[str]
) -> dict[str, tuple[Opportunity, Employer | None]]:
    """Return these offers with who makes them, by id."""
    found: dict[str, tuple[Opportunity, Employer | None]] = {}
    for part in _parts(sorted(set(opportunity_ids))):
        query = select(Opportunity, Employer).join(Employer, isouter=True)
        rows = session.exec(query.where(col(Opportunity.opportunity_id).in_(part)))
        found |= {offer.opportunity_id: (offer, employer) for offer, employer in rows}
    return found


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))

"""Every SELECT of the employer side."""

from collections.abc import Sequence

from sqlmodel import Session, col, delete, func, select

from api.failures import NotFound
from models.employer import Employer
from models.opportunity import Clearance, Opportunity


def employer(session: Session, employer_id: str) -> Employer:
    """Return one employer.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    found = session.get(Employer, employer_id)
    if found is None:
        raise NotFound("employer", employer_id)
    return found


def employers(session: Session, after: str, limit: int) -> Sequence[Employer]:
    """Return up to `limit` employers behind an id, in order of id."""
    query = select(Employer).where(col(Employer.employer_id) > after)
    return session.exec(query.order_by(col(Employer.employer_id)).limit(limit)).all()


def employer_ids_by_name(session: Session, names: Sequence[str]) -> dict[str, str]:
    """Return the ids of employers of these names; the first id where two share one."""
    query = select(Employer.employer_name, Employer.employer_id).order_by(
        col(Employer.employer_id).desc()
    )
    wanted = set(names)
    return {name: key for name, key in session.exec(query) if name in wanted}


def opportunity(session: Session, opportunity_id: str) -> Opportunity:
    """Return one offer.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    found = session.get(Opportunity, opportunity_id)
    if found is None:
        raise NotFound("opportunity", opportunity_id)
    return found


def opportunity_ids(
    session: Session, after: str, limit: int, kind: str | None, employer_id: str | None
) -> Sequence[str]:
    """Return up to `limit` ids of offers behind an id, in order."""
    query = select(Opportunity.opportunity_id).where(col(Opportunity.opportunity_id) > after)
    if kind is not None:
        query = query.where(Opportunity.kind == kind)
    if employer_id is not None:
        query = query.where(Opportunity.employer_id == employer_id)
    return session.exec(query.order_by(col(Opportunity.opportunity_id)).limit(limit)).all()


def versions(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Return the version of each of these offers."""
    query = select(Opportunity.opportunity_id, Opportunity.version)
    return dict(session.exec(query.where(col(Opportunity.opportunity_id).in_(ids))).all())


def clearance(session: Session, opportunity_id: str, flag: str) -> Clearance | None:
    """Return the clearance of one flag of one offer."""
    query = select(Clearance).where(
        Clearance.opportunity_id == opportunity_id, Clearance.flag == flag
    )
    return session.exec(query).first()


def withdraw_clearances(session: Session, opportunity_id: str) -> None:
    """Delete what was cleared of an offer."""
    session.exec(delete(Clearance).where(col(Clearance.opportunity_id) == opportunity_id))


def count_opportunities(session: Session) -> int:
    """Return the number of offers."""
    return session.exec(select(func.count()).select_from(Opportunity)).one()

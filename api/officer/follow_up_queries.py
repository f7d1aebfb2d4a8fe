"""Every SELECT about referrals and visits."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from api.failures import NotFound
from models.client import Client
from models.follow_up import Referral, Visit


def referral(session: Session, client_id: str, referral_id: str) -> Referral:
    """Return one referral of a client.

    Raises
    ------
    NotFound
        Where the client has none of this id.
    """
    found = session.get(Referral, referral_id)
    if found is None or found.client_id != client_id:
        raise NotFound("referral", referral_id)
    return found


def referrals(session: Session, client_id: str) -> Sequence[Referral]:
    """Return the referrals of a client, oldest first."""
    query = select(Referral).where(Referral.client_id == client_id)
    return session.exec(query.order_by(col(Referral.sent_on), col(Referral.referral_id))).all()


def visits(session: Session, referral_id: str) -> Sequence[Visit]:
    """Return the visits to one placement, in order of day."""
    query = select(Visit).where(Visit.referral_id == referral_id)
    return session.exec(query.order_by(col(Visit.visited_on))).all()


def running(session: Session, officer: str | None) -> Iterator[tuple[Referral, list[Visit]]]:
    """Return the placements that started, each with its visits; of one officer, or of all."""
    query = select(Referral).where(col(Referral.started_on).is_not(None))
    if officer is not None:
        query = query.join(Client).where(Client.officer == officer)
    found = session.exec(query.order_by(col(Referral.referral_id))).all()
    by_referral: dict[str, list[Visit]] = {one.referral_id: [] for one in found}
    for made in session.exec(select(Visit).order_by(col(Visit.visited_on))):
        if made.referral_id in by_referral:
            by_referral[made.referral_id].append(made)
    for one in found:
        yield one, by_referral[one.referral_id]

"""Every SELECT of the officer side."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from api.failures import NotFound
from models.client import Client
from models.household import Household
from models.slate import Slate, SlateOffer


def client(session: Session, client_id: str) -> Client:
    """Return one client.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    found = session.get(Client, client_id)
    if found is None:
        raise NotFound("client", client_id)
    return found


def clients(session: Session, after: str, limit: int, cohort: str | None) -> Sequence[Client]:
    """Return up to `limit` clients behind an id, in order of id."""
    query = select(Client).where(col(Client.client_id) > after)
    if cohort is not None:
        query = query.where(Client.cohort == cohort)
    return session.exec(query.order_by(col(Client.client_id)).limit(limit)).all()


def household(session: Session, household_id: str) -> Household:
    """Return one household.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    found = session.get(Household, household_id)
    if found is None:
        raise NotFound("household", household_id)
    return found


def household_of(session: Session, found: Client) -> Household | None:
    """Return the household a client lives in, where it is known."""
    return session.get(Household, found.household_id) if found.household_id else None


def clients_of_household(session: Session, household_id: str) -> Sequence[str]:
    """Return the ids of the clients who live in a household, in order."""
    query = select(Client.client_id).where(Client.household_id == household_id)
    return session.exec(query.order_by(col(Client.client_id))).all()


def slate(session: Session, client_id: str, slate_id: str) -> tuple[Slate, Sequence[SlateOffer]]:
    """Return a slate of a client with its offers, best first.

    Raises
    ------
    NotFound
        Where the client has no slate of this id.
    """
    found = session.get(Slate, slate_id)
    if found is None or found.client_id != client_id:
        raise NotFound("slate", slate_id)
    query = select(SlateOffer).where(SlateOffer.slate_id == slate_id)
    return found, session.exec(query.order_by(col(SlateOffer.position))).all()

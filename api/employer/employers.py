"""Use cases about employers: add, look up, change what vetting found."""

from collections.abc import Sequence
from uuid import uuid4

from api.context import Context
from api.employer import queries
from api.employer.schemas import EmployerChange, EmployerNew
from api.etags import require_version
from api.failures import AlreadyThere
from models import revision
from models.base import now
from models.employer import Employer


def add(context: Context, new: EmployerNew) -> Employer:
    """Add an employer.

    Raises
    ------
    AlreadyThere
        Where the id is taken.
    """
    values = new.model_dump()
    values["employer_id"] = values["employer_id"] or f"E-{uuid4().hex[:12]}"
    if context.session.get(Employer, values["employer_id"]) is not None:
        raise AlreadyThere("employer", values["employer_id"])
    employer = Employer(**values)
    context.session.add(employer)
    revision.move(context.session)
    context.session.flush()
    return employer


def change(
    context: Context, employer_id: str, changes: EmployerChange, if_match: str | None
) -> Employer:
    """Change what is known of an employer; a harm report pauses its offers at once.

    Raises
    ------
    NotFound
        Where there is none of this id.
    VersionMissing, VersionStale
        Where the change was not made from the newest version.
    """
    employer = queries.employer(context.session, employer_id)
    require_version(if_match, employer.version)
    for name, value in changes.model_dump(exclude_unset=True).items():
        setattr(employer, name, value)
    employer.updated_at = now()
    revision.move(context.session)
    context.session.flush()
    return employer


def one(context: Context, employer_id: str) -> Employer:
    """Return one employer.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    return queries.employer(context.session, employer_id)


def page(context: Context, after: str, limit: int) -> tuple[Sequence[Employer], str | None]:
    """Return a page of employers, and the id it ends with where more follow."""
    found = queries.employers(context.session, after, limit + 1)
    rows = found[:limit]
    return rows, rows[-1].employer_id if len(found) > limit else None

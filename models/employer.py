"""The employer or provider behind an offer, and what vetting found."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlmodel import Field

from models import constraints
from models.base import Table, now, version_column

_version = version_column()


class Employer(Table, table=True):
    """One employer, course provider or grant giver.

    ``vetted`` unknown means nobody has looked yet; one open harm report pauses every offer.
    """

    __tablename__ = "employer"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__ = (
        constraints.sized("employer_id", constraints.ID_LENGTH),
        constraints.sized("employer_name", constraints.TITLE_LENGTH),
        *constraints.truths("employer_vetted", "harm_report_open"),
    )

    employer_id: str = Field(primary_key=True)
    employer_name: str | None = Field(default=None, index=True)
    employer_vetted: bool | None = None
    vetted_until: date | None = None
    harm_report_open: bool | None = None
    version: int = Field(default=None, sa_column=_version)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)

"""The household a client lives in: what is earned, owed and owned together."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field

from models import constraints, vocabulary
from models.base import NullableJSON, Table, now, version_column

_version = version_column()


class Household(Table, table=True):
    """One household; several clients may share it.

    Money is in US$; ``household_income_usd`` is what the others earn a month,
    ``household_livelihoods`` splits it by livelihood.
    """

    __tablename__ = "household"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__ = (
        constraints.sized("household_id", constraints.ID_LENGTH),
        constraints.between("household_size", 1, 60),
        constraints.between("children_under_6", 0, 30),
        constraints.one_of("idpoor", vocabulary.IDPOOR),
        *constraints.truths("childcare_at_home", "has_water"),
        *constraints.amounts("household_income_usd", "debt_service_usd", high=1e6),
        *constraints.amounts("debt_usd", high=1e7),
        *constraints.amounts("land_m2", high=1e8),
        *constraints.mappings("household_livelihoods"),
    )

    household_id: str = Field(primary_key=True)
    household_size: int | None = None
    children_under_6: int | None = None
    childcare_at_home: bool | None = None
    household_income_usd: float | None = None
    household_livelihoods: dict[str, float] | None = Field(default=None, sa_type=NullableJSON)
    land_m2: float | None = None
    has_water: bool | None = None
    debt_usd: float | None = None
    debt_service_usd: float | None = None
    idpoor: str | None = None
    version: int = Field(default=None, sa_column=_version)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)

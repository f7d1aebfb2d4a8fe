"""The client: a person who asked for help towards an income. No name is ever stored."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models import constraints, vocabulary
from models.base import NullableJSON, Table, now, version_column

_version = version_column()


class Client(Table, table=True):
    """One client, as told at intake; every field but the id may be unknown.

    ``officer`` is who accompanies the client; nothing is matched by it.
    The birth date is stored where it is known; an age without one is stored with the day it was
    told, so that it grows. ``excluded_livelihoods`` are the client's own words, never the reason.
    """

    __tablename__ = "client"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__ = (
        constraints.sized("client_id", constraints.ID_LENGTH),
        constraints.sized("cohort", constraints.WORD_LENGTH),
        constraints.sized("officer", constraints.WORD_LENGTH),
        constraints.one_of("sex", vocabulary.SEX),
        constraints.one_of("transport", vocabulary.TRANSPORT),
        constraints.one_of("schooling", vocabulary.SCHOOLING),
        constraints.geocode("home_place"),
        constraints.between("age_years", 0, 120),
        constraints.between("max_commute_minutes", 0, 1440),
        constraints.between("capital_usd", 0, 1e7),
        CheckConstraint("(age_years IS NULL) = (age_recorded_on IS NULL)", name="age_dated"),
        CheckConstraint("birth_date IS NULL OR age_years IS NULL", name="age_once"),
        *constraints.truths("consent_to_match", "has_phone", "willing_to_relocate", "can_read"),
        *constraints.lists(
            "exclusion_areas",
            "avoid_settings",
            "excluded_livelihoods",
            "preferred_livelihoods",
            "preferred_kinds",
            "skills",
            "documents",
            "difficulties",
        ),
        *constraints.mappings("experience"),
    )

    client_id: str = Field(primary_key=True)
    household_id: str | None = Field(default=None, foreign_key="household.household_id", index=True)
    cohort: str | None = Field(default=None, index=True)
    officer: str | None = Field(default=None, index=True)
    consent_to_match: bool | None = None
    sex: str | None = None
    birth_date: date | None = None
    age_years: float | None = None
    age_recorded_on: date | None = None
    home_place: str | None = None
    has_phone: bool | None = None
    transport: str | None = None
    max_commute_minutes: float | None = None
    willing_to_relocate: bool | None = None
    exclusion_areas: list[str] | None = Field(default=None, sa_type=NullableJSON)
    avoid_settings: list[str] | None = Field(default=None, sa_type=NullableJSON)
    excluded_livelihoods: list[str] | None = Field(default=None, sa_type=NullableJSON)
    preferred_livelihoods: list[str] | None = Field(default=None, sa_type=NullableJSON)
    preferred_kinds: list[str] | None = Field(default=None, sa_type=NullableJSON)
    skills: list[str] | None = Field(default=None, sa_type=NullableJSON)
    experience: dict[str, float] | None = Field(default=None, sa_type=NullableJSON)
    schooling: str | None = None
    can_read: bool | None = None
    documents: list[str] | None = Field(default=None, sa_type=NullableJSON)
    difficulties: list[str] | None = Field(default=None, sa_type=NullableJSON)
    capital_usd: float | None = None
    version: int = Field(default=None, sa_column=_version)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)

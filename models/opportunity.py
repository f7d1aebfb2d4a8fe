"""What is on offer, a vacancy, a training or a grant, and the review flags an officer cleared."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models import constraints, vocabulary
from models.base import NullableJSON, Table, now, version_column

_version = version_column()


class Opportunity(Table, table=True):
    """One offer as posted; every field but id, kind and title may be unknown.

    Money is in US$ (a month, unless the name says otherwise); premiums are multiples of the
    normal hour (1.5 is 150 %).
    """

    __tablename__ = "opportunity"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__ = (
        constraints.sized("opportunity_id", constraints.ID_LENGTH),
        constraints.one_of("kind", vocabulary.KIND),
        constraints.sized("title", constraints.TITLE_LENGTH),
        constraints.sized("title_km", constraints.TITLE_LENGTH),
        constraints.sized("description", constraints.TEXT_LENGTH, low=0),
        constraints.one_of("sector", vocabulary.SECTOR),
        constraints.sized("livelihood", constraints.WORD_LENGTH),
        constraints.isco("isco_code"),
        constraints.sized("place_text", constraints.TITLE_LENGTH * 4, low=0),
        constraints.one_of("gender_only", vocabulary.GENDER_ONLY),
        constraints.one_of("required_schooling", vocabulary.SCHOOLING),
        *constraints.amounts("monthly_wage_usd", "monthly_wage_max_usd", high=1e5),
        *constraints.amounts("worker_fee_usd", "deposit_usd", "course_fee_usd", high=1e5),
        *constraints.amounts("stipend_usd", high=1e4),
        *constraints.amounts("grant_usd", high=1e6),
        *constraints.amounts("hours_per_day", "overtime_hours_per_day", high=24),
        *constraints.amounts("hours_per_week", "weekly_rest_hours", high=168),
        *constraints.amounts("overtime_premium", "rest_day_premium", "night_premium", high=10),
        *constraints.amounts("min_age", "max_age", high=120),
        *constraints.amounts("annual_leave_days_per_month", high=31),
        *constraints.amounts("fixed_term_months", high=600),
        *constraints.amounts("course_months", "required_experience_years", high=60),
        constraints.between("seats", 0, 1_000_000),
        CheckConstraint("monthly_wage_usd <= monthly_wage_max_usd", name="wage_ordered"),
        CheckConstraint("min_age <= max_age", name="age_ordered"),
        CheckConstraint("kind <> 'grant' OR livelihood IS NOT NULL", name="grant_livelihood"),
        CheckConstraint(
            "kind = 'training' OR (course_months IS NULL AND teaches IS NULL)", name="course"
        ),
        *constraints.truths(
            "home_based",
            "overtime_compulsory",
            "night_work",
            "hazardous",
            "written_contract",
            "nssf_registered",
            "documents_kept",
            "debt_worked_off",
            "live_in",
            "cross_border",
            "via_broker",
            "guarded_compound",
            "housing_provided",
            "transport_provided",
            "requires_reading",
            "adaptable",
        ),
        *constraints.lists(
            "places",
            "settings",
            "required_skills",
            "useful_skills",
            "required_documents",
            "demands",
            "adaptations",
            "teaches",
        ),
    )

    opportunity_id: str = Field(primary_key=True)
    kind: str
    title: str
    title_km: str | None = None
    description: str | None = None
    employer_id: str | None = Field(default=None, foreign_key="employer.employer_id", index=True)
    sector: str | None = None
    livelihood: str | None = None
    isco_code: str | None = None
    places: list[str] | None = Field(default=None, sa_type=NullableJSON)
    place_text: str | None = None
    home_based: bool | None = None
    monthly_wage_usd: float | None = None
    monthly_wage_max_usd: float | None = None
    hours_per_day: float | None = None
    hours_per_week: float | None = None
    overtime_hours_per_day: float | None = None
    overtime_premium: float | None = None
    rest_day_premium: float | None = None
    night_premium: float | None = None
    weekly_rest_hours: float | None = None
    overtime_compulsory: bool | None = None
    night_work: bool | None = None
    min_age: float | None = None
    max_age: float | None = None
    hazardous: bool | None = None
    gender_only: str | None = None
    annual_leave_days_per_month: float | None = None
    fixed_term_months: float | None = None
    written_contract: bool | None = None
    nssf_registered: bool | None = None
    worker_fee_usd: float | None = None
    deposit_usd: float | None = None
    documents_kept: bool | None = None
    debt_worked_off: bool | None = None
    live_in: bool | None = None
    cross_border: bool | None = None
    via_broker: bool | None = None
    guarded_compound: bool | None = None
    settings: list[str] | None = Field(default=None, sa_type=NullableJSON)
    housing_provided: bool | None = None
    transport_provided: bool | None = None
    required_skills: list[str] | None = Field(default=None, sa_type=NullableJSON)
    useful_skills: list[str] | None = Field(default=None, sa_type=NullableJSON)
    required_documents: list[str] | None = Field(default=None, sa_type=NullableJSON)
    requires_reading: bool | None = None
    required_schooling: str | None = None
    required_experience_years: float | None = None
    demands: list[str] | None = Field(default=None, sa_type=NullableJSON)
    adaptable: bool | None = None
    adaptations: list[str] | None = Field(default=None, sa_type=NullableJSON)
    seats: int | None = None
    posted_on: date | None = None
    closes_on: date | None = None
    starts_on: date | None = None
    course_months: float | None = None
    stipend_usd: float | None = None
    course_fee_usd: float | None = None
    teaches: list[str] | None = Field(default=None, sa_type=NullableJSON)
    grant_usd: float | None = None
    version: int = Field(default=None, sa_column=_version)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


class Clearance(Table, table=True):
    """One review flag of one offer, looked into and cleared by a named person."""

    __tablename__ = "clearance"
    __table_args__ = (
        UniqueConstraint("opportunity_id", "flag", name="uq_clearance_flag"),
        constraints.sized("flag", constraints.WORD_LENGTH),
        constraints.sized("cleared_by", constraints.WORD_LENGTH * 2),
        constraints.sized("note", 2000),
    )

    clearance_id: int | None = Field(default=None, primary_key=True)
    opportunity_id: str = Field(foreign_key="opportunity.opportunity_id", index=True)
    flag: str
    cleared_by: str
    note: str
    cleared_at: datetime = Field(default_factory=now)

"""What the employer side takes and answers."""

import datetime as dt
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.fields import (
    Action,
    Body,
    DayHours,
    Difficulty,
    Document,
    GenderOnly,
    Id,
    IscoCode,
    Kind,
    Multiple,
    Name,
    Note,
    Schooling,
    Sector,
    Setting,
    Text,
    Title,
    Usd,
    Usd1M,
    Verdict,
    WeekHours,
    Word,
    Words,
    Years,
)


class EmployerFields(Body):
    """What may be known of an employer or provider."""

    employer_vetted: bool | None = Field(None, description="Someone visited and vouches.")
    vetted_until: dt.date | None = None
    harm_report_open: bool | None = Field(
        None, description="One credible open report pauses every offer of the employer."
    )


class EmployerNew(EmployerFields):
    """An employer to add."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "employer_id": "E-SEWING-1",
                    "employer_name": "Sovann Sewing Workshop",
                    "employer_vetted": True,
                    "vetted_until": "2027-06-30",
                    "harm_report_open": False,
                }
            ]
        }
    )

    employer_id: Id | None = Field(None, description="Left out: one is made.")
    employer_name: Title


class EmployerChange(EmployerFields):
    """What to change of an employer; a field left out stays, null makes it unknown."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"employer_vetted": True, "vetted_until": "2027-06-30"}]}
    )

    employer_name: Title = Field(default="")


class EmployerOut(EmployerFields):
    """An employer as stored."""

    employer_id: str
    employer_name: str | None
    version: int


class OfferFields(Body):
    """What may be known of an offer; unknown is left out or null."""

    title_km: Title | None = None
    description: Text | None = None
    employer_id: Id | None = None
    sector: Sector | None = None
    livelihood: Word | None = Field(None, description="A livelihood by code or name.")
    isco_code: IscoCode | None = None
    places: Words | None = Field(None, description="Geocodes or names, in either language.")
    place_text: Title | None = Field(None, description="The place as posted.")
    home_based: bool | None = None
    monthly_wage_usd: Usd | None = None
    monthly_wage_max_usd: Usd | None = None
    hours_per_day: DayHours | None = None
    hours_per_week: WeekHours | None = None
    overtime_hours_per_day: DayHours | None = None
    overtime_premium: Multiple | None = Field(None, description="1.5 is 150 %.")
    rest_day_premium: Multiple | None = None
    night_premium: Multiple | None = None
    weekly_rest_hours: WeekHours | None = None
    overtime_compulsory: bool | None = None
    night_work: bool | None = None
    min_age: Years | None = None
    max_age: Years | None = None
    hazardous: bool | None = None
    gender_only: GenderOnly | None = None
    annual_leave_days_per_month: Annotated[float, Field(ge=0, le=31)] | None = None
    fixed_term_months: Annotated[float, Field(ge=0, le=600)] | None = None
    written_contract: bool | None = None
    nssf_registered: bool | None = None
    worker_fee_usd: Usd | None = None
    deposit_usd: Usd | None = None
    documents_kept: bool | None = None
    debt_worked_off: bool | None = None
    live_in: bool | None = None
    cross_border: bool | None = None
    via_broker: bool | None = None
    guarded_compound: bool | None = None
    settings: Annotated[list[Setting], Field(max_length=20)] | None = None
    housing_provided: bool | None = None
    transport_provided: bool | None = None
    required_skills: Words | None = None
    useful_skills: Words | None = None
    required_documents: Annotated[list[Document], Field(max_length=20)] | None = None
    requires_reading: bool | None = None
    required_schooling: Schooling | None = None
    required_experience_years: Annotated[float, Field(ge=0, le=60)] | None = None
    demands: Annotated[list[Difficulty], Field(max_length=6)] | None = None
    adaptable: bool | None = Field(None, description="The employer adapts the work.")
    adaptations: Words | None = Field(None, description="Climate adaptations it comes with.")
    seats: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    posted_on: dt.date | None = None
    closes_on: dt.date | None = None
    starts_on: dt.date | None = None
    course_months: Annotated[float, Field(ge=0, le=60)] | None = None
    stipend_usd: Annotated[float, Field(ge=0, le=1e4)] | None = None
    course_fee_usd: Usd | None = None
    teaches: Words | None = None
    grant_usd: Usd1M | None = None


class OfferNew(OfferFields):
    """An offer to add: a vacancy, a training or a grant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "opportunity_id": "V-SEWING-1",
                    "kind": "vacancy",
                    "title": "Tailor",
                    "title_km": "ជាងកាត់ដេរ",
                    "sector": "services",
                    "isco_code": "7531",
                    "livelihood": "tailoring",
                    "places": ["Prey Veng"],
                    "monthly_wage_usd": 215,
                    "hours_per_day": 8,
                    "hours_per_week": 48,
                    "weekly_rest_hours": 24,
                    "written_contract": True,
                    "seats": 2,
                    "posted_on": "2026-11-16",
                    "closes_on": "2026-12-31",
                }
            ]
        }
    )

    opportunity_id: Id | None = Field(None, description="Left out: one is made.")
    kind: Kind
    title: Title


class OfferChange(OfferFields):
    """What to change of an offer; a field left out stays, null makes it unknown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seats": 1}]})

    title: Title = Field(default="")


class FlagOut(Body):
    """One thing the safety screen found."""

    code: str
    action: Action
    indicator: str | None = Field(description="ILO indicator of forced labour, if it is one.")
    field: str
    evidence: dict[str, Any]
    source: str
    basis: str
    cleared: bool
    message: str = Field(description="The flag in words.")


class OfferOut(OfferFields):
    """An offer as stored, and what the safety screen says of it."""

    opportunity_id: str
    kind: Kind
    title: str
    employer_name: str | None
    verdict: Verdict
    flags: list[FlagOut]
    version: int


class EmployerPage(Body):
    """Some employers, in order of id; the next ones behind the Link header."""

    items: list[EmployerOut]


class OfferPage(Body):
    """Some offers, in order of id; the next ones behind the Link header."""

    items: list[OfferOut]


class ClearanceNew(Body):
    """A review flag that a person looked into and clears."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "flag": "nssf",
                    "cleared_by": "Chan Dara",
                    "note": "Registration seen on paper on 20 November.",
                }
            ]
        }
    )

    flag: Word
    cleared_by: Name
    note: Note


class ClearanceOut(ClearanceNew):
    """A clearance as stored, and the verdict it leaves."""

    opportunity_id: str
    cleared_at: dt.datetime
    verdict: Verdict

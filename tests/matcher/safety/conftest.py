import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from matcher.market import Market
from matcher.safety import Screen, screen

AS_OF = dt.date(2026, 11, 23)
Record = dict[str, Any]

LAWFUL: Mapping[str, Any] = {
    "kind": "vacancy",
    "title": "Shop assistant",
    "employer_id": "E-1",
    "employer_name": "Rice shop",
    "employer_vetted": True,
    "vetted_until": dt.date(2027, 6, 30),
    "harm_report_open": False,
    "sector": "retail",
    "monthly_wage_usd": 220.0,
    "hours_per_day": 8.0,
    "hours_per_week": 48.0,
    "overtime_hours_per_day": 2.0,
    "overtime_compulsory": False,
    "overtime_premium": 1.5,
    "rest_day_premium": 2.0,
    "night_premium": 1.3,
    "night_work": False,
    "weekly_rest_hours": 24.0,
    "min_age": 18.0,
    "hazardous": False,
    "annual_leave_days_per_month": 1.5,
    "fixed_term_months": 24.0,
    "written_contract": True,
    "nssf_registered": True,
    "worker_fee_usd": 0.0,
    "deposit_usd": 0.0,
    "documents_kept": False,
    "debt_worked_off": False,
    "live_in": False,
    "cross_border": False,
    "via_broker": False,
    "guarded_compound": False,
    "settings": [],
}
"""A vacancy that states everything and stands exactly on every limit of the law."""

WORK_ALONE = (
    "hours_per_day",
    "hours_per_week",
    "overtime_hours_per_day",
    "overtime_compulsory",
    "overtime_premium",
    "rest_day_premium",
    "night_premium",
    "weekly_rest_hours",
    "annual_leave_days_per_month",
    "fixed_term_months",
    "written_contract",
    "nssf_registered",
    "via_broker",
    "monthly_wage_usd",
)
"""What a training and a grant have nothing to say of."""


@pytest.fixture(scope="session")
def offer() -> Callable[..., Record]:
    """Make a lawful offer; changes replace fields, and None makes one unknown."""

    def make(opportunity_id: str = "O-1", **changes: Any) -> Record:
        base = dict(LAWFUL)
        if changes.get("kind", "vacancy") != "vacancy":
            base = {name: value for name, value in base.items() if name not in WORK_ALONE}
        if changes.get("kind") == "grant":
            base["livelihood"] = "chickens"
        return {"opportunity_id": opportunity_id, **base, **changes}

    return make


@pytest.fixture(scope="session")
def wages() -> pd.DataFrame:
    """Return a table of minimum wages with its newest year before the day of the market."""
    rows = [(2024, "garment", 204.0), (2026, "garment", 210.0), (2025, "garment", 208.0)]
    return pd.DataFrame(rows, columns=["year", "sector", "monthly_usd"])


@pytest.fixture(scope="session")
def words() -> pd.DataFrame:
    """Return a small table of words in both languages."""
    rows = [
        ("recruitment fee", "en", "recruitment_fee"),
        ("keep your passport", "en", "documents_kept"),
        ("deposit", "en", "deposit"),
        ("deposit deducted", "en", "debt_worked_off"),
        ("must pay a deposit", "en", "deposit"),
        ("live-in maid", "en", "domestic_work"),
        ("not allowed to go out", "en", "movement_restricted"),
        ("ប្រាក់កក់", "km", "deposit"),
        ("រក្សាទុកលិខិតឆ្លងដែន", "km", "documents_kept"),
        ("អាយុចាប់ពី ១៤ ឆ្នាំ", "km", "under_age"),
        ("បុគ្គលិក KTV", "km", "alcohol_served"),
        ("មិនឱ្យចេញក្រៅ", "km", "movement_restricted"),
    ]
    return pd.DataFrame(rows, columns=["word", "language", "flag"])


@pytest.fixture(scope="session")
def judge(words: pd.DataFrame, wages: pd.DataFrame) -> Callable[..., Screen]:
    """Screen records as of a fixed day."""

    def run(*records: Record, as_of: dt.date = AS_OF) -> Screen:
        return screen(Market.from_records(records, as_of), words, wages)

    return run


@pytest.fixture(scope="session")
def codes(judge: Callable[..., Screen]) -> Callable[..., set[str]]:
    """Return the codes of the flags on one record."""

    def of(record: Record) -> set[str]:
        return {flag.code for flag in judge(record).flags(record["opportunity_id"])}

    return of

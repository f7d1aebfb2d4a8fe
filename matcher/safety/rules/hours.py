"""Hours, rest and pay: what the Labour Law asks of the work itself."""

from typing import Final

import numpy as np

from matcher.safety.conditions import above, all_of, below, fact, no, not_, unstated, yes
from matcher.safety.facts import Bools, Facts
from matcher.safety.flag import Action, Evidence, Indicator
from matcher.safety.rule import VACANCIES, Rule, Silence

HOURS_PER_DAY: Final = 8.0
HOURS_PER_WEEK: Final = 48.0
OVERTIME_HOURS_PER_DAY: Final = 2.0
OVERTIME_PREMIUM: Final = 1.5
REST_DAY_PREMIUM: Final = 2.0
NIGHT_PREMIUM: Final = 1.3
WEEKLY_REST_HOURS: Final = 24.0
FIXED_TERM_MONTHS: Final = 24.0
LEAVE_DAYS_PER_MONTH: Final = 1.5

FLOOR_SECTORS: Final = ("garment",)
"""Sectors in which a minimum wage is law, whether or not the table of wages is at hand."""

LAW: Final = "Labour Law of Cambodia, 1997, article"
OVERTIME_LAW: Final = (
    "Ministry of Labour and Vocational Training, Prakas 80/99 and Notification 030/15 (2 hours "
    "at most); Prakas 112/25, article 4 (voluntary)"
)
WAGE_LAW: Final = "Law on Minimum Wage, 2018; the year's prakas for garment, footwear, travel goods"


HAS_OVERTIME: Final = fact("overtime", 1)
MAY_HAVE_OVERTIME: Final = not_(fact("overtime", 0))
WORKS_AT_NIGHT: Final = fact("night_work", 1)
MAY_WORK_AT_NIGHT: Final = not_(fact("night_work", 0))


def _below_floor(facts: Facts) -> Bools:
    floor = facts.wage_floor_usd
    if np.isnan(floor).all():  # then it does not matter what is paid
        return np.zeros(len(facts), dtype=np.bool_)
    return np.less(facts.least_wage_usd, floor)


def _wage_not_judged(facts: Facts) -> Bools:
    """Return where a floor is law and the low end of the wage, or the floor, is not known."""
    has_floor = ~np.isnan(facts.wage_floor_usd)
    if not has_floor.any():
        return facts.among("sector", FLOOR_SECTORS)
    low_end_unknown = facts.is_unknown("monthly_wage_usd") & ~_below_floor(facts)
    return np.where(has_floor, low_end_unknown, facts.among("sector", FLOOR_SECTORS))


def _wage_proof(facts: Facts, row: int) -> Evidence:
    wage, floor = facts.least_wage_usd[row], facts.wage_floor_usd[row]
    found: dict[str, float | str] = {"monthly_wage_usd": float(wage), "limit": float(floor)}
    return found | {"sector": str(facts.market.sector[row])}


HOURS: Final = (
    Rule(
        code="hours_per_day",
        action=Action.BLOCK,
        broken=above("hours_per_day", HOURS_PER_DAY),
        fields=("hours_per_day",),
        source=f"{LAW} 137",
        indicator=Indicator.EXCESSIVE_OVERTIME,
        limits={"limit": HOURS_PER_DAY},
        silence=Silence(
            "hours_unknown",
            Action.REVIEW,
            unstated("hours_per_day", "hours_per_week"),
            ("hours_per_day", "hours_per_week"),
            VACANCIES,
        ),
    ),
    Rule(
        code="hours_per_week",
        action=Action.BLOCK,
        broken=above("hours_per_week", HOURS_PER_WEEK),
        fields=("hours_per_week",),
        source=f"{LAW} 137",
        indicator=Indicator.EXCESSIVE_OVERTIME,
        limits={"limit": HOURS_PER_WEEK},
    ),
    Rule(
        code="overtime_compulsory",
        action=Action.BLOCK,
        broken=yes("overtime_compulsory"),
        fields=("overtime_compulsory",),
        source=OVERTIME_LAW,
        indicator=Indicator.EXCESSIVE_OVERTIME,
        silence=Silence(
            "overtime_compulsory_unknown",
            Action.REVIEW,
            unstated("overtime_compulsory"),
            ("overtime_compulsory",),
            VACANCIES,
        ),
    ),
    Rule(
        code="overtime_hours",
        action=Action.BLOCK,
        broken=above("overtime_hours_per_day", OVERTIME_HOURS_PER_DAY),
        fields=("overtime_hours_per_day",),
        source=OVERTIME_LAW,
        indicator=Indicator.EXCESSIVE_OVERTIME,
        limits={"limit": OVERTIME_HOURS_PER_DAY},
        silence=Silence(
            "overtime_hours_unknown",
            Action.NOTE,
            unstated("overtime_hours_per_day"),
            ("overtime_hours_per_day",),
            VACANCIES,
        ),
    ),
    Rule(
        code="overtime_premium",
        action=Action.BLOCK,
        broken=all_of(below("overtime_premium", OVERTIME_PREMIUM), MAY_HAVE_OVERTIME),
        fields=("overtime_premium",),
        source=f"{LAW} 139",
        indicator=Indicator.WITHHOLDING_OF_WAGES,
        limits={"limit": OVERTIME_PREMIUM},
        silence=Silence(
            "overtime_premium_unknown",
            Action.NOTE,
            all_of(unstated("overtime_premium"), HAS_OVERTIME),
            ("overtime_premium",),
            VACANCIES,
        ),
    ),
    Rule(
        code="rest_day_premium",
        action=Action.BLOCK,
        broken=below("rest_day_premium", REST_DAY_PREMIUM),
        fields=("rest_day_premium",),
        source=f"{LAW} 139",
        indicator=Indicator.WITHHOLDING_OF_WAGES,
        limits={"limit": REST_DAY_PREMIUM},
        silence=Silence(
            "rest_day_premium_unknown",
            Action.NOTE,
            all_of(unstated("rest_day_premium"), HAS_OVERTIME),
            ("rest_day_premium",),
            VACANCIES,
        ),
    ),
    Rule(
        code="night_premium",
        action=Action.BLOCK,
        broken=all_of(below("night_premium", NIGHT_PREMIUM), MAY_WORK_AT_NIGHT),
        fields=("night_premium",),
        source=f"{LAW} 144",
        indicator=Indicator.WITHHOLDING_OF_WAGES,
        limits={"limit": NIGHT_PREMIUM},
        silence=Silence(
            "night_premium_unknown",
            Action.NOTE,
            all_of(unstated("night_premium"), WORKS_AT_NIGHT),
            ("night_premium",),
            VACANCIES,
        ),
    ),
    Rule(
        code="weekly_rest",
        action=Action.BLOCK,
        broken=below("weekly_rest_hours", WEEKLY_REST_HOURS),
        fields=("weekly_rest_hours",),
        source=f"{LAW} 147",
        indicator=Indicator.ABUSIVE_CONDITIONS,
        limits={"limit": WEEKLY_REST_HOURS},
        silence=Silence(
            "weekly_rest_unknown",
            Action.REVIEW,
            unstated("weekly_rest_hours"),
            ("weekly_rest_hours",),
            VACANCIES,
        ),
    ),
    Rule(
        code="below_minimum_wage",
        action=Action.BLOCK,
        broken=_below_floor,
        fields=("monthly_wage_usd", "sector"),
        source=WAGE_LAW,
        indicator=Indicator.ABUSIVE_CONDITIONS,
        proof=_wage_proof,
        silence=Silence(
            "minimum_wage_unknown",
            Action.REVIEW,
            _wage_not_judged,
            ("monthly_wage_usd",),
            VACANCIES,
        ),
    ),
    Rule(
        code="fixed_term",
        action=Action.REVIEW,
        broken=above("fixed_term_months", FIXED_TERM_MONTHS),
        fields=("fixed_term_months",),
        source=f"{LAW} 67",
        limits={"limit": FIXED_TERM_MONTHS},
    ),
    Rule(
        code="unwritten_contract",
        action=Action.REVIEW,
        broken=no("written_contract"),
        fields=("written_contract",),
        source=f"{LAW} 67",
        indicator=Indicator.DECEPTION,
        silence=Silence(
            "written_contract_unknown",
            Action.NOTE,
            unstated("written_contract"),
            ("written_contract",),
            VACANCIES,
        ),
    ),
    Rule(
        code="nssf_not_registered",
        action=Action.REVIEW,
        broken=no("nssf_registered"),
        fields=("nssf_registered",),
        source="Law on Social Security Schemes, 2019",
        basis="recalled",
        silence=Silence(
            "nssf_unknown",
            Action.NOTE,
            unstated("nssf_registered"),
            ("nssf_registered",),
            VACANCIES,
        ),
    ),
    Rule(
        code="annual_leave",
        action=Action.REVIEW,
        broken=below("annual_leave_days_per_month", LEAVE_DAYS_PER_MONTH),
        fields=("annual_leave_days_per_month",),
        source=f"{LAW} 166",
        limits={"limit": LEAVE_DAYS_PER_MONTH},
        silence=Silence(
            "annual_leave_unknown",
            Action.NOTE,
            unstated("annual_leave_days_per_month"),
            ("annual_leave_days_per_month",),
            VACANCIES,
        ),
    ),
)

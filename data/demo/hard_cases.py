"""Hard cases among vacancies: each breaks one rule of the vacancy screen, and no other.

The rules follow the ILO's eleven indicators of forced labour (2012), its definition of
recruitment fees and related costs (2019) and the Cambodian Labour Law of 1997.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from data.demo.dice import Dice
from data.demo.ground import Record

Change = Callable[[Dice, Record], Record]


@dataclass(frozen=True)
class HardCase:
    """One way in which a vacancy is unsafe, doubtful or silent.

    Attributes
    ----------
    name
        Name in ``World.cases``.
    expected
        What the screen should come to: ``block``; ``review``; or ``unclear``, which is anything
        but clear.
    change
        Fields of a lawful vacancy that change; ``None`` where the employer brings the case.
    sector
        The only sector with this case; empty for every sector.
    weight
        Weight among the cases that a posting brings.
    """

    name: str
    expected: Literal["block", "review", "unclear"]
    change: Change | None = None
    sector: str = ""
    weight: float = 1.0


def _set(**fields: object) -> Change:
    return lambda _, __: dict(fields)


def _amount(field: str, low: int, high: int) -> Change:
    return lambda dice, _: {field: float(dice.whole(low // 5, high // 5) * 5)}


def _add_setting(record: Record, setting: str) -> list[str]:
    return list(dict.fromkeys([*record["settings"], setting]))


def _night(**fields: object) -> Change:
    def change(_: Dice, record: Record) -> Record:
        settings = _add_setting(record, "night_work")
        return {"night_work": True, "night_premium": 1.5, "settings": settings, **fields}

    return change


def _young(min_age: float, *, hazardous: bool = False) -> Change:
    """Admit the young to day work, so that age alone (or with hazard) is what is wrong."""

    def change(_: Dice, record: Record) -> Record:
        settings = [setting for setting in record["settings"] if setting != "night_work"]
        day = {"night_work": False, "night_premium": None, "settings": settings}
        return {"min_age": min_age, "hazardous": hazardous, **day}

    return change


def _live_in(_: Dice, record: Record) -> Record:
    settings = _add_setting(record, "live_in")
    return {"live_in": True, "housing_provided": True, "settings": settings}


def _guarded(_: Dice, record: Record) -> Record:
    return {"guarded_compound": True, "settings": _add_setting(record, "enclosed_site")}


def _words(text: str, *unstated: str) -> Change:
    return lambda _, __: {"added_words": text, **dict.fromkeys(unstated)}


def _below_minimum(_: Dice, record: Record) -> Record:
    low = round(record["monthly_wage_usd"] * 0.75, 0)
    return {"monthly_wage_usd": low, "monthly_wage_max_usd": None}


def _one_sex(dice: Dice, _: Record) -> Record:
    return {"gender_only": dice.one(("female", "male"))}


def _unstated(*fields: str) -> Change:
    return lambda _, __: dict.fromkeys(fields)


SAFETY_FACTS = (
    "hours_per_day", "hours_per_week", "overtime_hours_per_day", "overtime_compulsory",
    "overtime_premium", "rest_day_premium", "night_premium", "weekly_rest_hours", "night_work",
    "min_age", "hazardous", "annual_leave_days_per_month", "fixed_term_months",
    "written_contract", "nssf_registered", "worker_fee_usd", "deposit_usd", "documents_kept",
    "debt_worked_off", "live_in", "cross_border", "via_broker", "guarded_compound",
)  # fmt: skip
"""What the screen wants to know of a vacancy."""

HARD_CASES: tuple[HardCase, ...] = (
    HardCase("fee_charged", "block", _amount("worker_fee_usd", 30, 250)),
    HardCase(
        "fee_in_words",
        "unclear",
        _words("You pay for the medical check and the uniform.", "worker_fee_usd"),
    ),
    HardCase("documents_kept", "block", _set(documents_kept=True)),
    HardCase("deposit_asked", "block", _amount("deposit_usd", 20, 200)),
    HardCase("debt_worked_off", "block", _set(debt_worked_off=True)),
    HardCase("hours_per_day_over", "block", _set(hours_per_day=9.5, hours_per_week=47.5)),
    HardCase("hours_per_week_over", "block", _set(hours_per_day=8.0, hours_per_week=52.0)),
    HardCase("overtime_compulsory", "block", _set(overtime_compulsory=True)),
    HardCase("overtime_over", "block", _set(overtime_hours_per_day=3.5)),
    HardCase(
        "overtime_premium_low", "block", _set(overtime_hours_per_day=1.0, overtime_premium=1.25)
    ),
    HardCase("rest_day_premium_low", "block", _set(rest_day_premium=1.5)),
    HardCase("night_premium_low", "block", _night(night_premium=1.1)),
    HardCase("weekly_rest_short", "block", _set(weekly_rest_hours=12.0)),
    HardCase("age_under_15", "block", _young(13.0)),
    HardCase("age_hazardous", "block", _young(16.0, hazardous=True)),
    HardCase("age_night", "block", _night(min_age=16.0, hazardous=False)),
    HardCase("cross_border", "review", _set(cross_border=True)),
    HardCase("via_broker", "review", _set(via_broker=True)),
    HardCase("guarded_compound", "review", _guarded),
    HardCase("live_in", "review", _live_in),
    HardCase("fixed_term_long", "review", _set(fixed_term_months=36.0)),
    HardCase("contract_unwritten", "review", _set(written_contract=False)),
    HardCase("nssf_unregistered", "review", _set(nssf_registered=False)),
    HardCase("annual_leave_short", "review", _set(annual_leave_days_per_month=1.0)),
    HardCase("one_sex_only", "review", _one_sex),
    HardCase("upper_age_limit", "review", _set(max_age=30.0)),
    HardCase("wage_below_minimum", "block", _below_minimum, "garment", 4.0),
    HardCase("silent_posting", "unclear", _unstated(*SAFETY_FACTS)),
    HardCase("fee_unstated", "unclear", _unstated("worker_fee_usd", "deposit_usd")),
    HardCase("papers_unstated", "unclear", _unstated("documents_kept", "debt_worked_off")),
    HardCase("hours_unstated", "unclear", _unstated("hours_per_day", "hours_per_week")),
    HardCase("rest_unstated", "unclear", _unstated("weekly_rest_hours", "overtime_compulsory")),
    HardCase("employer_not_vetted", "block"),
    HardCase("employer_vetting_expired", "block"),
    HardCase("employer_harm_report", "block"),
    HardCase("domestic_work", "review"),
    HardCase("brick_kiln", "review"),
    HardCase("distant_water_fishing", "review"),
)
"""Every screen rule, each with vacancies of its own in ``World.cases``."""

OF_THE_POSTING = tuple(case for case in HARD_CASES if case.change is not None)
"""Cases that a posting brings by itself; the others come with the employer."""

CIRCUMSTANCES = (
    "no_wage",
    "vague_place",
    "ambiguous_place",
    "several_places",
    "closed",
    "no_seats",
    "starts_late",
    "closing_unknown",
    "seats_unknown",
)
"""Ordinary incompleteness of a posting, beside safety; also in ``World.cases``."""

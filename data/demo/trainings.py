"""Trainings: free state courses in every province, and courses of other providers."""

from __future__ import annotations

import datetime as dt
from functools import cache

from data.demo.dice import Dice, Table
from data.demo.employers import STATE_CENTRES, TRAINERS
from data.demo.ground import Ground, Record
from data.demo.marginals import rows
from data.demo.postings import SAFE, closed_dates, open_dates, place_named, standing

_READING = 0.35
_DAY = {
    "hours_per_day": 8.0,
    "hours_per_week": 40.0,
    "overtime_hours_per_day": 0.0,
    "overtime_compulsory": False,
    "weekly_rest_hours": 48.0,
    "night_work": False,
    "hazardous": False,
}


def training_provider(dice: Dice, ground: Ground) -> int:
    """Return the number of the provider of a training among all employers."""
    share = ground.marginals
    if not dice.chance(share["state_course"]):
        return STATE_CENTRES + dice.whole(0, TRAINERS - 1)
    if dice.chance(share["state_centres_even_share"]):
        return dice.whole(0, STATE_CENTRES - 1)
    return sorted(ground.districts).index(dice.draw(ground.homes["local"]))


def training(dice: Dice, ground: Ground, employer: Record, as_of: dt.date) -> Record:
    """Draw a training: fields of the opportunity, but for its id and kind."""
    state = employer["sector"] == "public"
    livelihood = dice.draw(_courses(tuple(sorted(ground.required)), state))
    row = ground.livelihoods[livelihood]
    reads = dice.chance(_READING)
    return {
        **standing(employer),
        "title": f"{row['name_en']}: {'state course' if state else 'course'}",
        "title_km": f"វគ្គបណ្ដុះបណ្ដាល {row['name_km']}",
        "sector": "education",
        "livelihood": livelihood,
        "isco_code": str(row["isco_code"]),
        "places": [employer["place"]],
        "place_text": place_named(ground, employer["place"]),
        "home_based": False,
        **SAFE,
        **_DAY,
        **(_state_terms(ground) if state else _other_terms(dice, ground, row)),
        "teaches": _taught(dice, ground, livelihood),
        "required_skills": [],
        "required_documents": ["national_id"] if state and dice.chance(0.5) else [],
        "requires_reading": reads,
        "required_schooling": "primary" if reads else "none",
        "min_age": 15.0,
        "demands": list(row["demands"]),
        "adaptable": dice.chance(ground.marginals["adaptable"]),
        "settings": [],
        **_when(dice, ground, as_of),
        "description": _description(row, state),
    }


@cache
def _courses(known: tuple[str, ...], state: bool) -> Table[str]:
    weights = {row["livelihood"]: float(row["state" if state else "other"]) for row in _rows()}
    return Table((code, weights.get(code, 0.0)) for code in known)


@cache
def _rows() -> list[dict[str, str]]:
    return rows("courses.csv")


def _state_terms(ground: Ground) -> Record:
    share = ground.marginals
    return {
        "course_months": share["state_course_months"],
        "stipend_usd": round(share["state_stipend_khr"] / share["khr_per_usd"], 2),
        "course_fee_usd": 0.0,
        "housing_provided": False,
        "transport_provided": False,
    }


def _other_terms(dice: Dice, ground: Ground, row: Record) -> Record:
    share = ground.marginals
    stipend = round(dice.spread(share["ngo_stipend_usd"], 0.4) / 5) * 5.0
    fee = round(dice.between(20, 120) / 10) * 10.0
    return {
        "course_months": max(float(row["course_months"]), 0.5),
        "stipend_usd": stipend if dice.chance(share["ngo_stipend"]) else 0.0,
        "course_fee_usd": fee if dice.chance(share["ngo_fee"]) else 0.0,
        "housing_provided": dice.chance(share["ngo_boarding"]),
        "transport_provided": dice.chance(share["transport_provided"]),
    }


def _taught(dice: Dice, ground: Ground, livelihood: str) -> list[str]:
    required, useful = ground.required[livelihood], ground.useful[livelihood]
    return [*required, *dice.some(useful, dice.whole(2, 5))]


def _when(dice: Dice, ground: Ground, as_of: dt.date) -> Record:
    share = ground.marginals
    dates, past = open_dates(dice, ground, as_of), closed_dates(dice, as_of)
    closed, full = dice.chance(share["course_closed"]), dice.chance(share["course_full"])
    return {**(past if closed else dates), "seats": 0.0 if full else float(dice.whole(8, 25))}


def _description(row: Record, state: bool) -> str:
    if state:
        return f"Free four-month course with a monthly stipend. Learn {_lower(row)} in practice."
    return f"Small class with practice from the first week. Learn {_lower(row)}."


def _lower(row: Record) -> str:
    name = str(row["name_en"])
    return name[:1].lower() + name[1:]

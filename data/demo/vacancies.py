"""Vacancies: lawful and fully stated, then changed by a hard case or a circumstance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache

from data.demo.dice import Dice, Table
from data.demo.ground import Ground, Record
from data.demo.hard_cases import OF_THE_POSTING, HardCase
from data.demo.marginals import rows
from data.demo.postings import SAFE, closed_dates, open_dates, place_named, standing

Job = Mapping[str, str]

_POSTING_CASES = Table((case, case.weight) for case in OF_THE_POSTING)
_CAPITALS = ("12", "18")
_VAGUE = ("Provinces", "Phnom Penh and provinces", "Near the border", "Several sites", "ខេត្ត")


@cache
def jobs(sector: str) -> Table[Job]:
    """Jobs of a sector by weight; a job that only a hard case brings weighs nothing elsewhere."""
    of_sector = [row for row in rows("jobs.csv") if row["sector"] == sector]
    return Table((row, float(row["weight"]) or 1.0) for row in of_sector)


def posting_case(ground: Ground, share: float, sector: str) -> HardCase | None:
    """Hard case that lies at a share in [0, 1) of all vacancies of employers in good standing."""
    place = share / ground.marginals["safety_case"]
    if place >= 1:
        return None
    case = _POSTING_CASES.at(place)
    return case if case.sector in ("", sector) else None


def vacancy(
    dice: Dice, ground: Ground, employer: Record, as_of: dt.date, case: HardCase | None
) -> tuple[Record, str | None]:
    """Draw a vacancy of an employer.

    Parameters
    ----------
    dice
        The opportunity's dice.
    ground
        Reference tables and marginals.
    employer
        Who offers it.
    as_of
        Day of the world.
    case
        The hard case it shows, if any.

    Returns
    -------
    Record
        Fields of the opportunity, but for its id and kind.
    circumstance : str or None
        What is incomplete about it beside safety.
    """
    job = dice.draw(jobs(employer["sector"]))
    place = _place(dice, ground, employer["place"])
    record: Record = {
        **standing(employer),
        **_work(dice, ground, job),
        "places": [place],
        "place_text": place_named(ground, place),
        **_wage(dice, ground, job, place, as_of),
        **_conditions(dice, job),
        **_comforts(dice, ground, job),
        **open_dates(dice, ground, as_of),
        "seats": float(dice.draw(ground.marginals.table("seats"))),
    }
    circumstance = _circumstance(dice, ground)
    if case is not None and case.name == "wage_below_minimum" and circumstance == "no_wage":
        circumstance = None
    if circumstance is not None:
        record |= _CHANGES[circumstance](dice, ground, as_of, record)
    if case is not None and case.change is not None:
        record |= case.change(dice, record)
    record["description"] = _description(job, record, record.pop("added_words", ""))
    return record, circumstance


def _place(dice: Dice, ground: Ground, at: str) -> str:
    share = ground.marginals
    elsewhere = ground.workplace(dice, at[:2], dice.draw(share.table("vacancy_place_level")))
    return at if dice.chance(share["at_employers_place"]) else elsewhere


def _work(dice: Dice, ground: Ground, job: Job) -> Record:
    livelihood = job["livelihood"]
    required = ground.required.get(livelihood, ())
    useful = ground.useful.get(livelihood, ())
    skilled = float(job["required_experience_years"]) > 0
    needed = dice.some(required, 2) if skilled else dice.some(required, dice.whole(0, 1))
    return {
        "title": job["title_en"],
        "title_km": job["title_km"],
        "sector": job["sector"],
        "livelihood": livelihood or None,
        "isco_code": job["isco_code"],
        "required_skills": needed,
        "useful_skills": [s for s in dice.some(useful, 4) if s not in needed],
        "required_documents": _words(job["required_documents"]),
        "requires_reading": job["requires_reading"] == "1",
        "required_schooling": job["required_schooling"] or "none",
        "required_experience_years": float(job["required_experience_years"]),
        "demands": _words(job["demands"]),
        "settings": _words(job["settings"]),
        "home_based": False,
    }


def _words(cell: str) -> list[str]:
    return cell.split(";") if cell else []


def _wage(dice: Dice, ground: Ground, job: Job, place: str, as_of: dt.date) -> Record:
    share = ground.marginals
    low = dice.between(float(job["wage_low_usd"]), float(job["wage_high_usd"]))
    if place[:2] not in _CAPITALS:
        low *= share["wage_outside_capital"]
    if job["sector"] == "garment":
        low = max(low, ground.minimum_wage(as_of.year))
    low = float(round(low / 5) * 5)
    ranged = dice.chance(share["range_posted"])
    high = low * dice.between(1.05, share["wage_range"])
    return {
        "monthly_wage_usd": low,
        "monthly_wage_max_usd": float(round(high / 5) * 5) if ranged else None,
    }


def _conditions(dice: Dice, job: Job) -> Record:
    settings = _words(job["settings"])
    night = "night_work" in settings
    hazardous = job["sector"] == "construction" or "heavy_machinery" in settings
    return {
        **SAFE,
        "hours_per_day": 8.0,
        "hours_per_week": dice.one((48.0, 48.0, 48.0, 44.0, 40.0)),
        "overtime_hours_per_day": dice.one((0.0, 0.0, 1.0, 2.0)),
        "overtime_compulsory": False,
        "overtime_premium": 1.5,
        "rest_day_premium": 2.0,
        "night_work": night,
        "night_premium": 1.5 if night else None,
        "weekly_rest_hours": dice.one((24.0, 24.0, 36.0, 48.0)),
        "min_age": 18.0 if night or hazardous or dice.chance(0.9) else 16.0,
        "max_age": None,
        "gender_only": None,
        "hazardous": hazardous,
        "annual_leave_days_per_month": 1.5,
        "fixed_term_months": dice.one((0.0, 0.0, 6.0, 12.0, 24.0)),
        "written_contract": True,
        "nssf_registered": True,
    }


def _comforts(dice: Dice, ground: Ground, job: Job) -> Record:
    share = ground.marginals
    return {
        "housing_provided": dice.chance(share["housing_provided"]),
        "transport_provided": dice.chance(share.of("transport_provided", job["sector"])),
        "adaptable": dice.chance(share["adaptable"]),
    }


def _circumstance(dice: Dice, ground: Ground) -> str | None:
    at = dice.unit()
    for name, part in ground.marginals.parts("circumstance").items():
        if at < part:
            return name
        at -= part
    return None


def _vague(dice: Dice, ground: Ground, as_of: dt.date, record: Record) -> Record:
    return {"places": None, "place_text": dice.one(_VAGUE)}


def _ambiguous(dice: Dice, ground: Ground, as_of: dt.date, record: Record) -> Record:
    return {"places": None, "place_text": dice.one(ground.shared_names)}


def _several(dice: Dice, ground: Ground, as_of: dt.date, record: Record) -> Record:
    first = record["places"][0]
    near = ground.districts[first[:2]]
    far = dice.draw(ground.job_provinces["town"])
    places = dict.fromkeys([first, *dice.some(near, 2), *([far] if dice.chance(0.4) else [])])
    return {"places": list(places), "place_text": "; ".join(ground.names[p] for p in places)}


def _starts_late(dice: Dice, ground: Ground, as_of: dt.date, record: Record) -> Record:
    return {"starts_on": as_of + dt.timedelta(days=dice.whole(90, 200))}


_CHANGES: Mapping[str, Callable[[Dice, Ground, dt.date, Record], Record]] = {
    "no_wage": lambda *_: {"monthly_wage_usd": None, "monthly_wage_max_usd": None},
    "vague_place": _vague,
    "ambiguous_place": _ambiguous,
    "several_places": _several,
    "closed": lambda dice, _, as_of, __: closed_dates(dice, as_of),
    "no_seats": lambda *_: {"seats": 0.0},
    "starts_late": _starts_late,
    "closing_unknown": lambda *_: {"closes_on": None},
    "seats_unknown": lambda *_: {"seats": None},
}


def _description(job: Job, record: Record, added: str) -> str:
    hours, week = record["hours_per_day"], record["hours_per_week"]
    seats = record["seats"]
    sentences = [
        job["task"],
        f"{hours:g} hours a day, {week:g} a week." if hours and week else "",
        f"{seats:g} people wanted." if seats and seats > 1 else "",
        "Shared transport is paid." if record["transport_provided"] else "",
        "A room is provided." if record["housing_provided"] else "",
        added,
    ]
    return " ".join(sentence for sentence in sentences if sentence)

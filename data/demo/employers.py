"""Employers in blocks, and the fixed providers of trainings and grants.

Employers come in blocks that go with blocks of opportunities, so that the employer of
opportunity *i* does not depend on how many opportunities are asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache

from data.demo import names
from data.demo.dice import Dice, Stream, Table, even_pair
from data.demo.ground import Ground, Record
from data.demo.marginals import rows

STATE_CENTRES, TRAINERS, FUNDERS = 25, 25, 20
PROVIDERS = STATE_CENTRES + TRAINERS + FUNDERS

REVIEWED_SECTORS = ("domestic_work", "brick_kiln", "distant_water_fishing")
"""Sectors that are a reason for review by themselves; their employers are in good standing."""


@cache
def where_of(sector: str) -> Table[str]:
    """Kinds of place where a sector's jobs are, by the weight of the jobs."""
    jobs = [row for row in rows("jobs.csv") if row["sector"] == sector]
    return Table((row["where"], float(row["weight"]) or 1.0) for row in jobs)


def employer(seed: int, ground: Ground, number: int, as_of: dt.date) -> Record:
    """Draw an employer, from 0; the first are the providers of trainings and grants."""
    if number < STATE_CENTRES:
        return _state_centre(seed, ground, number, as_of)
    if number < STATE_CENTRES + TRAINERS:
        return _provider(seed, ground, number, as_of, names.trainer, "education")
    if number < PROVIDERS:
        return _provider(seed, ground, number, as_of, names.funder, "services")
    return _company(seed, ground, number, as_of)


def _record(number: int, name: str, sector: str, place: str, standing: Record) -> Record:
    named = {"employer_id": f"E-{number + 1:05d}", "employer_name": name}
    return {**named, "sector": sector, "place": place, **standing}


def _standing(dice: Dice, state: str, as_of: dt.date) -> Record:
    until = as_of + dt.timedelta(days=dice.whole(30, 700))
    ended = as_of - dt.timedelta(days=dice.whole(5, 300))
    vetted_until = {"not_vetted": None, "vetting_expired": ended}.get(state, until)
    return {
        "employer_vetted": state != "not_vetted",
        "vetted_until": vetted_until,
        "harm_report_open": state == "harm_report",
    }


def _state_centre(seed: int, ground: Ground, number: int, as_of: dt.date) -> Record:
    dice = Dice(seed, Stream.EMPLOYER, number)
    province = sorted(ground.districts)[number % len(ground.districts)]
    name = f"{ground.names[province]} Provincial Training Centre"
    standing = _standing(dice, "vetted", as_of)
    return _record(number, name, "public", ground.capital_districts[province], standing)


def _provider(
    seed: int,
    ground: Ground,
    number: int,
    as_of: dt.date,
    name: Callable[[Dice], str],
    sector: str,
) -> Record:
    dice = Dice(seed, Stream.EMPLOYER, number)
    place = dice.one(ground.districts[dice.draw(ground.homes["local"])])
    return _record(number, name(dice), sector, place, _standing(dice, "vetted", as_of))


def _company(seed: int, ground: Ground, number: int, as_of: dt.date) -> Record:
    dice, share = Dice(seed, Stream.EMPLOYER, number), ground.marginals
    at_sector, at_state = even_pair(start(seed), number)
    sector = share.table("sector").at(at_sector)
    state = "vetted" if sector in REVIEWED_SECTORS else share.table("employer_state").at(at_state)
    province = dice.draw(ground.job_provinces[dice.draw(where_of(sector))])
    place = ground.workplace(dice, province, dice.draw(share.table("vacancy_place_level")))
    standing = _standing(dice, state, as_of)
    return _record(number, names.company(dice, sector), sector, place, standing)


def start(seed: int) -> tuple[float, float]:
    """Start of the world's even sequences."""
    dice = Dice(seed, Stream.WORLD, 0)
    return dice.unit(), dice.unit()


def standing_case(employer: Record, as_of: dt.date) -> str | None:
    """Name of the hard case that an employer brings to its offers, if any."""
    if not employer["employer_vetted"]:
        return "employer_not_vetted"
    if employer["vetted_until"] < as_of:
        return "employer_vetting_expired"
    if employer["harm_report_open"]:
        return "employer_harm_report"
    return employer["sector"] if employer["sector"] in REVIEWED_SECTORS else None

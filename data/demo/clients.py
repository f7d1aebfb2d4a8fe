"""Clients: who comes, what they have done, what they can and what they do not want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from data.demo.dice import Dice, Stream, Table
from data.demo.ground import LANGUAGES, Ground, Record
from data.demo.marginals import rows
from data.demo.wishes import wishes

T = TypeVar("T")

_WORKING_AGE = 14


@dataclass(frozen=True)
class Background:
    """A kind of past work, with the skills and the settings it leaves behind."""

    name: str
    isco_code: str
    livelihoods: tuple[str, ...]
    settings: tuple[str, ...]


@cache
def backgrounds(origin: str, sex: str) -> Table[Background]:
    """Past work of clients of one sex who come home from one country."""
    return Table((_background(row), _weight(row, origin, sex)) for row in rows("backgrounds.csv"))


def _background(row: Mapping[str, str]) -> Background:
    livelihoods, settings = row["livelihoods"], row["settings_often_avoided"]
    return Background(
        row["background"],
        row["isco_code"],
        tuple(livelihoods.split(";")) if livelihoods else (),
        tuple(settings.split(";")) if settings else (),
    )


def _weight(row: Mapping[str, str], origin: str, sex: str) -> float:
    return float(row[origin]) * (float(row[sex]) if sex in row else 1.0)


def client(
    seed: int, ground: Ground, number: int, cohort: Mapping[str, str], home: Record
) -> Record:
    """Draw a client.

    Parameters
    ----------
    seed
        Seed of the world.
    ground
        Reference tables and marginals.
    number
        Which client it is, from 0.
    cohort
        The group she or he came with: its name and origin.
    home
        Record of the household.
    """
    dice, share = Dice(seed, Stream.CLIENT, number), ground.marginals
    origin = cohort["origin"]
    sex = _sex(dice, ground, origin)
    age = _age(dice, ground)
    schooling = dice.draw(share.table("schooling"))
    past = _past_work(dice, ground, origin, sex)
    return {
        "client_id": f"C-{number + 1:06d}",
        "cohort": cohort["cohort"],
        **home,
        "consent_to_match": _CONSENT[dice.draw(share.table("consent"))],
        "sex": sex,
        "age_years": age,
        "schooling": schooling,
        "can_read": asked(dice, ground, dice.chance(share[f"can_read.{schooling}"])),
        "has_phone": asked(dice, ground, dice.chance(share["has_phone"])),
        "transport": asked(dice, ground, dice.draw(share.table("transport"))),
        "max_commute_minutes": asked(dice, ground, _commute(dice, ground)),
        "willing_to_relocate": asked(dice, ground, dice.chance(share["willing_to_relocate"])),
        "documents": asked(dice, ground, _documents(dice, ground, age)),
        "difficulties": asked(dice, ground, _difficulties(dice, ground, age)),
        "capital_usd": asked(dice, ground, _capital(dice, ground)),
        "experience": _experience(dice, ground, age, past),
        "skills": _skills(dice, ground, origin, past),
        **wishes(dice, ground, origin, home["home_place"], _settings(past)),
    }


_CONSENT = {"yes": True, "no": False, "unknown": None}


def asked(dice: Dice, ground: Ground, answer: T) -> T | None:
    """Answer to an intake question, or ``None`` where it was left unasked."""
    return None if dice.chance(ground.marginals["unasked"]) else answer


def _sex(dice: Dice, ground: Ground, origin: str) -> str:
    share = ground.marginals
    other, female = dice.chance(share["sex_other"]), dice.chance(share.of("female", origin))
    if other:
        return "other"
    return "female" if female else "male"


def _age(dice: Dice, ground: Ground) -> float:
    share = ground.marginals
    band = dice.draw(share.table("age_band"))
    return round(dice.between(float(band), share[f"age_band_end.{band}"] - 0.1), 1)


def _commute(dice: Dice, ground: Ground) -> float:
    return float(dice.draw(ground.marginals.table("max_commute_minutes")))


def _documents(dice: Dice, ground: Ground, age: float) -> list[str]:
    held = [
        document
        for document, part in ground.marginals.parts("document").items()
        if dice.chance(part)
    ]
    return held if age >= 18 else [d for d in held if not d.startswith("driving_licence")]


def _difficulties(dice: Dice, ground: Ground, age: float) -> list[str]:
    share = ground.marginals
    by_age = {float(start): part for start, part in share.parts("difficulty_any").items()}
    some = dice.chance(by_age[max(start for start in by_age if start <= age)])
    first, second = (dice.draw(share.table("difficulty")) for _ in range(2))
    more = dice.chance(share["difficulty_second"])
    if not some:
        return []
    return sorted({first, second}) if more else [first]


def _capital(dice: Dice, ground: Ground) -> float:
    share = ground.marginals
    amount = round(dice.spread(share["capital_usd"], share["capital_sigma"]), -1)
    return amount if dice.chance(share["has_capital"]) else 0.0


def _past_work(dice: Dice, ground: Ground, origin: str, sex: str) -> list[Background]:
    table = backgrounds(origin, sex)
    first, second = dice.draw(table), dice.draw(table)
    both = dice.chance(ground.marginals["second_background"]) and second != first
    return [first, second] if both else [first]


def _settings(past: list[Background]) -> list[str]:
    return list(dict.fromkeys(setting for work in past for setting in work.settings))


def _experience(dice: Dice, ground: Ground, age: float, past: list[Background]) -> dict[str, float]:
    left = max(age - _WORKING_AGE, 0.5)
    years: dict[str, float] = {}
    for work in past:
        spent = min(dice.spread(ground.marginals["years_of_past_work"], 0.8), left)
        years[work.isco_code] = round(max(spent, 0.1), 1)
        left = max(left - spent, 0.1)
    return years


def _skills(dice: Dice, ground: Ground, origin: str, past: list[Background]) -> list[str]:
    share = ground.marginals
    known = ground.skills_of(code for work in past for code in work.livelihoods)
    named = dice.few(known, share["skill_of_past_work"])
    general = dice.some(ground.general_skills, dice.whole(0, 3))
    spoken = [LANGUAGES[origin]] if origin in LANGUAGES else []
    english = ["English"] if dice.chance(share["speaks_english"]) else []
    if dice.chance(share["tiny_skill_set"]):
        return named[: dice.whole(0, 1)]
    return list(dict.fromkeys([*named, *general, *spoken, *english]))

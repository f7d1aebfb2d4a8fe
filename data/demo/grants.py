"""Grants: a kit or a sum for one livelihood, in the provinces or districts a round serves."""

from __future__ import annotations

import datetime as dt
from functools import cache

from data.demo.dice import Dice, Table
from data.demo.employers import FUNDERS, STATE_CENTRES, TRAINERS
from data.demo.ground import Ground, Record
from data.demo.marginals import rows
from data.demo.postings import SAFE, hundred_or_ten, open_dates, standing

_NEAR = 3


def grant_provider(dice: Dice) -> int:
    """Return the number of the programme of a grant among all employers."""
    return STATE_CENTRES + TRAINERS + dice.whole(0, FUNDERS - 1)


def grant(dice: Dice, ground: Ground, employer: Record, as_of: dt.date) -> Record:
    """Draw a grant: fields of the opportunity, but for its id and kind."""
    livelihood = dice.draw(_funded(tuple(sorted(ground.livelihoods))))
    row = ground.livelihoods[livelihood]
    places = _served(dice, ground)
    return {
        **standing(employer),
        "title": f"{row['name_en']}: start-up grant",
        "title_km": f"មូលនិធិចាប់ផ្ដើម {row['name_km']}",
        "description": f"A kit and a sum to start or widen {_lower(row)}, with two visits.",
        "sector": str(row["sector"]),
        "livelihood": livelihood,
        "isco_code": str(row["isco_code"]),
        "places": places,
        "place_text": "; ".join(ground.names[place] for place in places),
        "home_based": True,
        **SAFE,
        "adaptations": _adaptations(dice, ground, livelihood),
        "grant_usd": _amount(dice, ground, row),
        "required_skills": [],
        "required_documents": ["family_book"] if dice.chance(0.25) else [],
        "requires_reading": False,
        "required_schooling": "none",
        "min_age": 18.0,
        "demands": list(row["demands"]),
        "settings": [],
        "adaptable": True,
        **open_dates(dice, ground, as_of),
        "seats": float(dice.whole(3, 20)),
    }


@cache
def _funded(known: tuple[str, ...]) -> Table[str]:
    weights = {row["livelihood"]: float(row["grant"]) for row in rows("courses.csv")}
    return Table((code, weights.get(code, 0.0)) for code in known)


def _served(dice: Dice, ground: Ground) -> list[str]:
    share, provinces = ground.marginals, sorted(ground.districts)
    if dice.chance(share["grant_in_districts"]):
        return dice.some(ground.districts[dice.one(provinces)], dice.whole(1, _NEAR))
    return dice.some(provinces, dice.whole(1, int(share["grant_provinces"])))


def _adaptations(dice: Dice, ground: Ground, livelihood: str) -> list[str]:
    known = ground.adaptations.get(livelihood, ())
    return dice.some(known, 1) if dice.chance(ground.marginals["grant_adapts"]) else []


def _amount(dice: Dice, ground: Ground, row: Record) -> float:
    share = ground.marginals
    low, high = float(row["startup_low_usd"]), float(row["startup_high_usd"])
    middle = low + (high - low) * share["grant_share_of_range"]
    amount = dice.spread(max(middle, 1.0), 0.25)
    return hundred_or_ten(min(max(amount, share["grant_floor_usd"]), share["grant_ceiling_usd"]))


def _lower(row: Record) -> str:
    name = str(row["name_en"])
    return name[:1].lower() + name[1:]

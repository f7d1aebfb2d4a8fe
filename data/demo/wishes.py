"""What a client wants and does not want, as an officer would have written it down."""

from __future__ import annotations

from functools import cache
from typing import Any

from data.demo.dice import Dice, Table
from data.demo.ground import Ground, Record
from data.demo.marginals import rows

_KINDS = ("vacancy", "training", "grant")
_OTHER_SETTINGS = ("live_in", "night_work", "alcohol_served", "far_from_home", "enclosed_site")


def wishes(
    dice: Dice, ground: Ground, origin: str, home_place: str | None, settings: list[str]
) -> Record:
    """Draw exclusions, settings to avoid and preferences.

    Parameters
    ----------
    dice
        The client's dice.
    ground
        Reference tables and marginals.
    origin
        Where the client comes home from.
    home_place
        Geocode of the home, where known.
    settings
        Settings of the client's past work: the likeliest to be avoided.

    Returns
    -------
    Record
        Five fields; each is ``None`` where it was not asked and empty where there is nothing.
    """
    share = ground.marginals
    drawn: dict[str, list[str]] = {
        "exclusion_areas": _areas(dice, ground, home_place),
        "avoid_settings": _settings(dice, ground, settings),
        "excluded_livelihoods": _exclusions(dice, ground, origin),
        "preferred_livelihoods": _preferred(dice, ground),
        "preferred_kinds": dice.some(_KINDS, dice.whole(1, 2))
        if dice.chance(share["prefers_a_kind"])
        else [],
    }
    return {
        name: None if dice.chance(share["unasked_wish"]) else answer
        for name, answer in drawn.items()
    }


def _areas(dice: Dice, ground: Ground, home_place: str | None) -> list[str]:
    if not dice.chance(ground.marginals["excludes_an_area"]):
        return []
    province = dice.one(sorted(ground.districts))
    district = dice.one(ground.districts[(home_place or province)[:2]])
    if home_place is None or home_place[:2] != province:
        return [province] if dice.chance(0.6) else [district]
    return [district]


def _settings(dice: Dice, ground: Ground, of_past_work: list[str]) -> list[str]:
    if not dice.chance(ground.marginals["avoids_a_setting"]):
        return []
    pool = of_past_work or list(_OTHER_SETTINGS)
    return dice.some(pool, dice.whole(1, 2))


def _exclusions(dice: Dice, ground: Ground, origin: str) -> list[str]:
    share = ground.marginals
    if not dice.chance(share.of("excludes_a_livelihood", origin)):
        return []
    table, wordings = _excluded(ground, origin), share.table("exclusion_wording")
    found = [
        wording(dice, ground.livelihoods[dice.draw(table)], dice.draw(wordings))
        for _ in range(dice.whole(1, 2))
    ]
    return list(dict.fromkeys(found))


def _excluded(ground: Ground, origin: str) -> Table[str]:
    return _excluded_table(tuple(ground.livelihoods), origin)


@cache
def _excluded_table(livelihoods: tuple[str, ...], origin: str) -> Table[str]:
    factors = {
        (row["livelihood"], row["origin"]): float(row["weight"]) for row in rows("excluded.csv")
    }
    return Table(
        (code, factors.get((code, origin), factors.get((code, "any"), 1.0))) for code in livelihoods
    )


def wording(dice: Dice, livelihood: dict[str, Any], how: str) -> str:
    """Name of a livelihood in one of the ways an officer writes it.

    Parameters
    ----------
    dice
        Chooses among several keywords.
    livelihood
        Row of the livelihood.
    how
        ``code``, ``name_en``, ``name_km``, ``keyword``, ``isco_unit`` or ``isco_minor``.
    """
    isco = str(livelihood["isco_code"])
    keywords = list(livelihood["keywords"]) or [str(livelihood["name_en"])]
    written: dict[str, str] = {
        "code": str(livelihood["livelihood"]),
        "name_en": str(livelihood["name_en"]),
        "name_km": str(livelihood["name_km"]),
        "keyword": dice.one(keywords),
        "isco_unit": isco,
        "isco_minor": isco[:3],
    }
    return written[how]


def _preferred(dice: Dice, ground: Ground) -> list[str]:
    if not dice.chance(ground.marginals["prefers_a_livelihood"]):
        return []
    return dice.some(tuple(ground.livelihoods), dice.whole(1, 3))

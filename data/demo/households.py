"""Households: where they live, who is in them, what they live from and owe."""

from __future__ import annotations

from data.demo.dice import Dice, Stream
from data.demo.ground import Ground, Record


def household(seed: int, ground: Ground, number: int, origin: str) -> Record:
    """Draw a household.

    Parameters
    ----------
    seed
        Seed of the world.
    ground
        Reference tables and marginals.
    number
        Which household it is, from 0.
    origin
        Where its client comes home from; weights the home province.
    """
    dice, share = Dice(seed, Stream.HOUSEHOLD, number), ground.marginals
    province = dice.draw(ground.homes[origin])
    size = int(dice.draw(share.table("household_size")))
    children = sum(dice.chance(share["child_under_6"]) for _ in range(size - 1))
    adults = size - children
    return {
        "household_id": f"H-{number + 1:06d}",
        "home_place": ground.place(dice, province, dice.draw(share.table("home_level"))),
        "household_size": size,
        "children_under_6": children,
        "childcare_at_home": adults > 1 and dice.chance(share["childcare_at_home"]),
        **_income(dice, ground, size),
        **_land(dice, ground),
        **_debt(dice, ground),
        "idpoor": _idpoor(dice, ground, province),
    }


def _income(dice: Dice, ground: Ground, size: int) -> Record:
    share = ground.marginals
    total = dice.spread(share["household_income_usd"], share["household_income_sigma"])
    remitted = dice.spread(share["remittance_usd"], 0.5) * dice.chance(share["remittance"])
    practised = [
        livelihood
        for livelihood, part in share.parts("household_livelihood").items()
        if dice.chance(part)
    ]
    if size == 1:
        return {"household_income_usd": 0.0, "household_livelihoods": {}}
    typical = {code: _typical_income(ground, code) for code in practised}
    scale = total / sum(typical.values()) if typical else 0.0
    earned = {code: round(usd * scale, 0) for code, usd in typical.items()}
    return {
        "household_income_usd": round(sum(earned.values()) + remitted, 0),
        "household_livelihoods": earned,
    }


def _typical_income(ground: Ground, livelihood: str) -> float:
    row = ground.livelihoods[livelihood]
    return max((float(row["income_low_usd"]) + float(row["income_high_usd"])) / 2, 1.0)


def _land(dice: Dice, ground: Ground) -> Record:
    share = ground.marginals
    area = round(dice.spread(share["land_m2"], share["land_sigma"]), -2)
    has_land, has_water = dice.chance(share["has_land"]), dice.chance(share["has_water"])
    return {
        "land_m2": None if dice.chance(share["unasked"]) else area * has_land,
        "has_water": None if dice.chance(share["unasked"]) else has_land and has_water,
    }


def _debt(dice: Dice, ground: Ground) -> Record:
    share = ground.marginals
    owes = dice.chance(share["has_debt"] * share["has_debt_client_factor"])
    owed = round(dice.spread(share["debt_usd"], share["debt_sigma"]), -1) * owes
    if dice.chance(share["unasked"]):
        return {"debt_usd": None, "debt_service_usd": None}
    return {
        "debt_usd": owed,
        "debt_service_usd": round(owed * share["debt_service_share"], 0),
    }


def _idpoor(dice: Dice, ground: Ground, province: str) -> str:
    share = ground.marginals
    poor = dice.chance(min(0.9, ground.idpoor[province] * share["idpoor_client_factor"]))
    first = dice.chance(share["idpoor1_of_idpoor"])
    if not poor:
        return "none"
    return "idpoor1" if first else "idpoor2"

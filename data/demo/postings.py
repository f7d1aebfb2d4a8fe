"""What postings of every kind share: standing of the employer, dates, seats, and safe facts."""

from __future__ import annotations

import datetime as dt

from data.demo.dice import Dice
from data.demo.ground import Ground, Record

STANDING = ("employer_id", "employer_name", "employer_vetted", "vetted_until", "harm_report_open")

SAFE = {
    "worker_fee_usd": 0.0,
    "deposit_usd": 0.0,
    "documents_kept": False,
    "debt_worked_off": False,
    "live_in": False,
    "cross_border": False,
    "via_broker": False,
    "guarded_compound": False,
}
"""Facts that every lawful offer states."""


def standing(employer: Record) -> Record:
    """Fields of an employer that its offers carry."""
    return {name: employer[name] for name in STANDING}


def open_dates(dice: Dice, ground: Ground, as_of: dt.date) -> Record:
    """Dates of a posting that is open on the day of the world."""
    share = ground.marginals
    closes = as_of + dt.timedelta(days=dice.whole(5, int(share["open_days"])))
    return {
        "posted_on": as_of - dt.timedelta(days=dice.whole(0, int(share["posted_days_ago"]))),
        "closes_on": closes,
        "starts_on": closes + dt.timedelta(days=dice.whole(3, 30)),
    }


def closed_dates(dice: Dice, as_of: dt.date) -> Record:
    """Dates of a posting that closed before the day of the world."""
    closes = as_of - dt.timedelta(days=dice.whole(1, 30))
    return {
        "posted_on": closes - dt.timedelta(days=dice.whole(10, 40)),
        "closes_on": closes,
        "starts_on": closes + dt.timedelta(days=dice.whole(3, 60)),
    }


def place_named(ground: Ground, code: str) -> str:
    """Name of a place as a posting writes it: with its province where that adds something."""
    province = ground.names[code[:2]]
    return province if len(code) == 2 else f"{ground.names[code]}, {province}"


def hundred_or_ten(amount: float) -> float:
    """Amount of money as people say it: in tens, in fifties above five hundred."""
    step = 50 if amount >= 500 else 10
    return float(round(amount / step) * step)

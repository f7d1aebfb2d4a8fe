"""Cohorts: clients who came together, under a neutral name of place and month."""

from __future__ import annotations

import calendar
import datetime as dt

from data.demo.dice import Dice, Stream
from data.demo.ground import Ground, Record

FIRST = ("malaysia", 8)
"""Where and in which month the first cohort came home: the case behind the project."""

_WINDOW_YEARS = 2


def cohorts(seed: int, ground: Ground, clients: int, as_of: dt.date) -> tuple[Record, ...]:
    """Draw the cohorts that hold so many clients.

    Returns
    -------
    tuple of Record
        For each: ``cohort``, its name; ``origin``, where from; ``returned_on``, the day.
    """
    size = int(ground.marginals["cohort_size"])
    seen: dict[str, int] = {}
    groups = []
    for number in range(-(-clients // size)):
        dice = Dice(seed, Stream.COHORT, number)
        drawn = (dice.draw(ground.marginals.table("cohort_origin")), dice.whole(1, 12))
        origin, month = drawn if number else FIRST
        years_ago = dice.whole(0, _WINDOW_YEARS - 1) if number else 0
        base = f"{origin}-{calendar.month_name[month].lower()}"
        seen[base] = seen.get(base, 0) + 1
        name = base if seen[base] == 1 else f"{base}-{seen[base]}"
        returned_on = _last(month, dice.whole(1, 28), as_of, years_ago)
        groups.append({"cohort": name, "origin": origin, "returned_on": returned_on})
    return tuple(groups)


def cohort_of(ground: Ground, groups: tuple[Record, ...], number: int) -> tuple[Record, bool]:
    """Cohort of a client, and whether the client is the first of it."""
    size = int(ground.marginals["cohort_size"])
    return groups[number // size], number % size == 0


def _last(month: int, day: int, as_of: dt.date, years_ago: int) -> dt.date:
    this_year = dt.date(as_of.year, month, day)
    return this_year.replace(year=as_of.year - years_ago - (this_year > as_of))

"""The demo world: invented clients, households, employers and opportunities, as plain records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from data.demo.clients import client
from data.demo.cohorts import cohort_of, cohorts
from data.demo.dice import Dice, Stream
from data.demo.ground import Ground, Record, Tables
from data.demo.households import household
from data.demo.offers import draw_employers, draw_offers
from data.reference import read_reference


@dataclass(frozen=True)
class World:
    """Plain records, as they stand on one day.

    Attributes
    ----------
    clients
        Client records; each carries its household's fields.
    households
        Household records, without repeats.
    employers
        Employers and providers of trainings and grants.
    opportunities
        Vacancies, trainings and grants; each carries its employer's fields.
    cohorts
        Groups of clients: name, where from, and the day they came.
    cases
        Ids of the vacancies that show each hard case or circumstance.
    as_of
        Day of the world; every date lies relative to it.
    seed
        Seed of every draw.
    """

    clients: tuple[Record, ...]
    households: tuple[Record, ...]
    employers: tuple[Record, ...]
    opportunities: tuple[Record, ...]
    cohorts: tuple[Record, ...]
    cases: Mapping[str, tuple[str, ...]]
    as_of: dt.date
    seed: int

    def cohort(self, name: str) -> tuple[str, ...]:
        """Ids of the clients of a cohort.

        Raises
        ------
        LookupError
            When no client came with a cohort of this name.
        """
        ids = tuple(c["client_id"] for c in self.clients if c["cohort"] == name)
        if not ids:
            known = ", ".join(group["cohort"] for group in self.cohorts[:3])
            raise LookupError(f"expected a cohort of this world, such as {known}; got {name!r}")
        return ids


def world(
    clients: int = 2000,
    opportunities: int = 10000,
    seed: int = 7,
    as_of: dt.date = dt.date(2026, 9, 1),
    reference: Tables | None = None,
) -> World:
    """Draw a world from published marginals.

    Every record has random numbers of its own, so the first records do not change when more
    are asked for. The marginals, with their sources, are in ``data/demo/marginals.csv``.

    Parameters
    ----------
    clients, opportunities
        How many, at or above zero.
    seed
        Seed of every draw, at or above zero.
    as_of
        Day of the world: dates of postings, vettings and cohorts lie relative to it.
    reference
        Reference tables to draw from; the built-in ones without it.

    Raises
    ------
    ValueError
        When a count or the seed is below zero.

    Examples
    --------
    >>> small = world(clients=30, opportunities=20)
    >>> small.clients[0]["client_id"], small.clients[0]["cohort"]
    ('C-000001', 'malaysia-august')
    >>> len(small.cohort("malaysia-august")), len(small.opportunities)
    (15, 20)
    """
    for name, value in (("clients", clients), ("opportunities", opportunities), ("seed", seed)):
        if value < 0:
            raise ValueError(f"{name}: expected a whole number at or above 0, got {value}")
    ground = _built_in() if reference is None else Ground.of(reference)
    groups = cohorts(seed, ground, clients, as_of)
    people, homes = _people(seed, ground, clients, groups)
    employers = draw_employers(seed, ground, opportunities, as_of)
    offers, cases = draw_offers(seed, ground, opportunities, employers, as_of)
    return World(people, homes, employers, offers, groups, cases, as_of, seed)


@cache
def _built_in() -> Ground:
    return Ground.of(read_reference())


def _people(
    seed: int, ground: Ground, count: int, groups: tuple[Record, ...]
) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    people: list[Record] = []
    homes: list[Record] = []
    guest = False
    for number in range(count):
        group, first = cohort_of(ground, groups, number)
        guest = not (first or guest) and _joins(seed, ground, number)
        if not guest:
            homes.append(household(seed, ground, number, group["origin"]))
        people.append(client(seed, ground, number, group, homes[-1]))
    return tuple(people), tuple(homes)


def _joins(seed: int, ground: Ground, number: int) -> bool:
    return Dice(seed, Stream.SHARING, number).chance(ground.marginals["shared_household"])

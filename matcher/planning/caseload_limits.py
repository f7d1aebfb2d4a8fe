"""What binds clients of a caseload plan to each other: seats, money, officers' weeks, families."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.market import Market
from matcher.planning.load import NOBODY
from matcher.planning.terms import Reserved, ReserveRefused, Team, Terms
from matcher.vocabulary import GRANT

Indices = NDArray[np.intp]
REST = ""
"""Name of the fund for grants that no fund of their provider pays for."""


@dataclass(frozen=True, eq=False)
class Funds:
    """Money for grants.

    Parameters
    ----------
    names, usd
        Provider's id of each fund, ``REST`` for the rest, and what there is.
    of
        (m,) fund that pays for an offer; -1 where none has to.
    """

    names: tuple[str, ...]
    usd: Floats
    of: Indices

    def take(self, offers: Indices) -> "Funds":
        """Return the same for some offers."""
        return Funds(self.names, self.usd, self.of[offers])


def funds(market: Market, terms: Terms) -> Funds:
    """Return which fund pays for which grant: its provider's, else the one for the rest."""
    named = dict(terms.funds) | ({} if terms.fund_usd is None else {REST: terms.fund_usd})
    number = {name: row for row, name in enumerate(named)}
    rest = number.get(REST, NOBODY)
    of = [
        number.get(str(provider), rest) if kind == GRANT else NOBODY
        for kind, provider in zip(market.kind, market.employer_id, strict=True)
    ]
    return Funds(tuple(named), np.array(list(named.values()), dtype=float), np.array(of, np.intp))


def cost_usd(market: Market) -> Floats:
    """USD the programme pays: a grant's amount; a wage, a course or a stipend is not its money."""
    return np.asarray(np.where(market.kind == GRANT, np.nan_to_num(market.grant_usd), 0.0))


def untold_cost(market: Market, money: Funds) -> NDArray[np.bool_]:
    """Return the offers (m,) that a fund would have to pay for, and that don't tell how much."""
    return np.asarray((money.of >= 0) & np.isnan(market.grant_usd))


def free_seats(market: Market, taken: Mapping[str, int]) -> Floats:
    """Seats still free, of shape (m,); an offer that does not tell its seats has one."""
    posted = np.where(np.isnan(market.seats), 1.0, market.seats)
    given = np.array([taken.get(str(key), 0) for key in market.opportunity_id], dtype=float)
    return np.asarray(np.maximum(np.floor(posted) - given, 0.0))


def keep_seats(
    free: Floats, reserved: Sequence[tuple[int, Reserved]], labels: Iterable[str]
) -> tuple[Floats, dict[str, Floats]]:
    """Return the seats (m,) this plan may give, and those of them kept for each group.

    What is kept for others than those planned for is not there for this plan.

    Parameters
    ----------
    free
        (m,) free seats.
    reserved
        What is to be kept, with the row of its offer.
    labels
        Labels of the clients planned for.

    Raises
    ------
    ReserveRefused
        Where more is to be kept than is free.
    """
    left, present, kept = free.copy(), set(labels), dict[str, Floats]()
    open_to_all = free.copy()
    for row, asked in reserved:
        open_to_all[row] -= asked.seats
        if open_to_all[row] < 0:
            raise ReserveRefused(asked.opportunity_id, int(free[row]))
        if asked.group in present:
            kept.setdefault(str(asked.group), np.zeros_like(free))[row] += asked.seats
        else:
            left[row] -= asked.seats
    return left, kept


@dataclass(frozen=True, eq=False)
class Weeks:
    """New cases that officers have time for, week by week.

    Parameters
    ----------
    officers, mondays
        Names of those whose time is limited, and the weeks offers begin in.
    officer
        (n,) officer of each client; -1 where nobody's time counts.
    week
        (m,) week each offer begins in.
    load
        (officers, weeks) new cases there is time for.
    """

    officers: tuple[str, ...]
    mondays: tuple[dt.date, ...]
    officer: Indices
    week: Indices
    load: Floats

    def take(self, clients: Indices, offers: Indices) -> "Weeks":
        """Return the same for some clients and offers; weeks in which nothing begins are gone."""
        used, week = np.unique(self.week[offers], return_inverse=True)
        mondays = tuple(self.mondays[row] for row in used)
        return Weeks(
            self.officers, mondays, self.officer[clients], week.reshape(-1), self.load[:, used]
        )


def weeks(caseload: Caseload, market: Market, team: Team) -> Weeks:
    """Return officers' time for a caseload: an offer that has begun, or tells no day, begins now.

    Parameters
    ----------
    caseload, market
        Clients and opportunities.
    team
        Who accompanies whom.
    """
    officers = tuple(sorted(team.cases))
    number = {name: row for row, name in enumerate(officers)}
    of = [number.get(team.officer.get(str(key), ""), NOBODY) for key in caseload.client_id]
    begins = np.where(np.isnat(market.starts_on), market.as_of, market.starts_on)
    begins = np.maximum(begins, market.as_of).astype("datetime64[D]")
    monday = begins - (begins.astype(np.int64) + 3) % 7  # day 0, 1970-01-01, was a Thursday
    days, week = np.unique(monday, return_inverse=True)
    mondays = tuple(day.item() for day in days)
    load = np.array(
        [[max(team.cases[name] - team.begun.get((name, day), 0), 0) for day in mondays]
         for name in officers], dtype=float,
    ).reshape(len(officers), len(mondays))  # fmt: skip
    return Weeks(officers, mondays, np.array(of, np.intp), week.reshape(-1), load)


def joined(families: Iterable[Iterable[int]]) -> list[tuple[int, ...]]:
    """Return families that share a member as one, in order of their first members.

    Examples
    --------
    >>> joined([(3, 4), (1, 2), (2, 3)])
    [(1, 2, 3, 4)]
    """
    found: list[set[int]] = []
    for family in families:
        merged = set(family)
        apart = [other for other in found if not other & merged]
        for other in found:
            if other & merged:
                merged |= other
        found = [*apart, merged]
    return sorted(tuple(sorted(family)) for family in found if len(family) > 1)


def of_one_household(caseload: Caseload, rows: Iterable[int]) -> list[tuple[int, ...]]:
    """Return those of some clients who share a household, two or more each."""
    members: dict[str, list[int]] = {}
    for row in rows:
        if (household := caseload.household_id[row]) is not None:
            members.setdefault(str(household), []).append(row)
    return [tuple(found) for found in members.values() if len(found) > 1]

"""What a plan is made from, read in one transaction."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.context import Context
from api.failures import NotFound, Refused
from api.market_cache import MarketView
from api.officer import plan_queries as queries
from api.officer.plan_asked import PlanNew
from api.officer.records import client_record
from api.phrases import say
from matcher import Caseload
from matcher.planning.terms import Team
from models.client import Client

HISTORY = 300
"""Clients of earlier cohorts from whom those to come are drawn."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a plan is made from.

    Parameters
    ----------
    caseload
        Clients to plan for.
    versions
        Version of each client's row, by id.
    already_placed
        Clients asked for who hold a seat and are left out.
    view
        The market.
    taken
        Seats held, by offer.
    team
        Who accompanies whom; None where nobody's time is limited.
    earlier
        Others, like whom some are to come; None where nobody is.
    """

    caseload: Caseload
    versions: Mapping[str, int]
    already_placed: int
    view: MarketView
    taken: Mapping[str, int]
    team: Team | None
    earlier: Caseload | None

    @property
    def unaccompanied(self) -> int:
        """Clients without an officer, where officers' time is limited."""
        if self.team is None:
            return 0
        return sum(str(key) not in self.team.officer for key in self.caseload.client_id)


def read(context: Context, asked: PlanNew, own: str | None = None) -> Inputs:
    """Return what a plan is made from as things stand now.

    Parameters
    ----------
    context
        Who asks.
    asked
        Whom it is for, on which terms.
    own
        A plan whose seats count as free: the one that is looked at again.

    Raises
    ------
    NotFound
        Where nobody is of the cohort or the officer, or the terms name a client who is not there.
    Refused
        Where the terms name a client who is not planned for.
    """
    found = queries.clients_to_plan(context.session, asked.cohort, asked.officer)
    if not found:
        raise _nobody(context, asked)
    held = queries.placed_clients(context.session, but_by=own)
    free = [(client, home) for client, home in found if client.client_id not in held]
    _require_in_scope(context, asked, {client.client_id for client, _ in free}, held)
    return Inputs(
        caseload=_caseload(context, free),
        versions={client.client_id: client.version for client, _ in free},
        already_placed=len(found) - len(free),
        view=context.services.markets.current(context.session, context.today),
        taken=queries.seats_held(context.session, but_by=own),
        team=team(context, asked, [client for client, _ in free], own),
        earlier=_earlier(context, asked, {client.client_id for client, _ in found}),
    )


def _caseload(context: Context, rows: queries.Housed) -> Caseload:
    records = [client_record(client, home, context.today) for client, home in rows]
    return Caseload.from_records(records)


def _nobody(context: Context, asked: PlanNew) -> Exception:
    if asked.cohort is not None:
        return NotFound("cohort", asked.cohort)
    if asked.officer is not None:
        return NotFound("officer", asked.officer)
    return Refused(say("plan.refused.nobody", context.language))


def _require_in_scope(context: Context, asked: PlanNew, ids: set[str], placed: set[str]) -> None:
    """Raise where the terms name a client who is not planned for."""
    named = [pair.client_id for pair in (*asked.pins, *asked.bans)]
    named += [client_id for family in asked.together for client_id in family]
    for client_id in named:
        if client_id in ids:
            continue
        if context.session.get(Client, client_id) is None:
            raise NotFound("client", client_id)
        why = "placed" if client_id in placed else "outside"
        raise Refused(say(f"plan.refused.{why}", context.language, client=client_id))


def team(
    context: Context, asked: PlanNew, clients: Sequence[Client], own: str | None
) -> Team | None:
    """Return whose time is limited, for the officers of these clients.

    Parameters
    ----------
    context
        Who asks.
    asked
        Tells how many new cases a week an officer can take on.
    clients
        Clients to plan for.
    own
        A plan whose seats count as free.

    Raises
    ------
    NotFound
        Where a limit is for somebody who accompanies none of them.
    """
    if asked.cases_a_week is None and not asked.cases_of:
        return None
    officer = {one.client_id: one.officer for one in clients if one.officer is not None}
    for name in asked.cases_of:
        if name not in officer.values():
            raise NotFound("officer", name)
    general = asked.cases_a_week
    cases = {} if general is None else dict.fromkeys(sorted(set(officer.values())), general)
    begun = queries.placements_of_officers(context.session, but_by=own)
    return Team(officer, cases | asked.cases_of, _by_week(begun, context.today))


def _by_week(
    begun: Iterable[tuple[str, dt.date | None, dt.date]], today: dt.date
) -> Mapping[tuple[str, dt.date], int]:
    """Return placements by officer and Monday: of the offer's start, else of when it was taken."""
    mondays = ((officer, monday(starts, taken)) for officer, starts, taken in begun)
    this_week = monday(None, today)
    return Counter((officer, week) for officer, week in mondays if week >= this_week)


def monday(starts: dt.date | None, earliest: dt.date) -> dt.date:
    """Return the Monday of the week an offer begins in: its first day, but not before another.

    Examples
    --------
    >>> monday(dt.date(2026, 9, 3), dt.date(2026, 9, 1)).isoformat()
    '2026-08-31'
    """
    day = max(starts or earliest, earliest)
    return day - dt.timedelta(days=day.weekday())


def _earlier(context: Context, asked: PlanNew, planned: set[str]) -> Caseload | None:
    """Return some of all other clients, drawn by the plan's seed; None where nobody is to come.

    Raises
    ------
    Refused
        Where there are none to learn from.
    """
    if asked.to_come is None:
        return None
    others = [
        key for key in queries.client_ids(context.session) if key not in planned
    ]  # fmt: skip
    if not others:
        raise Refused(say("plan.refused.no_history", context.language))
    if len(others) > HISTORY:
        drawn = np.random.default_rng(asked.seed).permutation(len(others))[:HISTORY]
        others = [others[row] for row in sorted(drawn.tolist())]
    return _caseload(context, queries.clients_of(context.session, others))

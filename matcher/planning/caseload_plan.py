"""From a caseload, a market and terms to the inputs of :func:`matcher.planning.assign`."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.engine import Engine
from matcher.errors import UnknownId
from matcher.market import Market
from matcher.planning.caseload_limits import (
    cost_usd,
    free_seats,
    funds,
    joined,
    keep_seats,
    of_one_household,
    untold_cost,
    weeks,
)
from matcher.planning.caseload_pins import check_pins
from matcher.planning.caseload_problem import CaseloadProblem, Indices
from matcher.planning.chances import Chances
from matcher.planning.groupings import GROUPINGS
from matcher.planning.terms import Team, Terms
from matcher.vocabulary import GRANT


def pose(
    engine: Engine,
    caseload: Caseload,
    market: Market,
    worth: Chances,
    terms: Terms,
    taken: Mapping[str, int] | None = None,
    team: Team | None = None,
    history: Floats | None = None,
) -> CaseloadProblem:
    """Return the planning problem of a caseload.

    Clients without any admissible offer are left out, unless they are to stay together with
    others: they change nobody's plan, and would only weigh on the mean of their group.

    Parameters
    ----------
    engine
        Says why a pin is forbidden.
    caseload, market
        Clients and opportunities.
    worth
        What every pair is worth.
    terms
        What is asked.
    taken
        Seats that are already given, by opportunity id. An offer that does not tell its seats has
        one.
    team
        Officers whose time is limited; None: nobody's is.
    history
        (h, m) worth of every offer to those who came earlier, told as in ``worth``.

    Raises
    ------
    UnknownId
        Where the terms name a client, an offer, a provider or a group that is not there.
    NotOffered
        Where a gate forbids a pinned pair.
    PinRefused
        Where pins contradict each other, a ban, the seats, a fund or an officer's time.
    ReserveRefused
        Where more seats are to be kept than are free.
    """
    clients, offers = _rows(caseload.client_id), _rows(market.opportunity_id)
    pins = _pairs(terms.pins, clients, offers)
    bans = _pairs(terms.bans, clients, offers)
    reserved = [(_row(offers, x.opportunity_id, "opportunity"), x) for x in terms.reserved]
    labels = GROUPINGS[terms.group](caseload)
    _check_names(market, terms, labels)
    money = funds(market, terms)
    value = np.where(untold_cost(market, money), np.nan, worth.value)
    admissible = ~np.isnan(value)
    planned = np.asarray(admissible.any(axis=1))
    together = _families(caseload, terms, clients, planned)
    members = {row for family in together for row in family}
    planned[list(members)] = True
    client = np.flatnonzero(planned)
    free, kept = keep_seats(
        free_seats(market, taken or {}), reserved, [labels[row] for row in client]
    )
    time = weeks(caseload, market, team) if team is not None and team.cases else None
    check_pins(engine, caseload, market, terms, worth.value, free, money, time, pins)
    wanted = admissible.any(axis=0)
    if history is not None:
        wanted |= ~np.isnan(history).all(axis=0)
    offer = np.flatnonzero(wanted)
    own, column = _positions(client), _positions(offer)
    place, value = _places(caseload, market, value, members)
    return CaseloadProblem(
        caseload=caseload,
        market=market,
        terms=terms,
        client=client,
        offer=offer,
        value=value[np.ix_(client, offer)],
        second={
            (own[row], column[first]): then
            for (row, first), then in worth.second.items()
            if row in own and first in column
        },
        seats=free[offer],
        cost_usd=cost_usd(market)[offer],
        place=[place[row] for row in offer],
        group=[labels[row] for row in client],
        money=money.take(offer),
        pins=[(own[row], column[chosen]) for row, chosen in pins],
        bans=[(own[row], column[shut]) for row, shut in bans if row in own and shut in column],
        together=[tuple(own[row] for row in family) for family in together],
        kept={label: seats[offer] for label, seats in kept.items()},
        time=None if time is None else time.take(client, offer),
        history=None if history is None else history[:, offer],
    )


def _families(
    caseload: Caseload, terms: Terms, clients: Mapping[str, int], open_to: NDArray[np.bool_]
) -> list[tuple[int, ...]]:
    """Return rows of those who stay together: as asked, and the households that may be offered."""
    asked = [tuple(_row(clients, key, "client") for key in family) for family in terms.together]
    homes = of_one_household(caseload, np.flatnonzero(open_to).tolist()) if terms.households else []
    return joined([*asked, *homes])


def _check_names(market: Market, terms: Terms, labels: Sequence[str]) -> None:
    """Raise where a fund is for no provider's grants, or a floor for nobody."""
    providers = {str(key) for key in market.employer_id[market.kind == GRANT]}
    for name, _ in terms.funds:
        if name not in providers:
            raise UnknownId("provider", name)
    known = set(labels)
    for label, _ in terms.floors:
        if label not in known:
            raise UnknownId("group", label)


def _rows(ids: NDArray[np.object_]) -> dict[str, int]:
    return {str(key): row for row, key in enumerate(ids)}


def _positions(rows: Indices) -> dict[int, int]:
    return {int(row): position for position, row in enumerate(rows)}


def _row(rows: Mapping[str, int], key: str, what: str) -> int:
    if key not in rows:
        raise UnknownId(what, key)
    return rows[key]


def _pairs(
    asked: Sequence[tuple[str, str]], clients: Mapping[str, int], offers: Mapping[str, int]
) -> list[tuple[int, int]]:
    return [
        (_row(clients, client, "client"), _row(offers, offer, "opportunity"))
        for client, offer in dict.fromkeys(asked)
    ]


def _places(
    caseload: Caseload, market: Market, value: Floats, members: set[int]
) -> tuple[list[str], Floats]:
    """Province of each offer, and values without what would part those who stay together.

    What is done at home is where the client's home is. An offer has one place in a plan: that of
    most of those who must stay together; to the others of them it is closed.
    """
    place = [codes[0][:2] if codes else f"?{row}" for row, codes in enumerate(market.places)]
    if not members:
        return place, value
    value = value.copy()
    rows = np.array(sorted(members), dtype=np.intp)
    homes = np.array([(caseload.home_place[row] or "?")[:2] for row in rows])
    for offer in np.flatnonzero((market.home_based == 1) | (market.kind == GRANT)):
        here = homes[~np.isnan(value[rows, offer])]
        if len(here):
            provinces, counts = np.unique(here, return_counts=True)
            place[offer] = str(provinces[np.argmax(counts)])
            value[rows[homes != place[offer]], offer] = np.nan
    return place, value

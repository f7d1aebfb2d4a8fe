"""From a caseload, a market and terms to the inputs of :func:`matcher.planning.assign`."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.engine import Engine, UnknownId
from matcher.market import Market
from matcher.planning.caseload_limits import (
    Funds,
    Weeks,
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
from matcher.planning.chances import Chances
from matcher.planning.groupings import GROUPINGS
from matcher.planning.terms import Team, Terms
from matcher.vocabulary import GRANT

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class CaseloadProblem:
    """A caseload's planning problem: clients who may be offered something, offers in question.

    Parameters
    ----------
    caseload, market
        All clients and opportunities; the rows below point into them.
    terms
        What was asked.
    client, offer
        Rows of the planned clients, of shape (n,), and of the offers in question, (m,).
    value
        Of each pair, of shape (n, m); NaN forbidden.
    second
        What follows a training, by (client, offer) of this problem, as a row of the market.
    seats
        Seats still free, of shape (m,).
    cost_usd
        What the programme pays for each offer now, USD, of shape (m,).
    place
        Province of each offer, of shape (m,).
    group
        Label of each client, of shape (n,).
    money
        Which fund pays for which offer.
    pins, bans, together
        As asked, by (client, offer) of this problem; households among those who stay together.
    kept
        Seats (m,) kept for a group, by label.
    time
        Officers' weeks; None: not limited.
    history
        (h, m) what others were worth who came earlier; None where nobody is to come.
    """

    caseload: Caseload
    market: Market
    terms: Terms
    client: Indices
    offer: Indices
    value: Floats
    second: Mapping[tuple[int, int], int]
    seats: Floats
    cost_usd: Floats
    place: list[str]
    group: list[str]
    money: Funds
    pins: list[tuple[int, int]]
    bans: list[tuple[int, int]]
    together: list[tuple[int, ...]]
    kept: Mapping[str, Floats]
    time: Weeks | None
    history: Floats | None

    def client_id(self, row: int) -> str:
        """Return the id of a planned client."""
        return str(self.caseload.client_id[self.client[row]])

    def offer_id(self, row: int) -> str:
        """Return the id of an offer in question."""
        return str(self.market.opportunity_id[self.offer[row]])

    @property
    def allowed(self) -> Floats:
        """Values (n, m), NaN where a gate or a ban forbids."""
        value = self.value.copy() if self.bans else self.value
        for row, shut in self.bans:
            value[row, shut] = np.nan
        return value

    @property
    def charged_usd(self) -> Floats:
        """What some fund pays for each offer, USD, of shape (m,)."""
        return np.where(self.money.of >= 0, self.cost_usd, 0.0)

    def keywords(self) -> dict[str, Any]:
        """Return the keywords that ``assign`` and ``audit_plan`` both take."""
        told: dict[str, Any] = {"groups": self.group, "pins": self.pins, "bans": self.bans}
        if self.terms.floor or self.terms.floors:
            told["floor"] = self.terms.floor or dict(self.terms.floors)
        if self.terms.must_place:
            told["must_place"] = True
        if self.kept:
            told["reserved"] = self.kept
        if self.together:
            told |= {"together": self.together, "place": self.place}
        if self.money.names:
            told["cost"] = np.broadcast_to(self.charged_usd, self.value.shape)
            told["fund"] = np.maximum(self.money.of, 0)
            told["budget"] = self.money.usd
        if self.time is not None:
            told |= {
                "officer": self.time.officer, "week": self.time.week, "load": self.time.load
            }  # fmt: skip
        return told

    def digest(self) -> str:
        """Return the SHA-256 of everything the plan depends on: ids, values, seats, terms."""
        clients = [self.client_id(row) for row in range(len(self.client))]
        offers = [self.offer_id(row) for row in range(len(self.offer))]
        told: list[Any] = [clients, offers, self.place, self.group, asdict(self.terms)]
        told.append(self.together)
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
        arrays = [self.value, self.seats, self.cost_usd]
        if self.time is not None:
            told = [self.time.officers, [day.isoformat() for day in self.time.mondays]]
            digest.update(json.dumps(told).encode())
            arrays += [array.astype(float) for array in (self.time.officer, self.time.week)]
            arrays += [self.time.load]
        arrays += [] if self.history is None else [self.history]
        for array in arrays:
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
        return digest.hexdigest()


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

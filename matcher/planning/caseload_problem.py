"""A caseload's planning problem, as :func:`matcher.planning.assign` takes it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.market import Market
from matcher.planning.caseload_limits import Funds, Weeks
from matcher.planning.terms import Terms

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

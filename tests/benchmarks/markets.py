"""Worlds to measure on: the demo generator's, tiled where a million offers are wanted."""

from dataclasses import replace

import numpy as np

from data.demo import world
from matcher import Caseload, Market

DRAWN_AT_MOST = 100_000
"""Offers drawn one by one; more are the same ones again, under new ids at other places."""


def drawn(clients: int, offers: int) -> tuple[Caseload, Market]:
    """Return clients and a market of the demo generator."""
    found = world(clients=clients, opportunities=min(offers, DRAWN_AT_MOST))
    market = Market.from_records(found.opportunities, found.as_of)
    if offers > len(market):
        market = tiled(market, -(-offers // len(market)))
    return Caseload.from_records(found.clients), market


def tiled(market: Market, times: int, seed: int = 7) -> Market:
    """Return a market several times over, with new ids, and places dealt anew within each kind.

    Columns hold the same objects again, so that a million offers cost little more than their rows.
    """
    columns = {name: np.tile(getattr(market, name), times) for name in Market.columns()}
    columns["opportunity_id"] = np.array(
        [f"{name}-{copy}" for copy in range(times) for name in market.opportunity_id], dtype=object
    )
    dice, size = np.random.default_rng(seed), len(market)
    for copy in range(1, times):
        for kind in set(market.kind):
            rows = np.flatnonzero(market.kind == kind)
            columns["places"][copy * size + rows] = market.places[dice.permutation(rows)]
    for array in columns.values():
        array.setflags(write=False)
    return replace(market, **columns)

"""Whether pairs planned earlier may still be offered."""

from collections.abc import Sequence

import numpy as np

from matcher.caseload import Caseload
from matcher.engine import Engine
from matcher.market import Market
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles


def refusals(
    engine: Engine, caseload: Caseload, market: Market, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Return the reason codes of pairs that a gate forbids; nothing of the others.

    Parameters
    ----------
    engine
        Its gates are asked.
    caseload, market
        Clients and opportunities as they stand now.
    pairs
        Ids of client and opportunity. One whose opportunity is gone is ``gone``.
    """
    rows = {str(key): row for row, key in enumerate(caseload.client_id)}
    columns = {str(key): row for row, key in enumerate(market.opportunity_id)}
    found = {pair: ["gone"] for pair in pairs if pair[1] not in columns}
    there = [pair for pair in pairs if pair[1] in columns]
    if not there:
        return found
    wanted = sorted({columns[offer] for _, offer in there})
    of_wanted = {row: position for position, row in enumerate(wanted)}
    asked = Pairs(
        Profiles(caseload, engine.knowledge),
        Offers(market.take(wanted), engine.knowledge),
        np.array([rows[client] for client, _ in there]),
        np.array([of_wanted[columns[offer]] for _, offer in there]),
    )
    for gate in engine.gates:
        for code, mask in zip(gate.codes, gate.failures(asked), strict=True):
            for position in np.flatnonzero(np.broadcast_to(mask, asked.shape)):
                found.setdefault(there[position], []).append(code)
    return found

"""What every pair of a client and an offer is worth to a caseload plan.

The value of a pair is the chance that the client is retained and safe after 90 days, as the slate
shows it: the logistic of the score. So the total of a plan is a number of people. A training is
worth what the best way on from it is worth, where that is more than the training alone; the plan
takes the training's seat, and neither promises nor pays for what is hoped to follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.engine import Engine
from matcher.market import Market
from matcher.offers import Offers
from matcher.profiles import Profiles
from matcher.scoring.pathways import find_pathways
from matcher.scoring.scorecard import probability

Progress = Callable[[int], None]

CLIENTS_A_BLOCK = 100
"""Clients who are looked at together."""

DECIMALS = 9
"""Decimals of a value; closer ones are equal, as they are in a slate."""


@dataclass(frozen=True, eq=False)
class Chances:
    """What every pair is worth.

    Parameters
    ----------
    value
        Chance of being retained and safe after 90 days, of shape (n, m); NaN where a gate forbids.
    second
        What follows, for pairs of a client and a training whose value is that of a pathway: the
        market's row by (client's row, training's row).
    """

    value: Floats
    second: Mapping[tuple[int, int], int]


def chances(
    engine: Engine, caseload: Caseload, market: Market, progress: Progress | None = None
) -> Chances:
    """Return what every pair is worth, pathways among them.

    Parameters
    ----------
    engine
        Scores.
    caseload, market
        Clients and opportunities.
    progress
        Called with the number of clients of each block that is done.
    """
    offers = Offers(market, engine.knowledge)
    best = np.full((len(caseload), len(market)), np.nan)
    second = dict[tuple[int, int], int]()
    for start in range(0, len(caseload), CLIENTS_A_BLOCK):
        part = caseload.take(np.arange(start, min(start + CLIENTS_A_BLOCK, len(caseload))))
        scores = engine.score(part, market)
        best[start : start + len(part)] = scores
        profiles = Profiles(part, engine.knowledge)
        ways = find_pathways(profiles, offers, scores, engine.scorecard, engine.gates)
        for row, first, then, score in zip(*map(np.ndarray.tolist, ways), strict=True):
            if score > best[start + row, first]:
                best[start + row, first] = score
                second[start + row, first] = then
        if progress:
            progress(len(part))
    return Chances(np.round(probability(best), DECIMALS), second)

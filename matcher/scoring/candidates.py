"""What could stand in a slate: offers alone, the best few of each kind and livelihood."""

import numpy as np

from matcher.columns import Floats
from matcher.offers import Offers
from matcher.pairs import Indices
from matcher.slate import Candidate
from matcher.vocabulary import PATHWAY


def best_first(scores: Floats, offers: Offers) -> Indices:
    """Return the offers that are allowed, best first, ties by id."""
    allowed = np.flatnonzero(~np.isnan(scores))
    order = np.lexsort((offers.id_order[allowed], -np.round(scores[allowed], 9)))
    return allowed[order]


def single_offers(scores: Floats, offers: Offers, k: int) -> list[Candidate]:
    """Return the best k offers of each kind and livelihood, by one client's scores.

    More than k of them never stand in a slate of k.
    """
    taken: dict[tuple[str, str], int] = {}
    candidates = []
    for offer in best_first(scores, offers).tolist():
        found = candidate(offers, -1, offer, float(scores[offer]))
        kind = (found.kind, found.livelihood)
        taken[kind] = taken.get(kind, 0) + 1
        if taken[kind] <= k:
            candidates.append(found)
    return candidates


def candidate(offers: Offers, first: int, offer: int, score: float) -> Candidate:
    """Return an offer, or a pathway where a training comes first, as a candidate."""
    market = offers.market
    alike = market.livelihood[offer] or offers.isco[offer] or market.opportunity_id[offer]
    return Candidate(
        offer=offer,
        first=first,
        kind=PATHWAY if first >= 0 else str(market.kind[offer]),
        livelihood=str(alike),
        score=score,
        order=(int(offers.id_order[offer]), int(offers.id_order[first]) if first >= 0 else -1),
    )

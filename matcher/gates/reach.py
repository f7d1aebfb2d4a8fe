"""Reach: within the daily limit, or willing to live away and safely housed."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.columns import plain
from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    offers = pairs.offers
    home_based = offers.home_based[pairs.offer]
    homeless = pairs.profiles.home[pairs.client] < 0
    nowhere = (offers.places[:, 0] < 0)[pairs.offer]
    reachable = pairs.can_commute | pairs.lives_away
    return (
        ~home_based & ~nowhere & ~homeless & ~reachable,
        nowhere & (~home_based | offers.is_grant[pairs.offer]),
        np.broadcast_to(homeless, pairs.shape),
        home_based & ~nowhere & ~homeless & ~pairs.served_at_home,
    )


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    limit = pairs.profiles.commute_limit[pairs.client.item()]
    market, offer = pairs.offers.market, pairs.offer.item()
    return {
        "minutes": plain(pairs.commute_minutes.item()),
        "limit": plain(limit),
        "km": plain(pairs.road_km.item()),
        "places": list(market.places[offer] or ()),
        "place_text": market.place_text[offer],
    }


GATE = Gate(
    "reach", ("too_far", "place_unknown", "home_unknown", "outside_area"), _failures, _evidence
)

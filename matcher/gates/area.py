"""Exclusion areas: no place of the offer may lie, or possibly lie, inside one."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    inside, maybe = pairs.profiles.excluded_places
    not_asked = ~pairs.profiles.areas_asked[pairs.client]
    unclear = _anywhere(pairs, maybe) | (
        pairs.profiles.excludes_areas[pairs.client] & pairs.offers.place_untold[pairs.offer]
    )
    return _anywhere(pairs, inside), unclear, not_asked


def _anywhere(pairs: Pairs, excluded: Bools) -> Bools:
    """Whether any place of the offer is excluded, by (client, place); home, for work at home."""
    hit: Bools = np.zeros((1,) * len(pairs.shape), dtype=bool)
    for slot in range(pairs.offers.places.shape[1]):
        place = pairs.offers.places[pairs.offer, slot]
        told = slot == 0 or place >= 0  # only the first stands for an unknown place, not padding
        hit = hit | (told & excluded[pairs.client, place])
    at_home = excluded[pairs.client, pairs.profiles.home[pairs.client]]
    return np.where(pairs.offers.home_based[pairs.offer], at_home, hit)


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    places = pairs.offers.market.places[pairs.offer.item()]
    return {"places": list(places or ())}


GATE = Gate("area", ("area_excluded", "area_unclear", "areas_not_asked"), _failures, _evidence)

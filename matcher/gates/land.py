"""Land and water, for what is grown or kept at home."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.columns import UNKNOWN, plain
from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    land = pairs.profiles.caseload.land_m2[pairs.client]
    water = pairs.profiles.caseload.has_water[pairs.client]
    needed, thirsty = pairs.offers.land_m2[pairs.offer], pairs.offers.needs_water[pairs.offer]
    return (
        land < needed,
        np.isnan(land) & (needed > 0),
        thirsty & (water == 0),
        thirsty & (water == UNKNOWN),
    )


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    return {
        "needed_m2": plain(pairs.offers.land_m2[pairs.offer.item()]),
        "land_m2": plain(pairs.profiles.caseload.land_m2[pairs.client.item()]),
    }


GATE = Gate(
    "land", ("land_gap", "land_unknown", "water_gap", "water_unknown"), _failures, _evidence
)

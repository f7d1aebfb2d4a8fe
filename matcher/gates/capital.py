"""Capital: the start must be payable from the grant and own money."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.columns import plain
from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    needed = pairs.start_usd
    own = pairs.profiles.caseload.capital_usd[pairs.client]
    return needed > own, (np.isnan(own) & (needed > 0)) | np.isnan(needed)


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    own = pairs.profiles.caseload.capital_usd[pairs.client.item()]
    return {"needed_usd": plain(pairs.start_usd.item()), "own_usd": plain(own)}


GATE = Gate("capital", ("capital_gap", "capital_unknown"), _failures, _evidence)

"""Reading and writing, where the offer requires it."""

from collections.abc import Sequence

from matcher.columns import UNKNOWN
from matcher.gates.gate import Bools, Gate, nothing_more
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    needed = pairs.offers.market.requires_reading[pairs.offer] == 1
    reads = pairs.profiles.caseload.can_read[pairs.client]
    return needed & (reads == 0), needed & (reads == UNKNOWN)


GATE = Gate("literacy", ("reading_required", "reading_unknown"), _failures, nothing_more)

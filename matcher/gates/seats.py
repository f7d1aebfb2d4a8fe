"""Seats: at least one is open."""

from collections.abc import Sequence

from matcher.gates.gate import Bools, Gate, nothing_more
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    return ((pairs.offers.market.seats == 0)[pairs.offer],)


GATE = Gate("seats", ("no_seats",), _failures, nothing_more, lasting=False)

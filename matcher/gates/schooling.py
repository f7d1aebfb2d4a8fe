"""Schooling, where the offer requires it."""

from collections.abc import Mapping, Sequence

from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    needed = pairs.offers.schooling_level[pairs.offer]
    reached = pairs.profiles.schooling_level[pairs.client]
    return (reached >= 0) & (reached < needed), (reached < 0) & (needed > 0)


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    return {
        "schooling": pairs.profiles.caseload.schooling[pairs.client.item()],
        "required": pairs.offers.market.required_schooling[pairs.offer.item()],
    }


GATE = Gate("schooling", ("schooling_below", "schooling_unknown"), _failures, _evidence)

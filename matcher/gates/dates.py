"""Dates: still open, not yet begun."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    market = pairs.offers.market
    closed = market.closes_on < market.as_of
    started = pairs.offers.is_training & (market.starts_on < market.as_of)
    return closed[pairs.offer], started[pairs.offer]


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    market, offer = pairs.offers.market, pairs.offer.item()
    return {
        "closes_on": _as_text(market.closes_on[offer]),
        "starts_on": _as_text(market.starts_on[offer]),
    }


def _as_text(day: np.datetime64) -> str | None:
    return None if np.isnat(day) else str(day)


GATE = Gate("dates", ("closed", "started"), _failures, _evidence, lasting=False)

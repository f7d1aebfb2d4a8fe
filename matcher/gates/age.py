"""Age: the law on young workers, and what a posting admits."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.columns import plain
from matcher.gates.gate import Bools, Gate
from matcher.offers import unknown
from matcher.pairs import Pairs

WORKING_AGE = 15
ADULT_AGE = 18


def _failures(pairs: Pairs) -> Sequence[Bools]:
    market, offers = pairs.offers.market, pairs.offers
    age = pairs.profiles.caseload.age_years[pairs.client]
    lowest = np.fmax(market.min_age, np.where(offers.is_vacancy, WORKING_AGE, 0))[pairs.offer]
    adults_only = offers.is_vacancy & ((market.hazardous == 1) | (market.night_work == 1))
    untold = offers.is_vacancy & (unknown(market.hazardous) | unknown(market.night_work))
    minor, limited = age < ADULT_AGE, (lowest > 0) | ~np.isnan(market.max_age[pairs.offer])
    return (
        (age < lowest) | (minor & adults_only[pairs.offer]),
        age > market.max_age[pairs.offer],
        np.isnan(age) & (limited | adults_only[pairs.offer]),
        minor & untold[pairs.offer],
    )


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    market, offer = pairs.offers.market, pairs.offer.item()
    return {
        "age": plain(pairs.profiles.caseload.age_years[pairs.client.item()]),
        "min_age": plain(market.min_age[offer]),
        "max_age": plain(market.max_age[offer]),
    }


GATE = Gate("age", ("too_young", "too_old", "age_unknown", "hazard_unknown"), _failures, _evidence)

"""What an offer asks for, as bits, and what closes it to everybody: each told by itself."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNKNOWN
from matcher.gates.age import WORKING_AGE
from matcher.offers import Offers
from matcher.scoring.compiled.arrays import (
    ADULT,
    AGE_TOLD,
    DOCUMENT_BIT,
    NOT_OPEN,
    READS,
    SCHOOL_BIT,
    SETTING_BIT,
    WATER,
    WORK_KNOWN,
    Ints,
    Reals,
)
from matcher.vocabulary import DOCUMENTS, SCHOOLING, SETTINGS

Bools = NDArray[np.bool_]
DOCUMENT_BITS = {name: 1 << bit for bit, name in enumerate(DOCUMENTS)}


def asks_of(offers: Offers) -> Ints:
    """Return what each offer asks for, as bits."""
    asks = np.zeros(len(offers), dtype=np.int32)
    for asked in ASKED:
        asks |= asked(offers)
    return asks


def paper_bits(documents: Iterable[str] | None) -> int:
    """Return documents as bits; none where they were not told."""
    return sum(DOCUMENT_BITS[one] for one in documents or ())


def _papers_asked(offers: Offers) -> Ints:
    needed = np.array([*map(paper_bits, offers.required_documents)], dtype=np.int32)
    return np.asarray(needed[offers.document_set] << DOCUMENT_BIT)


def _settings_asked(offers: Offers) -> Ints:
    asks = np.zeros(len(offers), dtype=np.int32)
    for bit, name in enumerate(SETTINGS):
        unsure = offers.has_setting(name) | ~offers.setting_is_known(name)
        asks[unsure] |= 1 << (SETTING_BIT + bit)
    return asks


def _schooling_asked(offers: Offers) -> Ints:
    bits = np.array([0, *(1 << (SCHOOL_BIT + i) for i in range(len(SCHOOLING) - 1))], np.int32)
    return np.asarray(bits[offers.schooling_level])


def _age_asked(offers: Offers) -> Ints:
    lowest, highest = age_limits(offers)
    adults, untold = age_facts(offers)
    told = np.where(adults | (lowest > 0) | ~np.isnan(highest), AGE_TOLD, 0)
    return np.asarray(told + np.where(adults | untold, ADULT, 0), dtype=np.int32)


def _asked_where(bit: int, holds: Callable[[Offers], Bools]) -> Callable[[Offers], Ints]:
    return lambda offers: np.where(holds(offers), np.int32(bit), np.int32(0))


def _reads(offers: Offers) -> Bools:
    return np.asarray(offers.market.requires_reading == 1)


def _no_work(offers: Offers) -> Bools:
    return np.asarray((offers.livelihood < 0) & (offers.occupations[1] < 0))


def _started(offers: Offers) -> Bools:
    return np.asarray(offers.is_training & (offers.market.starts_on < offers.market.as_of))


SHUT: dict[str, Callable[[Offers], Bools]] = {
    "closed": lambda offers: np.asarray(offers.market.closes_on < offers.market.as_of),
    "started": _started,
    "not_yet_posted": lambda offers: np.asarray(offers.market.posted_on > offers.market.as_of),
    "no_seats": lambda offers: np.asarray(offers.market.seats == 0),
}
"""What closes an offer to everybody, by the reason."""

WANTING: dict[str, Callable[[Offers], Bools]] = {"no_work": _no_work, "reading": _reads}
"""What closes an offer to some, by the name under which it is counted."""

ASKED: tuple[Callable[[Offers], Ints], ...] = (
    _papers_asked,
    _settings_asked,
    _schooling_asked,
    _age_asked,
    _asked_where(READS, _reads),
    _asked_where(WATER, lambda offers: offers.needs_water),
    _asked_where(WORK_KNOWN, _no_work),
    *(_asked_where(NOT_OPEN, holds) for holds in SHUT.values()),
)
"""The bits of what an offer asks for, each by itself: together they are what it asks."""


def age_limits(offers: Offers) -> tuple[Reals, Reals]:
    """Return the lowest and the highest age admitted, of shape (m,); NaN: no highest."""
    market = offers.market
    lowest = np.fmax(market.min_age, np.where(offers.is_vacancy, WORKING_AGE, 0))
    return np.asarray(lowest), market.max_age


def age_facts(offers: Offers) -> tuple[Bools, Bools]:
    """Tell which offers are for adults alone, and of which vacancies that is not known."""
    market, vacancy = offers.market, offers.is_vacancy
    adults = vacancy & ((market.hazardous == 1) | (market.night_work == 1))
    untold = vacancy & ((market.hazardous == UNKNOWN) | (market.night_work == UNKNOWN))
    return np.asarray(adults), np.asarray(untold)

"""Offers folded: gate signatures as bits, terms of the offer alone as one number, classes."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.climate import loss_share
from matcher.columns import UNKNOWN, Coded, or_zero
from matcher.features.feature import Fold
from matcher.gates.age import WORKING_AGE
from matcher.household import quadratic
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles
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
    Amount,
    Bytes,
    Entry,
    Fact,
    Ints,
    Reals,
)
from matcher.scoring.compiled.classes import Classes, meaning_keys, need_keys, work_keys
from matcher.scoring.scorecard import Scorecard, Term
from matcher.vocabulary import DOCUMENTS, SCHOOLING, SETTINGS

Bools = NDArray[np.bool_]
OPENING = ("months_to_income", "own_money", "open_steps")
CLIMATE = ("climate_loss", "climate_loss_2050")


class Registry:
    """The classes of one market and of all that is patched into it."""

    def __init__(self) -> None:
        self.required, self.useful, self.work = Classes(), Classes(), Classes()
        self.meaning, self.exposed, self.alike = Classes(), Classes(), Classes()


class Folded(NamedTuple):
    """Offers as entries: one for each place of an offer, home-based ones for each area served.

    Parameters
    ----------
    asks, entry, amount
        See the columns in :mod:`.arrays`; one row an entry, those of unsafe offers left out.
    slot_count, slot_place, slot_entry
        Places of every offer, and the entry that stands for the offer there (-1: none).
    facts, meaning, alone
        What each offer is, as bits of :class:`Fact`; what words of exclusion look at, by number;
        and its values of the features of the offer alone.
    """

    asks: Ints
    entry: Ints
    amount: Reals
    slot_count: Ints
    slot_place: Ints
    slot_entry: Ints
    facts: Ints
    meaning: Ints
    alone: Reals


def fold(offers: Offers, registry: Registry, scorecard: Scorecard) -> Folded:
    """Return offers folded; their classes are numbered in the registry."""
    places = offers.places
    nowhere = places[:, 0] < 0
    kept = places >= 0
    kept[:, 0] = True
    row, column = np.nonzero(kept)
    place = places[row, column]
    clear = np.asarray(offers.screen.severity == 0)
    fits = (~nowhere | (offers.home_based & ~offers.is_grant))[row]
    active = clear[row] & fits
    at = np.flatnonzero(active)
    where = np.where(nowhere[row[at]], -1, place[at])
    slot_entry = np.where(active, np.cumsum(active) - 1, -1).astype(np.int32)
    facts, meaning = _facts(offers), registry.meaning.of(meaning_keys(offers))
    own = _values_alone(offers, scorecard)
    entry, amount = _entries(offers, registry, scorecard, own, row[at], where)
    entry[:, Entry.MEANING], entry[:, Entry.FACTS] = meaning[row[at]], facts[row[at]]
    many = np.bincount(row[at], minlength=len(offers)) > 1
    entry[:, Entry.FACTS] |= np.where(many[row[at]], int(Fact.MANY_PLACES), 0).astype(np.int32)
    counts = np.bincount(row, minlength=len(offers)).astype(np.int32)
    asks, slot_place = _asks(offers)[row[at]], place.astype(np.int32)
    told = [own[f.name] for f in scorecard.features if f.fold is Fold.OFFER]
    alone = np.array(told).reshape(len(told), len(offers)).T.copy()
    return Folded(asks, entry, amount, counts, slot_place, slot_entry, facts, meaning, alone)


def _entries(
    offers: Offers,
    registry: Registry,
    scorecard: Scorecard,
    own: dict[str, Reals],
    row: NDArray[np.intp],
    place: NDArray[np.intp],
) -> tuple[Ints, Reals]:
    entry = np.zeros((len(row), len(Entry)), dtype=np.int32)
    entry[:, Entry.OFFER], entry[:, Entry.PLACE] = row, place
    sensitivity, sensitivity_of = offers.distinct_sensitivity
    keys = (
        (Entry.REQUIRED, registry.required, need_keys(offers.required_skills)),
        (Entry.USEFUL, registry.useful, need_keys(offers.useful_skills)),
        (Entry.WORK, registry.work, work_keys(offers)),
        (Entry.EXPOSED, registry.exposed, Coded([*map(bytes, sensitivity)], sensitivity_of)),
    )
    for column, classes, values in keys:
        entry[:, column] = classes.of(values)[row]
    amount = np.zeros((len(row), 12))
    amount[:, Amount.FIXED] = _fixed(offers, scorecard, own)[row]
    for name, told in _amounts(offers).items():
        amount[:, name] = told[row]
    away = ~offers.home_based[row]
    _add_climate(amount, offers, scorecard, row, place, away)
    return entry, amount


def _facts(offers: Offers) -> Ints:
    market = offers.market
    told = (
        (Fact.AT_HOME, offers.home_based),
        (Fact.HOUSED, market.housing_provided == 1),
        (Fact.WAY_PAID, market.transport_provided == 1),
        (Fact.TRAINING, offers.is_training),
        (Fact.GRANT, offers.is_grant),
        (Fact.PLACE_UNTOLD, offers.place_untold),
    )
    facts = np.zeros(len(offers), dtype=np.int32)
    for fact, holds in told:
        facts[holds] |= int(fact)
    return facts


def _amounts(offers: Offers) -> dict[Amount, Reals]:
    lowest, highest = age_limits(offers)
    return {
        Amount.INCOME: offers.monthly_income,
        Amount.YOUNGEST: lowest,
        Amount.OLDEST: highest,
        Amount.START: offers.start_usd,
        Amount.LAND: offers.land_m2,
        Amount.MONTHS: offers.months_to_income,
    }


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


def _values_alone(offers: Offers, scorecard: Scorecard) -> dict[str, Reals]:
    """The values of the features of the offer alone, by name."""
    pairs = _with_anybody(offers)
    alone = (Fold.OFFER, Fold.STEPS)
    return {one.name: one(pairs) for one in scorecard.features if one.fold in alone}


def _fixed(offers: Offers, scorecard: Scorecard, own: dict[str, Reals]) -> Reals:
    """Base and the terms of the offer alone."""
    total = np.full(len(offers), scorecard.base)
    for name, term in _terms(scorecard).items():
        if name in own:
            total = total + term(own[name])
    return total


@lru_cache(maxsize=4)
def _anybody(knowledge: Knowledge) -> Profiles:
    """One client of whom nothing is known; kept, for a patch folds a single offer."""
    return Profiles(Caseload.from_records([{"client_id": "-"}]), knowledge)


def _with_anybody(offers: Offers) -> Pairs:
    """Offers with a client of whom nothing is known."""
    blank = _anybody(offers.knowledge)
    rows = np.arange(len(offers))
    return Pairs(blank, offers, np.zeros_like(rows), rows)


def _add_climate(
    amount: Reals,
    offers: Offers,
    scorecard: Scorecard,
    row: NDArray[np.intp],
    place: NDArray[np.intp],
    away: Bools,
) -> None:
    """Fold what place and sensitivity settle, where the place of work is known beforehand."""
    climate, at, of = offers.knowledge.climate, np.flatnonzero(away), row[away]
    sensitivity, terms = offers.sensitivity[of], _terms(scorecard)
    exposure = climate.at(place[at]) * sensitivity
    loss = loss_share(climate.at(place[at]), sensitivity)
    later = loss_share(climate.at(place[at], 2050), sensitivity)
    for name, share in zip(CLIMATE, (loss, later), strict=True):
        if name in terms:
            amount[at, Amount.FIXED] += terms[name](share)
    lost = np.where(offers.is_training[of], 0.0, or_zero(loss * climate.bad_year_frequency))
    amount[at, Amount.INCOME] *= 1.0 - lost
    amount[at, Amount.LOADING : Amount.LOADING + 4] = exposure
    amount[at, Amount.VARIANCE] = quadratic(exposure, np.maximum(climate.correlation, 0.0))


def _terms(scorecard: Scorecard) -> dict[str, Term]:
    return {f.name: t for f, t in zip(scorecard.features, scorecard.terms, strict=True)}


def _asks(offers: Offers) -> Ints:
    """What an offer asks for, as bits."""
    market = offers.market
    asks = np.zeros(len(offers), dtype=np.int32)
    sets = [_bits(one or (), DOCUMENTS) for one in offers.required_documents]
    needed = np.array(sets, dtype=np.int32)
    asks |= needed[offers.document_set] << DOCUMENT_BIT
    for bit, name in enumerate(SETTINGS):
        unsure = offers.has_setting(name) | ~offers.setting_is_known(name)
        asks[unsure] |= 1 << (SETTING_BIT + bit)
    for level in range(1, len(SCHOOLING)):
        asks[offers.schooling_level == level] |= 1 << (SCHOOL_BIT + level - 1)
    lowest, highest = age_limits(offers)
    adults, untold = age_facts(offers)
    told = (
        (READS, market.requires_reading == 1),
        (WATER, offers.needs_water),
        (ADULT, adults | untold),
        (AGE_TOLD, adults | (lowest > 0) | ~np.isnan(highest)),
        (WORK_KNOWN, (offers.livelihood < 0) & (offers.occupations[1] < 0)),
        (NOT_OPEN, _not_open(offers)),
    )
    for bit, holds in told:
        asks[holds] |= bit
    return asks


def _bits(words: frozenset[str] | tuple[str, ...], order: tuple[str, ...]) -> int:
    return sum(1 << order.index(word) for word in words)


def _not_open(offers: Offers) -> Bools:
    market = offers.market
    started = offers.is_training & (market.starts_on < market.as_of)
    ahead = market.posted_on > market.as_of
    closed = (market.closes_on < market.as_of) | (market.seats == 0)
    return np.asarray(started | ahead | closed)


__all__ = ["Bytes", "Folded", "Registry", "age_facts", "age_limits", "fold"]

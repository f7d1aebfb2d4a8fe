"""Offers folded: gate signatures as bits, terms of the offer alone as one number, classes."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.climate import loss_share
from matcher.columns import Coded, or_zero
from matcher.features.feature import Fold
from matcher.household import quadratic
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.scoring.compiled.arrays import AMOUNT_COLUMNS, Amount, Entry, Fact, Ints, Reals
from matcher.scoring.compiled.asking import age_limits, asks_of
from matcher.scoring.compiled.classes import Classes, meaning_keys, need_keys, work_keys
from matcher.scoring.scorecard import Scorecard, Term

Bools = NDArray[np.bool_]
CLIMATE = ("climate_loss", "climate_loss_2050")
HOME, HOME_OR_GRANT = int(Fact.AT_HOME), int(Fact.AT_HOME | Fact.GRANT)
ALONE = (Fold.OFFER, Fold.STEPS)


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
    row, place = slots(offers)
    facts = facts_of(offers)
    active = np.asarray(offers.screen.severity == 0)[row] & stands(place, facts[row])
    at = np.flatnonzero(active)
    where = place[at]
    slot_entry = np.where(active, np.cumsum(active) - 1, -1).astype(np.int32)
    meaning = registry.meaning.of(meaning_keys(offers))
    own = _values_alone(offers, scorecard)
    entry, amount = _entries(offers, registry, scorecard, own, row[at], where)
    entry[:, Entry.MEANING], entry[:, Entry.FACTS] = meaning[row[at]], facts[row[at]]
    many = np.bincount(row[at], minlength=len(offers)) > 1
    entry[:, Entry.FACTS] |= np.where(many[row[at]], int(Fact.MANY_PLACES), 0).astype(np.int32)
    counts = np.bincount(row, minlength=len(offers)).astype(np.int32)
    asks, slot_place = asks_of(offers)[row[at]], place.astype(np.int32)
    told = [own[f.name] for f in scorecard.features if f.fold is Fold.OFFER]
    alone = np.array(told).reshape(len(told), len(offers)).T.copy()
    return Folded(asks, entry, amount, counts, slot_place, slot_entry, facts, meaning, alone)


def slots(offers: Offers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the row and the place of every place of offers; -1 alone where none is known."""
    places = offers.places
    kept = places >= 0
    kept[:, 0] = True
    row, column = np.nonzero(kept)
    return row, places[row, column]


def stands(place: Any, facts: Any) -> Any:
    """Tell whether an entry may stand at a place: at a known one, or at home; arrays or numbers."""
    return (place >= 0) | ((facts & HOME_OR_GRANT) == HOME)


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
    keys = (
        (Entry.REQUIRED, registry.required, need_keys(offers.required_skills)),
        (Entry.USEFUL, registry.useful, need_keys(offers.useful_skills)),
        (Entry.WORK, registry.work, work_keys(offers)),
        (Entry.EXPOSED, registry.exposed, exposed_keys(offers)),
    )
    for column, classes, values in keys:
        entry[:, column] = classes.of(values)[row]
    amount = np.zeros((len(row), AMOUNT_COLUMNS))
    amount[:, Amount.FIXED] = _fixed(offers, scorecard, own)[row]
    for name, told in AMOUNTS.items():
        amount[:, name] = told(offers)[row]
    away = ~offers.home_based[row]
    _add_climate(amount, offers, scorecard, row, place, away)
    return entry, amount


def exposed_keys(offers: Offers) -> Coded:
    """Return what tells the sensitivities of offers apart."""
    distinct, alike = offers.distinct_sensitivity
    return Coded([*map(bytes, distinct)], alike)


def facts_of(offers: Offers) -> Ints:
    """Return what each offer is, as bits of :class:`Fact`."""
    facts = np.zeros(len(offers), dtype=np.int32)
    for fact, holds in FACTS.items():
        facts[holds(offers)] |= int(fact)
    return facts


FACTS: dict[Fact, Callable[[Offers], Bools]] = {
    Fact.AT_HOME: lambda offers: offers.home_based,
    Fact.HOUSED: lambda offers: np.asarray(offers.market.housing_provided == 1),
    Fact.WAY_PAID: lambda offers: np.asarray(offers.market.transport_provided == 1),
    Fact.TRAINING: lambda offers: offers.is_training,
    Fact.GRANT: lambda offers: offers.is_grant,
    Fact.PLACE_UNTOLD: lambda offers: offers.place_untold,
}
"""What an offer is, each by itself."""

AMOUNTS: dict[Amount, Callable[[Offers], Reals]] = {
    Amount.INCOME: lambda offers: offers.monthly_income,
    Amount.YOUNGEST: lambda offers: age_limits(offers)[0],
    Amount.OLDEST: lambda offers: age_limits(offers)[1],
    Amount.START: lambda offers: offers.start_usd,
    Amount.LAND: lambda offers: offers.land_m2,
    Amount.MONTHS: lambda offers: offers.months_to_income,
}
"""Numbers of the offer alone, by their column."""


def _values_alone(offers: Offers, scorecard: Scorecard) -> dict[str, Reals]:
    """The values of the features of the offer alone, by name."""
    pairs = with_anybody(offers)
    return {one.name: one(pairs) for one in scorecard.features if one.fold in ALONE}


def _fixed(offers: Offers, scorecard: Scorecard, own: dict[str, Reals]) -> Reals:
    """Base and the terms of the offer alone."""
    total = np.full(len(offers), scorecard.base)
    for name, term in terms_of(scorecard).items():
        if name in own:
            total = total + term(own[name])
    return total


@lru_cache(maxsize=4)
def _anybody(knowledge: Knowledge) -> Profiles:
    """One client of whom nothing is known; kept, for a patch folds a single offer."""
    return Profiles(Caseload.from_records([{"client_id": "-"}]), knowledge)


def with_anybody(offers: Offers) -> Pairs:
    """Return offers with a client of whom nothing is known."""
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
    at, of = np.flatnonzero(away), row[away]
    told = at_places(
        offers.knowledge, scorecard, place[at], offers.sensitivity[of], offers.is_training[of]
    )
    for points in told.points:
        amount[at, Amount.FIXED] += points
    amount[at, Amount.INCOME] *= told.left
    amount[at, Amount.LOADING : Amount.LOADING + 4] = told.exposure
    amount[at, Amount.VARIANCE] = told.variance


class AtPlaces(NamedTuple):
    """What the climate does to work at places.

    Parameters
    ----------
    points
        Log-odds of the loss now and later, one array a term.
    left
        What is left of the income, as a share.
    exposure, variance
        Loadings on the hazards, of shape (p, 4), and the variance they make.
    """

    points: list[Reals]
    left: Reals
    exposure: Reals
    variance: Reals


def at_places(
    knowledge: Knowledge,
    scorecard: Scorecard,
    place: NDArray[np.intp],
    sensitivity: Reals,
    is_training: Bools,
) -> AtPlaces:
    """Return what the climate of places does to work of a sensitivity, of shape (p,)."""
    climate, terms = knowledge.climate, terms_of(scorecard)
    exposure = climate.at(place) * sensitivity
    loss = loss_share(climate.at(place), sensitivity)
    later = loss_share(climate.at(place, 2050), sensitivity)
    shares = zip(CLIMATE, (loss, later), strict=True)
    points = [terms[name](share) for name, share in shares if name in terms]
    lost = np.where(is_training, 0.0, or_zero(loss * climate.bad_year_frequency))
    variance = quadratic(exposure, np.maximum(climate.correlation, 0.0))
    return AtPlaces(points, 1.0 - lost, exposure, variance)


def terms_of(scorecard: Scorecard) -> dict[str, Term]:
    """Return the term of each feature, by name."""
    return {f.name: t for f, t in zip(scorecard.features, scorecard.terms, strict=True)}

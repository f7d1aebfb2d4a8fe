"""One offer folded, for a patch: what columns give for many, asked of one and remembered."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from itertools import count
from typing import Any

import numpy as np

from matcher.columns import Coded
from matcher.features import Feature
from matcher.features.feature import Fold
from matcher.knowledge import Knowledge
from matcher.needs import Names, SkillNeeds, required_names, useful_names
from matcher.offers import Offers
from matcher.scoring.compiled.arrays import AMOUNT_COLUMNS, Amount, Entry, Fact, Reals
from matcher.scoring.compiled.arriving import Arrivals, follows, taught
from matcher.scoring.compiled.asking import ASKED
from matcher.scoring.compiled.classes import kinds_of_work, meaning_keys, need_keys, work_keys
from matcher.scoring.compiled.folding import (
    ALONE,
    AMOUNTS,
    FACTS,
    AtPlaces,
    Folded,
    Registry,
    at_places,
    exposed_keys,
    slots,
    stands,
    terms_of,
    with_anybody,
)
from matcher.scoring.compiled.one_screen import OneScreen
from matcher.scoring.compiled.recall import KEPT, Cells, Recalled
from matcher.scoring.compiled.sources import Posted
from matcher.scoring.compiled.tally import COUNTED, KEYS, SCREENED, TOTALS, Counting, reach_keys
from matcher.scoring.scorecard import Scorecard, Term
from matcher.vocabulary import HAZARDS

Places = tuple[int, ...]
AtPlace = tuple[list[float], float, list[float]]
"""Log-odds, the share of the income that is left, and loadings with their variance."""

FACT_AT_HOME, FACT_TRAINING = int(Fact.AT_HOME), int(Fact.TRAINING)
UNTOLD = int(Fact.PLACE_UNTOLD)
FIXED, INCOME = int(Amount.FIXED), int(Amount.INCOME)
EXPOSURE = slice(int(Amount.LOADING), int(Amount.VARIANCE) + 1)
BIT = {name: 1 << bit for bit, name in enumerate(TOTALS)}

EXPOSED_KEPT = 256
"""Sensitivities of which it is kept what the climate does to them at every place."""


class OneOffer:
    """Folds one offer at a time; remembers what offers with the same values came to.

    Parameters
    ----------
    knowledge, scorecard
        What the engine knows and how it weighs.
    as_of
        The day on which the market stands.
    """

    def __init__(self, knowledge: Knowledge, scorecard: Scorecard, as_of: np.datetime64) -> None:
        self._knowledge, self._scorecard, self.as_of = knowledge, scorecard, as_of
        self._severity = OneScreen(knowledge, as_of).severity
        self._places = self._first(_places)  # and whether any is not one of the country's
        self._facts = [
            (int(fact), self._first(holds))
            for fact, holds in FACTS.items()
            if fact != Fact.PLACE_UNTOLD
        ]
        self._meaning = self._first(meaning_keys)
        self._amounts = [(name, self._first(told)) for name, told in AMOUNTS.items()]
        self._asked = [self._first(told) for told in ASKED]
        self._counted = [(BIT[name], self._first(holds)) for name, holds in COUNTED.items()]
        self._keys = [self._first(keys) for name, keys in KEYS.items() if name != "reach"]
        self._level = self._first(lambda offers: offers.schooling_level)
        self._alike, self._taught = self._first(kinds_of_work), self._first(taught)
        self._follows, self._exposed = self._first(follows), self._first(exposed_keys)
        self._needs = (
            (Entry.REQUIRED, "required", self._first(_required)),
            (Entry.USEFUL, "useful", self._first(_useful)),
        )
        self._need_key = lru_cache(KEPT)(self._key_of_need)
        self._classes = (
            (Entry.WORK, "work", self._first(work_keys)),
            (Entry.EXPOSED, "exposed", self._exposed),
        )
        terms = terms_of(scorecard)
        alone = [one for one in scorecard.features if one.fold in ALONE]
        self._worth = [(one.fold, self._first(_worth(one, terms[one.name]))) for one in alone]
        self._everywhere: dict[tuple[bytes, bool], AtPlaces] = {}

    def _first(self, ask: Callable[[Offers], Any]) -> Recalled[Any]:
        """What a function of columns says of the one offer in them."""
        knowledge = self._knowledge

        def first(offers: Any) -> Any:
            return offers.tolist()[0] if isinstance(offers, np.ndarray) else offers[0]

        return Recalled(lambda market: first(ask(Offers(market, knowledge))), self.as_of)

    def arrive(self, cells: Cells, registry: Registry, counting: Counting) -> Arrivals:
        """Return an offer folded, as :func:`.arriving.arrive` folds it; its classes are numbered.

        Parameters
        ----------
        cells
            The offer. No report of harm is open on its employer's other offers.
        registry, counting
            Where classes are numbered.
        """
        places, untold = self._places.of(cells)
        severity, facts = self._severity(cells), UNTOLD if untold else 0
        for fact, holds in self._facts:
            facts |= fact * holds.of(cells)
        meaning = registry.meaning.number(self._meaning.of(cells))
        kind, work = self._alike.of(cells)
        alike = registry.alike.number((kind, str(work or cells["opportunity_id"])))
        bits, values = (
            self._bits(cells, severity, places, facts),
            self._values(cells, places, facts),
        )
        return Arrivals(
            Posted((cells,), self._knowledge, self.as_of),
            self._folded(cells, severity == 0, places, facts, meaning, registry),
            counting.mark(bits, meaning, self._level.of(cells), values),
            np.array([alike], dtype=np.int32),
            [self._taught.of(cells)],
            [self._follows.of(cells)],
        )

    def _bits(self, cells: Cells, severity: int, places: Places, facts: int) -> int:
        """Bits of the totals that count the offer."""
        bits = BIT["all"] | (0 if stands(places[0], facts) else BIT["place_unknown"])
        for bit, holds in self._counted:
            bits |= bit * holds.of(cells)
        for name, rank in SCREENED.items():
            bits |= BIT[name] if severity == rank else 0
        return bits

    def _values(self, cells: Cells, places: Places, facts: int) -> list[Hashable]:
        """Values of the other aspects by which offers are counted."""
        (reach,) = reach_keys(np.array([facts], dtype=np.int32), np.array([places]))
        return [reach, *(key.of(cells) for key in self._keys)]

    def _folded(
        self,
        cells: Cells,
        clear: bool,
        places: Places,
        facts: int,
        meaning: int,
        registry: Registry,
    ) -> Folded:
        active = [clear and stands(place, facts) for place in places]
        at = [place for place, held in zip(places, active, strict=True) if held]
        row, (alone, amount) = [0] * len(Entry), self._amount(cells)
        row[Entry.FACTS] = facts | (int(Fact.MANY_PLACES) if len(at) > 1 else 0)
        row[Entry.MEANING] = meaning
        for column, name, asked in self._needs:
            row[column] = getattr(registry, name).number(self._need_key(asked.of(cells)))
        for column, name, key in self._classes:
            row[column] = getattr(registry, name).number(key.of(cells))
        entry = np.array([row] * len(at), dtype=np.int32).reshape(-1, len(Entry))
        entry[:, Entry.PLACE] = at
        return Folded(
            asks=np.array([self._asks(cells)] * len(at), dtype=np.int32),
            entry=entry,
            amount=self._placed(cells, amount, facts, at),
            slot_count=np.array([len(places)], dtype=np.int32),
            slot_place=np.array(places, dtype=np.int32),
            slot_entry=np.array(_numbered(active), dtype=np.int32),
            facts=np.array([facts], dtype=np.int32),
            meaning=np.array([meaning], dtype=np.int32),
            alone=np.array([alone], dtype=np.float64),
        )

    def _key_of_need(self, names: Names) -> Hashable:
        """What tells one list of needs from others."""
        key: Hashable = need_keys(SkillNeeds([names], self._knowledge))[0]
        return key

    def _asks(self, cells: Cells) -> int:
        asks = 0
        for asked in self._asked:
            asks |= asked.of(cells)
        return asks

    def _amount(self, cells: Cells) -> tuple[list[float], list[float]]:
        """Values of the features of the offer alone, and its numbers wherever it is."""
        alone, amount = [], [0.0] * AMOUNT_COLUMNS
        fixed = self._scorecard.base
        for kind, told in self._worth:
            value, points = told.of(cells)
            fixed += points
            if kind is Fold.OFFER:
                alone.append(value)
        for name, number in self._amounts:
            amount[name] = number.of(cells)
        amount[Amount.FIXED] = fixed
        return alone, amount

    def _placed(self, cells: Cells, amount: list[float], facts: int, at: list[int]) -> Reals:
        """Numbers of the offer at each of its places."""
        rows = [amount] * len(at)
        if not facts & FACT_AT_HOME:
            exposed, training = self._exposed.of(cells), bool(facts & FACT_TRAINING)
            rows = [_under(amount, *self._climate(place, exposed, training)) for place in at]
        return np.array(rows, dtype=np.float64).reshape(-1, AMOUNT_COLUMNS)

    def _climate(self, place: int, exposed: bytes, training: bool) -> AtPlace:
        """What the climate of a place does to work of a sensitivity; worked out for all at once."""
        if (told := self._everywhere.get((exposed, training))) is None:
            if len(self._everywhere) >= EXPOSED_KEPT:
                self._everywhere.clear()
            places = np.arange(len(self._knowledge.geography.codes))
            sensitivity = np.broadcast_to(np.frombuffer(exposed), (len(places), len(HAZARDS)))
            told = at_places(self._knowledge, self._scorecard, places, sensitivity,
                             np.full(len(places), training))  # fmt: skip
            self._everywhere[exposed, training] = told
        points = [one.item(place) for one in told.points]
        exposure = told.exposure[place].tolist()
        return points, told.left.item(place), [*exposure, told.variance.item(place)]


def _under(
    amount: list[float], points: list[float], left: float, exposure: list[float]
) -> list[float]:
    """Numbers of an offer under the climate of a place."""
    row = amount.copy()
    for one in points:
        row[FIXED] += one
    row[INCOME] *= left
    row[EXPOSURE] = exposure
    return row


def _numbered(active: list[bool]) -> list[int]:
    """Numbers of those that hold, in order; -1 for the others."""
    number = count()
    return [next(number) if holds else -1 for holds in active]


def _places(offers: Offers) -> list[tuple[Places, bool]]:
    """The slots of one offer, and whether a place told is not known."""
    return [(tuple(slots(offers)[1].tolist()), bool(offers.place_untold[0]))]


def _worth(feature: Feature, term: Term) -> Callable[[Offers], list[tuple[float, float]]]:
    """Value and log-odds of a feature of the offer alone."""

    def worth(offers: Offers) -> list[tuple[float, float]]:
        values = feature(with_anybody(offers))
        return list(zip(values.tolist(), term(values).tolist(), strict=True))

    return worth


def _required(offers: Offers) -> Coded:
    return required_names(offers.market, offers.occupation, offers.knowledge)


def _useful(offers: Offers) -> Coded:
    return useful_names(offers.market, offers.occupation, offers.knowledge)

"""The market folded for the kernels: one immutable snapshot of every offer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.offers import Offers
from matcher.scoring.compiled.arrays import Bytes, Entry, Fact, Ints, Reals, Stock
from matcher.scoring.compiled.classes import alike_keys, need_arrays
from matcher.scoring.compiled.folding import Folded, Registry, fold
from matcher.scoring.compiled.notes import Desk
from matcher.scoring.compiled.tally import NOTHING, Counting, Tally
from matcher.scoring.scorecard import Scorecard

ORDER_GAP = 1 << 32
"""Room between the ids of a market, so that a new id finds a place between two."""


@dataclass(frozen=True, eq=False)
class CompiledMarket:
    """One snapshot of the offers, ready for the kernels; never changed once made.

    Parameters
    ----------
    offers
        The offers as the reference sees them.
    stock
        Their arrays.
    tally
        Their numbers by what gates look at.
    alike
        Kind and livelihood of each number in ``stock.alike``; grows with patches.
    alike_room
        Room for such numbers in the notes of kernels.
    examples
        One offer of each class of meaning: what words of exclusion are looked up in.
    """

    offers: Offers
    stock: Stock
    tally: Tally
    alike: list[tuple[str, str]]
    alike_room: int
    examples: Offers
    desks: list[Desk] = field(default_factory=list)

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the desks: each is being written on by a thread of this process."""
        return self.__dict__ | {"desks": []}

    @classmethod
    def of(cls, offers: Offers, scorecard: Scorecard) -> "CompiledMarket":
        """Fold offers."""
        registry, counting = Registry(), Counting()
        folded = fold(offers, registry, scorecard)
        stock = stock_of(offers, folded, registry, scorecard)
        marks = counting.marks(offers, folded)
        told = counting.counted(NOTHING, marks, marks[:0])
        kinds = registry.alike.values()
        return cls(offers, stock, told, kinds, len(kinds), examples_of(offers, folded.meaning))

    def to_rank(self) -> "CompiledMarket":
        """Return what ranking reads of it: of the offers themselves, the examples alone."""
        return replace(self, offers=self.examples, desks=[])

    def meant(self, words: Sequence[Sequence[str]]) -> Bytes:
        """Return which classes of meaning each list of words excludes, one row a list."""
        table = np.zeros((len(words), max(1, len(self.examples))), dtype=np.uint8)
        for row, said in enumerate(words):
            for word in said:
                if (hit := self.examples.meant_by(word)) is not None:
                    table[row, : len(hit)] |= hit
        return table


def examples_of(offers: Offers, meaning: Ints) -> Offers:
    """Return one offer of each class of meaning, in the order of the classes."""
    first = np.unique(meaning, return_index=True)[1]
    return Offers(offers.market.take(first), offers.knowledge)


def stock_of(offers: Offers, folded: Folded, registry: Registry, scorecard: Scorecard) -> Stock:
    """Return folded offers as arrays, entries grouped by the place where a client looks."""
    places = len(offers.knowledge.geography.codes)
    key = _shelf(folded, places)
    by_shelf = np.argsort(key, kind="stable")
    shelf_of = np.empty_like(by_shelf)
    shelf_of[by_shelf] = np.arange(len(by_shelf))
    start = np.searchsorted(key[by_shelf], np.arange(3 * places + 2)).astype(np.int32)
    slot_entry = folded.slot_entry.copy()
    slot_entry[slot_entry >= 0] = shelf_of[slot_entry[slot_entry >= 0]]
    entry = folded.entry[by_shelf]
    steps_start, steps = _steps(offers)
    required, useful = (need_arrays(c.values()) for c in (registry.required, registry.useful))
    work = np.array(registry.work.values(), dtype=np.float64).reshape(-1, 6)
    taught_start, taught = _taught(offers)
    exposed = [np.frombuffer(one, dtype=np.float64) for one in registry.exposed.values()]
    return Stock(
        asks=folded.asks[by_shelf],
        gone_at=np.empty(0, dtype=np.int32),
        entry=entry,
        amount=folded.amount[by_shelf],
        start=start,
        stocked=np.flatnonzero(start[: 2 * places : 2] < start[2 : 2 * places + 2 : 2]).astype(
            np.int32
        ),
        slot_start=_starts(folded.slot_count),
        slot_place=folded.slot_place,
        slot_entry=slot_entry,
        order=offers.id_order.astype(np.int64) * ORDER_GAP,
        offer=np.arange(len(offers), dtype=np.int32),
        fresh=np.array([len(entry), len(entry), 0], dtype=np.int32),
        steps_start=steps_start,
        steps=steps,
        late_start=np.zeros_like(steps_start),
        late=np.empty(0, dtype=np.int32),
        facts=folded.facts,
        alike=registry.alike.of(alike_keys(offers)),
        required=required[0],
        required_weight=required[1],
        required_state=required[2],
        useful=useful[0],
        useful_weight=useful[1],
        useful_state=useful[2],
        work=work[:, :5].astype(np.int32),
        asked_years=np.ascontiguousarray(work[:, 5]),
        exposed=np.array(exposed).reshape(-1, 4),
        taught_start=taught_start,
        taught=taught,
        alone=folded.alone,
        numbers=_numbers(offers, scorecard),
    )


def _shelf(folded: Folded, places: int) -> Ints:
    """Where a client finds an entry: its place, housed ones last; or the area it serves."""
    place, facts = folded.entry[:, Entry.PLACE], folded.entry[:, Entry.FACTS]
    housed = (facts & int(Fact.HOUSED)) > 0
    area = 2 * places + np.where(place < 0, places, place)
    at_home = (facts & int(Fact.AT_HOME)) > 0
    return np.where(at_home, area, 2 * place + housed).astype(np.int32)


def _starts(counts: NDArray[Any]) -> Ints:
    start = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=start[1:])
    return start


def _taught(offers: Offers) -> tuple[Ints, Ints]:
    """Return where the skills that each offer teaches begin, and the skills."""
    told = offers.market.coded("teaches")
    lists = [offers.knowledge.skills.indices(names or ()) for names in told.values]
    lengths = np.array([len(one) for one in lists], dtype=np.intp)
    flat = np.concatenate([*lists, np.empty(0, dtype=np.intp)]).astype(np.int32)
    own = lengths[told.position]
    start, begins = _starts(own), (np.cumsum(lengths) - lengths)[told.position]
    return start, flat[np.repeat(begins - start[:-1], own) + np.arange(start[-1])]


def _steps(offers: Offers) -> tuple[Ints, Ints]:
    """What may follow a course, by livelihood: every offer of it that is no course."""
    follows = np.flatnonzero((offers.livelihood >= 0) & ~offers.is_training)
    livelihood = offers.livelihood[follows]
    order = np.argsort(livelihood, kind="stable")
    counts = np.bincount(livelihood, minlength=len(offers.knowledge.livelihoods))
    return _starts(counts), follows[order].astype(np.int32)


def _numbers(offers: Offers, scorecard: Scorecard) -> Reals:
    """The wage to compare with, and the log-odds of a way that is none."""
    way = 0.0
    for feature, term in zip(scorecard.features, scorecard.terms, strict=True):
        if feature.name in ("travel_minutes", "living_away"):
            way += float(term(np.zeros(1))[0])
    return np.array([offers.comparator_wage_usd, way])

"""Offers counted by what each gate looks at: by class, not by pair, and counted out again."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Coded, combined
from matcher.offers import Offers
from matcher.safety.flag import Action
from matcher.scoring.compiled.arrays import Fact, Ints, Reals
from matcher.scoring.compiled.asking import SHUT, WANTING, Bools, age_facts, age_limits, paper_bits
from matcher.scoring.compiled.classes import Classes
from matcher.scoring.compiled.folding import Folded, facts_of, stands
from matcher.vocabulary import SCHOOLING, SETTINGS

Counts = NDArray[np.int64]
Reach = tuple[Ints, Ints, Ints]
WORDS = {name: 1 << bit for bit, name in enumerate(SETTINGS)}

TOTALS = (
    "all",
    "unsafe",
    "safety_review",
    "place_unknown",
    "closed",
    "started",
    "not_yet_posted",
    "no_seats",
    "no_work",
    "reading",
)
"""What is counted of all offers: each of them, and those that some gate refuses to everybody."""

COUNTED: dict[str, Callable[[Offers], Bools]] = SHUT | WANTING
"""Which offers each of the totals counts, but for those that rest on the screen or on places."""

FEW = 8
"""So many offers are counted in and out one by one."""

SCREENED = {"safety_review": Action.REVIEW.severity, "unsafe": Action.BLOCK.severity}
"""Severity of the offers that each of the other totals counts."""

ASPECTS = ("meaning", "levels", "reach", "ages", "papers", "settings", "starts", "land")
"""What gates look at: offers are counted by its distinct values."""


class Tally(NamedTuple):
    """Offers counted by what each gate looks at; never changed once made.

    Parameters
    ----------
    totals
        Offers counted by each of ``TOTALS``.
    reach
        Distinct sets of places with what matters of an offer there: the start of each set, its
        places, and the facts.
    ages, settings, starts, land
        Distinct rows of numbers.
    papers
        Distinct sets of documents, as bits.
    counts
        Offers of each distinct value, by the names of ``ASPECTS``.
    """

    totals: Counts
    reach: Reach
    ages: Reals
    papers: Ints
    settings: Reals
    starts: Reals
    land: Reals
    counts: dict[str, Counts]

    @property
    def offers(self) -> int:
        """How many are counted."""
        return int(self.totals[0])


NOTHING = Tally(
    np.zeros(len(TOTALS), dtype=np.int64),
    (np.zeros(1, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)),
    np.empty((0, 4)),
    np.empty(0, dtype=np.int32),
    np.empty((0, 2)),
    np.empty((0, 1)),
    np.empty((0, 2)),
    {name: np.zeros(0, dtype=np.int64) for name in ASPECTS},
)
"""No offers."""


class Counting:
    """Numbers the distinct values of a market, so that an offer counts in or out by its marks.

    Marks are one row of numbers an offer: of what it adds to the totals, a bit each, and of its
    value in each of ``ASPECTS``. They hold as long as this object does.
    """

    def __init__(self) -> None:
        self._values = {name: Classes() for name in KEYS}

    def marks(self, offers: Offers, folded: Folded) -> Ints:
        """Return the marks of offers, of shape (m, 1 + aspects)."""
        keyed = [self._values[name].of(keys(offers)) for name, keys in KEYS.items()]
        columns: list[NDArray[Any]] = [_total_bits(offers), folded.meaning, offers.schooling_level]
        return np.stack([*columns, *keyed], axis=1).astype(np.int32)

    def mark(self, bits: int, meaning: int, level: int, values: Sequence[Hashable]) -> Ints:
        """Return the marks of one offer, of shape (1, 1 + aspects), from what they stand for.

        Parameters
        ----------
        bits, meaning, level
            Bits of the totals, the class of meaning and the level of schooling.
        values
            Its values, in the order of ``KEYS``.
        """
        told = zip(self._values.values(), values, strict=True)
        keyed = [known.number(value) for known, value in told]
        return np.array([[bits, meaning, level, *keyed]], dtype=np.int32)

    def counted(self, told: Tally, come: Ints, gone: Ints) -> Tally:
        """Return a tally with some offers counted in and others out, by their marks."""
        totals = told.totals + np.array(_net_bits(come[:, 0], gone[:, 0]), dtype=np.int64)
        counts = {
            name: _recounted(told.counts[name], self._size(name, told, come), *marks)
            for name, marks in zip(ASPECTS, _by_aspect(come, gone), strict=True)
        }
        grown = {name: self._grown(name, told, len(counts[name])) for name in KEYS}
        return Tally(totals=totals, counts=counts, **grown)

    def _size(self, name: str, told: Tally, come: Ints) -> int:
        if name in self._values:
            return len(self._values[name])
        if name == "levels":
            return len(SCHOOLING)
        latest = come[:, 1 + ASPECTS.index(name)].max(initial=-1)
        return max(len(told.counts[name]), int(latest) + 1)

    def _grown(self, name: str, told: Tally, size: int) -> Any:
        """The distinct values of an aspect, those that are new included."""
        known, before = getattr(told, name), len(told.counts[name])
        if size == before:
            return known
        return _GROW[name](known, self._values[name].values()[before:size])


def _by_aspect(come: Ints, gone: Ints) -> Iterator[tuple[Ints, Ints]]:
    return zip(come.T[1:], gone.T[1:], strict=True)


def _recounted(counts: Counts, size: int, come: Ints, gone: Ints) -> Counts:
    new = np.zeros(size, dtype=np.int64)
    new[: len(counts)] = counts
    if len(come) + len(gone) > FEW:
        return new + np.bincount(come, minlength=size) - np.bincount(gone, minlength=size)
    for mark in come.tolist():
        new[mark] += 1
    for mark in gone.tolist():
        new[mark] -= 1
    return new


def _net_bits(come: Ints, gone: Ints) -> list[int]:
    """How many more of the offers have each bit of the totals."""
    bits = [1 << bit for bit in range(len(TOTALS))]
    if len(come) + len(gone) > FEW:
        return [int(((come & bit) > 0).sum() - ((gone & bit) > 0).sum()) for bit in bits]
    new, old = come.tolist(), gone.tolist()
    return [sum(m & bit > 0 for m in new) - sum(m & bit > 0 for m in old) for bit in bits]


def _total_bits(offers: Offers) -> Counts:
    severity = offers.screen.severity
    screened = {level: severity == rank for level, rank in SCREENED.items()}
    unplaced = ~stands(offers.places[:, 0], facts_of(offers))
    told = {"all": np.ones(len(offers), dtype=bool), "place_unknown": unplaced, **screened}
    masks = [told[name] if name in told else COUNTED[name](offers) for name in TOTALS]
    bits: Counts = np.left_shift(np.array(masks), np.arange(len(TOTALS))[:, None])
    return np.asarray(bits.sum(axis=0), dtype=np.int64)


# --- the values of each aspect as keys, and keys as arrays -------------------------------------


def _packed(*columns: NDArray[np.generic]) -> Coded:
    """One key an offer: its row of numbers."""
    first, alike = combined(*(Coded.of_numbers(column).position for column in columns))
    rows = np.stack([column[first] for column in columns], axis=1).astype(np.float64)
    return Coded(_bytes_of(rows), alike)


def reach_keys(facts: Ints, places: NDArray[np.intp]) -> list[bytes]:
    """Return what matters of offers where they are, and their places; unknown ones, last, go."""
    told = facts & int(Fact.AT_HOME | Fact.HOUSED | Fact.PLACE_UNTOLD)
    packed = _bytes_of(np.column_stack([told, places]).astype(np.int32))
    return [row.rstrip(b"\xff") for row in packed]  # -1 is all ones; no place fills its last byte


def _bytes_of(rows: NDArray[Any]) -> list[bytes]:
    packed: list[bytes] = rows.view(f"V{rows.itemsize * rows.shape[1]}").reshape(-1).tolist()
    return packed


def _reach_keys(offers: Offers) -> Coded:
    facts = facts_of(offers)
    first, alike = combined(facts, offers.market.coded("places").position)
    return Coded(reach_keys(facts[first], offers.places[first]), alike)


def _paper_keys(offers: Offers) -> Coded:
    return Coded([*map(paper_bits, offers.required_documents)], offers.document_set)


def _setting_bits(offers: Offers) -> tuple[Ints, Ints]:
    has, unclear = np.zeros(len(offers), dtype=np.int32), np.zeros(len(offers), dtype=np.int32)
    for name, bit in WORDS.items():
        has[offers.has_setting(name)] |= bit
        unclear[~offers.setting_is_known(name)] |= bit
    return has, unclear


KEYS: dict[str, Callable[[Offers], Coded]] = {
    "reach": _reach_keys,
    "ages": lambda offers: _packed(*age_limits(offers), *age_facts(offers)),
    "papers": _paper_keys,
    "settings": lambda offers: _packed(*_setting_bits(offers)),
    "starts": lambda offers: _packed(offers.start_usd),
    "land": lambda offers: _packed(offers.land_m2, offers.needs_water),
}


def _rows_grown(known: Reals, new: Sequence[bytes]) -> Reals:
    rows = np.frombuffer(b"".join(new), dtype=np.float64).reshape(-1, known.shape[1])
    return np.concatenate([known, rows])


def _reach_grown(known: Reach, new: Sequence[bytes]) -> Reach:
    start, place, facts = known
    rows = [np.frombuffer(one, dtype=np.int32) for one in new]
    places = [row[1:] if len(row) > 1 else np.array([-1], dtype=np.int32) for row in rows]
    ends = start[-1] + np.cumsum([len(one) for one in places])
    return (
        np.append(start, ends.astype(np.int32)),
        np.concatenate([place, *places]),
        np.append(facts, np.array([row[0] for row in rows], dtype=np.int32)),
    )


_GROW: dict[str, Callable[..., Any]] = dict.fromkeys(KEYS, _rows_grown) | {
    "reach": _reach_grown,
    "papers": lambda known, new: np.append(known, np.array(new, dtype=np.int32)),
}

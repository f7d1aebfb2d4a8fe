"""What a patch does to arrays: entries closed, offers written into the room behind the others.

Nothing that a reader of an earlier snapshot looks at is changed in a way that it could see: rows
behind its own are not its business, and an entry is gone as of the number of a snapshot.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.market import Market
from matcher.scoring.compiled.arrays import GONE, Entry, Ints, Stock
from matcher.scoring.compiled.arriving import Arrivals
from matcher.scoring.compiled.classes import need_arrays
from matcher.scoring.compiled.folding import Registry

SPARE = 4096
"""Least room for new entries, places and offers; when it is used up, all is folded again."""

SPARE_SHARE = 8
"""An eighth of a large market is room: folding again then costs each patch the same few offers."""

ALWAYS = np.iinfo(np.int32).max
"""The snapshot at which an entry goes that is not gone."""

GROWING = (
    *("asks", "entry", "amount"),
    *("order", "offer", "facts", "alike", "alone"),
    *("slot_start", "slot_place", "slot_entry", "taught_start", "taught"),
    *("required", "required_weight", "required_state"),
    *("useful", "useful_weight", "useful_state"),
    *("work", "asked_years", "exposed"),
)
"""Arrays with room for what is new."""

NEEDS = (("required", "required_weight", "required_state"),
         ("useful", "useful_weight", "useful_state"))  # fmt: skip
FILLER = {"required": -1, "useful": -1}
"""What stands behind a short list of skills."""

CLASSES = ("required", "useful", "work", "exposed")
"""Arrays of classes: kernels note things by class, so that their notes are as long as these."""


class Used(NamedTuple):
    """How much of the arrays is in use; the rest is room."""

    entries: int
    slots: int
    offers: int
    taught: int

    @classmethod
    def of(cls, stock: Stock) -> "Used":
        """Return the use of arrays that have no room yet."""
        return cls(len(stock.asks), len(stock.slot_place), len(stock.offer), len(stock.taught))

    def after(self, come: Arrivals) -> "Used":
        """Return the use of arrays with some more offers in them."""
        folded, taught = come.folded, sum(map(len, come.taught))
        return Used(
            self.entries + len(folded.asks),
            self.slots + len(folded.slot_place),
            self.offers + len(folded.facts),
            self.taught + taught,
        )

    def fits(self, stock: Stock) -> bool:
        """Tell whether there is room for so much."""
        rows = (len(stock.asks), len(stock.slot_place), len(stock.offer), len(stock.taught))
        return all(used <= room for used, room in zip(self, rows, strict=True))


def joined(markets: Sequence[Market]) -> Market:
    """Return several markets as one, as of the day of the first."""
    columns = Market.columns()
    arrays = {name: np.concatenate([getattr(m, name) for m in markets]) for name in columns}
    for array in arrays.values():
        array.setflags(write=False)
    return Market(**arrays, as_of=markets[0].as_of)


def with_room(stock: Stock, version: int) -> Stock:
    """Arrays with room behind them for what is new, at the snapshot of a number."""
    grown = {name: _longer(getattr(stock, name), spare(stock.offer)) for name in GROWING}
    gone_at = np.full(len(grown["asks"]), ALWAYS, dtype=np.int32)
    fresh = np.array([*stock.fresh[:2], version], dtype=np.int32)
    return stock._replace(**grown, gone_at=gone_at, fresh=fresh)


def spare(array: NDArray[Any]) -> int:
    """Return the room to leave behind an array."""
    return max(SPARE, len(array) // SPARE_SHARE)


def _longer(array: NDArray[Any], room: int) -> NDArray[Any]:
    return np.concatenate([array, np.zeros((room, *array.shape[1:]), dtype=array.dtype)])


def close(stock: Stock, gone: Sequence[int], version: int) -> None:
    """Close the entries of some offers to everybody, in the snapshots from a number on."""
    start, entry = stock.slot_start, stock.slot_entry
    for row in gone:
        for e in entry[start[row] : start[row + 1]].tolist():
            if e >= 0:
                stock.gone_at[e] = version  # first: who sees the bit asks since when
                stock.asks[e] |= GONE


def written(stock: Stock, used: Used, come: Arrivals, order: Sequence[int], version: int) -> Stock:
    """Write offers behind those in use; return the arrays of the new snapshot."""
    folded, now = come.folded, used.after(come)
    entries, rows = slice(used.entries, now.entries), slice(used.offers, now.offers)
    ends = slice(used.offers + 1, now.offers + 1)
    stock.entry[entries] = folded.entry
    stock.entry[entries, Entry.OFFER] += used.offers
    stock.amount[entries], stock.asks[entries] = folded.amount, folded.asks
    slots = slice(used.slots, now.slots)
    stock.slot_place[slots] = folded.slot_place
    stands = folded.slot_entry >= 0
    stock.slot_entry[slots] = np.where(stands, folded.slot_entry + used.entries, -1)
    stock.slot_start[ends] = used.slots + np.cumsum(folded.slot_count)
    stock.facts[rows], stock.alone[rows] = folded.facts, folded.alone
    stock.offer[rows] = range(used.offers, now.offers)
    stock.alike[rows], stock.order[rows] = come.alike, order
    stock.taught[used.taught : now.taught] = [skill for one in come.taught for skill in one]
    stock.taught_start[ends] = used.taught + np.cumsum([len(one) for one in come.taught])
    late_start, late = _later(stock, come.follows, used.offers)
    fresh = np.array([stock.fresh[0], now.entries, version], dtype=np.int32)
    return stock._replace(late_start=late_start, late=late, fresh=fresh)


def _later(stock: Stock, follows: Sequence[int], first: int) -> tuple[Ints, Ints]:
    """What may follow a course and came later, by livelihood, that of new offers included."""
    new = [(livelihood, first + row) for row, livelihood in enumerate(follows) if livelihood >= 0]
    if not new:
        return stock.late_start, stock.late
    of, which = zip(*sorted(new), strict=True)
    late = np.insert(stock.late, stock.late_start[np.add(of, 1)], which)
    start = stock.late_start.copy()
    start[1:] += np.cumsum(np.bincount(of, minlength=len(start) - 1)).astype(np.int32)
    return start, late


def with_classes(stock: Stock, registry: Registry, known: dict[str, int]) -> Stock:
    """Arrays with the classes that are new in a registry; how many are known is kept up.

    Parameters
    ----------
    known
        How many classes stand in the arrays, by the names of ``CLASSES``.
    """
    for names in NEEDS:
        keys = getattr(registry, names[0]).values()
        if new := keys[known[names[0]] :]:
            arrays: Iterable[tuple[str, NDArray[Any]]] = zip(names, need_arrays(new), strict=True)
            put = {name: _put(name, stock, known[names[0]], rows) for name, rows in arrays}
            stock = stock._replace(**put)
    if new := registry.work.values()[known["work"] :]:
        work = np.array(new, dtype=np.float64).reshape(-1, 6)
        stock = stock._replace(
            work=_put("work", stock, known["work"], work[:, :5].astype(np.int32)),
            asked_years=_put("asked_years", stock, known["work"], work[:, 5]),
        )
    if new := registry.exposed.values()[known["exposed"] :]:
        rows = np.array([np.frombuffer(one, dtype=np.float64) for one in new])
        stock = stock._replace(exposed=_put("exposed", stock, known["exposed"], rows))
    known.update({name: len(getattr(registry, name)) for name in CLASSES})
    return stock


def _put(name: str, stock: Stock, first: int, rows: NDArray[Any]) -> NDArray[Any]:
    """Write rows into an array at a position; into a larger copy where they don't fit."""
    array: NDArray[Any] = getattr(stock, name)
    last, filler = first + len(rows), FILLER.get(name, 0)
    if rows.ndim == 2 and rows.shape[1] > array.shape[1]:
        wider = np.full((len(array), rows.shape[1] - array.shape[1]), filler, dtype=array.dtype)
        array = np.concatenate([array, wider], axis=1)
    if last > len(array):
        array = _longer(array, last - len(array) + spare(array))
    if rows.ndim == 2:
        array[first:last] = filler
        array[first:last, : rows.shape[1]] = rows
    else:
        array[first:last] = rows
    return array

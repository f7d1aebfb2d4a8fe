"""What a patch does to arrays: entries closed, room behind them, offers counted in and out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.market import Market
from matcher.offers import Offers
from matcher.scoring.compiled.arrays import GONE, Stock

if TYPE_CHECKING:
    from matcher.scoring.compiled.live import Snapshot

SPARE = 4096
"""Least room for new entries, places and offers; when it is used up, all is folded again."""

SPARE_SHARE = 8
"""An eighth of a large market is room: folding again then costs each patch the same few offers."""

PER_ENTRY = ("asks", "entry", "amount")
PER_OFFER = ("order", "offer", "facts", "alike", "alone")


def closed_to_all(stock: Stock, gone: Sequence[int]) -> NDArray[np.int32]:
    """What entries ask for, with those of some offers closed to everybody; readers keep theirs."""
    asks = stock.asks.copy()
    for row in gone:
        at = stock.slot_entry[stock.slot_start[row] : stock.slot_start[row + 1]]
        asks[at[at >= 0]] |= GONE
    return asks


def joined(markets: Sequence[Market]) -> Market:
    """Return several markets as one, as of the day of the first."""
    columns = Market.columns()
    arrays = {name: np.concatenate([getattr(m, name) for m in markets]) for name in columns}
    for array in arrays.values():
        array.setflags(write=False)
    return Market(**arrays, as_of=markets[0].as_of)


def day_of(market: Market) -> Any:
    """Return the day on which a market stands; None where it has none."""
    return None if np.isnat(market.as_of) else market.as_of.item()


def with_room(stock: Stock) -> Stock:
    """Arrays with room behind them for new entries, slots and offers."""
    grown = {}
    for name in (*PER_ENTRY, *PER_OFFER, "slot_start", "slot_place", "slot_entry", "taught_start"):
        array = getattr(stock, name)
        room = np.zeros((spare(array), *array.shape[1:]), dtype=array.dtype)
        grown[name] = np.concatenate([array, room])
    return stock._replace(**grown)


def spare(array: NDArray[Any]) -> int:
    """Return the room to leave behind an array."""
    return max(SPARE, len(array) // SPARE_SHARE)


def later_steps(old: "Snapshot", stock: Stock, fresh: Offers, first: int) -> tuple[Any, Any]:
    """New second steps, by livelihood."""
    livelihoods = len(stock.steps_start) - 1
    known = np.repeat(np.arange(livelihoods), np.diff(stock.late_start))
    rows = np.flatnonzero((fresh.livelihood >= 0) & ~fresh.is_training)
    of = np.concatenate([known, fresh.livelihood[rows]])
    which = np.concatenate([stock.late, first + rows]).astype(np.int32)
    order = np.argsort(of, kind="stable")
    start = np.zeros(livelihoods + 1, dtype=np.int32)
    np.cumsum(np.bincount(of, minlength=livelihoods), out=start[1:])
    return start, which[order]

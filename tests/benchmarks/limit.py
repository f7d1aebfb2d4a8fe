"""What a core allows the real features: the bytes and look-ups that no scorer can leave out.

A pair out of reach costs nothing. One within reach costs the mask of its entry; one that no gate
forbids, the entry's figures and a look-up for each table that its score is read from: where the
place is, how it is reached, at what log-odds and cost, and the log-odds of both needs, the work and
its kind. A client costs the distances to all places, and each class of needs that she meets, once,
a look-up a skill. Sums, roots and jumps count nothing, and bytes and look-ups may overlap: so this
is a bound from below, as in the roofline model (Williams, Waterman and Patterson, 2009).
"""

from typing import Final, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from matcher.scoring.compiled.arrays import Stock
from matcher.scoring.compiled.caseload import CompiledCaseload
from tests.benchmarks.folded import Folded
from tests.benchmarks.timing import seconds

LOOKED_UP: Final = 8
"""Look-ups a score: place, reach, way, cost, required, useful, work, kind."""
TABLE, LOOKS = 1 << 12, 1 << 22


class Limit(NamedTuple):
    """What a ranking must touch, a pair, and the least time that this core needs for it.

    Parameters
    ----------
    looked, scored
        Shares of all pairs whose mask must be seen, and whose score must be known.
    read, gathers
        Bytes, and look-ups, a pair.
    nanoseconds
        A pair, at the least.
    dense
        A pair at the least in ns, where every pair is scored and none is pruned.
    """

    looked: float
    scored: float
    read: float
    gathers: float
    nanoseconds: float
    dense: float


def limit(folded: Folded, block: CompiledCaseload) -> Limit:
    """Return the limit for some clients on a market, with the rates of this core measured now."""
    stock, clients, touched = folded.stock, len(block), folded.touched(block)
    pairs = clients * len(stock.offer)
    figures = _row_bytes(stock.entry) + _row_bytes(stock.amount)
    read = touched.looked * stock.asks.itemsize + touched.scored * figures
    read += clients * _row_bytes(folded.world.km)
    gathers = touched.scored * LOOKED_UP + touched.skills
    reading, finding = 1e9 / _bytes_a_second(stock), 1e9 / _gathers_a_second()
    return Limit(
        touched.looked / pairs, touched.scored / pairs, read / pairs, gathers / pairs,
        max(read * reading, gathers * finding) / pairs,
        max(figures * reading, LOOKED_UP * finding),
    )  # fmt: skip


def facts(found: Limit, best_ns: float) -> dict[str, float]:
    """Return a limit, and the share of it that a cost of a pair reaches, as lines of a report."""
    return {
        "pairs within reach, %": 100 * found.looked,
        "pairs that no gate forbids, %": 100 * found.scored,
        "bytes a pair, at the least": found.read,
        "look-ups a pair, at the least": found.gathers,
        "limit of this core for what pruning leaves, ns a pair": found.nanoseconds,
        "share of it reached, prepared clients, %": 100 * found.nanoseconds / best_ns,
        "limit of this core where every pair is scored, ns a pair": found.dense,
        "share of that reached, pruned pairs counted, %": 100 * found.dense / best_ns,
    }


def _row_bytes(array: NDArray[np.generic]) -> int:
    return array.itemsize * array.shape[1]


def _bytes_a_second(stock: Stock) -> float:
    """Bytes that one core reads in a second, one after another, from as many as offers take."""
    held = np.ones(max(stock.entry.nbytes + stock.amount.nbytes, 1 << 16) // 8)
    rounds = max(1, (1 << 28) // held.nbytes)
    _added(held, 1)
    return rounds * held.nbytes / seconds(lambda: _added(held, rounds), 5)


def _gathers_a_second() -> float:
    """Look-ups of one core in a second, anywhere in a table that stays in its nearest caches."""
    dice = np.random.default_rng(0)
    table, at = dice.random(TABLE), dice.integers(0, TABLE, LOOKS).astype(np.int32)
    _found(table, at)
    return LOOKS / seconds(lambda: _found(table, at), 5)


@numba.njit(fastmath=True)  # type: ignore[untyped-decorator]
def _added(held: NDArray[np.float64], rounds: int) -> float:
    total = 0.0
    for turn in range(rounds):
        for i in range(held.shape[0]):
            total += held[i] * turn
    return total


@numba.njit(fastmath=True)  # type: ignore[untyped-decorator]
def _found(table: NDArray[np.float64], at: NDArray[np.int32]) -> float:
    total = 0.0
    for i in range(at.shape[0]):
        total += table[at[i]]
    return total

"""Working space of shortest paths over opportunities, and its binary heap."""

from typing import NamedTuple

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled


class Search(NamedTuple):
    """Working space of shortest paths over opportunities.

    Parameters
    ----------
    distance, done
        (m,) distance found, and whether it is final.
    mover, onto
        (m,) the client who moves along the last arc of the path, and where she goes.
    seen
        (m,) opportunities with a distance, in the order they were found.
    end, total
        The free opportunity (or OUT) and the client who moves there, nearest so far; how near.
    keys, codes, where
        A binary heap, and where a code stands in it. Codes from m on are clients whose whole row
        is still to be read.
    """

    distance: Floats
    done: Ints
    mover: Ints
    onto: Ints
    seen: Ints
    end: Ints
    total: Floats
    keys: Floats
    codes: Ints
    where: Ints


def search_space(n: int, m: int) -> Search:
    """Return working space for n clients and m opportunities."""

    def zeros(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    return Search(
        distance=np.full(m, np.inf), done=zeros(m), mover=zeros(m), onto=zeros(m), seen=zeros(m),
        end=zeros(2), total=np.zeros(1), keys=np.zeros(n + m), codes=zeros(n + m),
        where=np.full(n + m, -1),
    )  # fmt: skip


@compiled
def _set(search: Search, at: int, key: float, code: int) -> None:
    search.keys[at], search.codes[at], search.where[code] = key, code, at


@compiled
def push(search: Search, length: int, key: float, code: int) -> int:
    """Add to the heap, or lower what stands there; return its length."""
    at = search.where[code]
    if at < 0:
        at = length
        length += 1
    while at > 0 and search.keys[(at - 1) // 2] > key:
        up = (at - 1) // 2
        _set(search, at, search.keys[up], search.codes[up])
        at = up
    _set(search, at, key, code)
    return length


@compiled
def pop(search: Search, length: int) -> tuple[float, int, int]:
    """Take the least off the heap; return its key, its code and the length left."""
    least, taken = search.keys[0], search.codes[0]
    search.where[taken] = -1
    length -= 1
    key, code, at = search.keys[length], search.codes[length], 0
    while 2 * at + 1 < length:
        down = 2 * at + 1
        if down + 1 < length and search.keys[down + 1] < search.keys[down]:
            down += 1
        if search.keys[down] >= key:
            break
        _set(search, at, search.keys[down], search.codes[down])
        at = down
    if length > 0:
        _set(search, at, key, code)
    return least, taken, length


@compiled
def forget(search: Search, length: int, seen: int) -> None:
    """Clear the working space."""
    for at in range(length):
        search.where[search.codes[at]] = -1
    for at in range(seen):
        search.distance[search.seen[at]] = np.inf
        search.done[search.seen[at]] = 0

"""Kernels of the seat problem: an auction for prices, then shortest paths until all is exact.

Everything stands in one file, since numba looks at a kernel's own file alone for changes.
"""

from typing import Final, NamedTuple

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.compiled import compiled

OUT: Final = -1
"""Where a client sits who has no seat, and is content."""

WAITING: Final = -2
"""Where a client sits who still has to be dealt with."""


class Market(NamedTuple):
    """All that the kernels know and change.

    Parameters
    ----------
    value
        (n, m) value of pairs; nan forbids.
    stay
        (n,) value of having no seat.
    seats
        (m,) seats.
    price
        (m,) price of a seat.
    start
        (m + 1,) first slot of each opportunity.
    holder, bid
        (slots,) who holds a slot, and what she bid for it.
    held
        (m,) slots taken.
    sits, slot
        (n,) opportunity (or OUT, WAITING) and slot of each client.
    near, near_value
        (n, k) the opportunities of most gain when the row was last read, and their values.
    beyond
        (n,) what no opportunity outside ``near`` gains more than, while prices do not fall.
    """

    value: Floats
    stay: Floats
    seats: Ints
    price: Floats
    start: Ints
    holder: Ints
    bid: Floats
    held: Ints
    sits: Ints
    slot: Ints
    near: Ints
    near_value: Floats
    beyond: Floats


@compiled
def read_row(market: Market, i: int) -> None:  # noqa: C901 - one pass
    """Read a client's whole row again for the opportunities of most gain."""
    k, m = market.near.shape[1], market.price.shape[0]
    row, near, kept = market.value[i], market.near[i], market.near_value[i]
    held, least = 0, -np.inf
    gains = np.empty(k)
    beyond = -np.inf
    for j in range(m):
        gain = row[j] - market.price[j]
        if not gain > least:
            if gain > beyond:
                beyond = gain
            continue
        if market.seats[j] == 0:
            continue
        if held < k:
            at = held
            held += 1
        else:
            beyond = max(beyond, least)
            at = k - 1
        while at > 0 and gains[at - 1] < gain:
            gains[at], near[at] = gains[at - 1], near[at - 1]
            at -= 1
        gains[at], near[at] = gain, j
        if held == k:
            least = gains[k - 1]
    near[held:] = -1
    for at in range(held):
        kept[at] = row[near[at]]
    market.beyond[i] = beyond


@compiled
def read_rows(market: Market) -> None:
    """Read every row again."""
    for i in range(market.sits.shape[0]):
        read_row(market, i)


@compiled
def _best(market: Market, i: int) -> tuple[int, float, float]:
    """Return the opportunity of most gain, that gain, and the second; staying out counts."""
    best, first, second = OUT, market.stay[i], -np.inf
    for at in range(market.near.shape[1]):
        j = market.near[i, at]
        if j < 0:
            break
        gain = market.near_value[i, at] - market.price[j]
        if gain > first:
            best, first, second = j, gain, first
        elif gain > second:
            second = gain
    return best, first, second


@compiled
def best(market: Market, i: int) -> tuple[int, float, float]:
    """Return the same over all opportunities: the row is read again where it may have changed."""
    j, first, second = _best(market, i)
    if first < market.beyond[i]:
        read_row(market, i)
        j, first, second = _best(market, i)
    return j, first, max(second, market.beyond[i])


@compiled
def _take(market: Market, i: int, j: int, slot: int, bid: float) -> None:
    market.holder[slot], market.bid[slot] = i, bid
    market.sits[i], market.slot[i] = j, slot


@compiled
def _enter(market: Market, i: int, j: int) -> None:
    """Let a client take a free slot."""
    slot = market.start[j] + market.held[j]
    market.held[j] += 1
    _take(market, i, j, slot, 0.0)


@compiled
def _leave(market: Market, i: int, to: int) -> None:
    """Let a client leave her slot; the last of that opportunity moves into it."""
    j = market.sits[i]
    if j >= 0:
        market.held[j] -= 1
        last = market.start[j] + market.held[j]
        if last != market.slot[i]:
            _take(market, market.holder[last], j, market.slot[i], market.bid[last])
    market.sits[i] = to


@compiled
def auction(market: Market, epsilon: float, most_bids: int) -> int:
    """Let waiting clients bid until none waits or so many bids are made; return the bids made.

    References
    ----------
    Bertsekas, D. P. (1988). The auction algorithm: a distributed relaxation method for the
    assignment problem. Annals of Operations Research 14, 105-123. Castañon, D. A. (1993) for
    identical seats.
    """
    n = market.sits.shape[0]
    queue = np.empty(n, dtype=np.int64)
    length = 0
    for i in range(n - 1, -1, -1):
        if market.sits[i] == WAITING:
            queue[length] = i
            length += 1
    bids = 0
    while length and bids < most_bids:
        i = queue[length - 1]
        length -= 1
        j, first, second = best(market, i)
        if j == OUT:
            market.sits[i] = OUT
            continue
        bids += 1
        offered = market.price[j] + (first - second) + epsilon
        if market.held[j] < market.seats[j]:
            _take(market, i, j, market.start[j] + market.held[j], offered)
            market.held[j] += 1
        else:
            lowest = market.start[j] + np.argmin(market.bid[market.start[j] : market.start[j + 1]])
            queue[length] = market.holder[lowest]
            length += 1
            market.sits[market.holder[lowest]] = WAITING
            _take(market, i, j, lowest, offered)
        if market.held[j] == market.seats[j]:
            market.price[j] = market.bid[market.start[j] : market.start[j + 1]].min()
    return bids


@compiled
def _gains_elsewhere(market: Market, i: int, tolerance: float) -> bool:
    j = market.sits[i]
    has = market.stay[i] if j == OUT else market.value[i, j] - market.price[j]
    return bool(has < best(market, i)[1] - tolerance)


@compiled
def discontent(market: Market, tolerance: float) -> int:
    """Return how many wait or would gain more elsewhere at these prices."""
    found = 0
    for i in range(market.sits.shape[0]):
        if market.sits[i] == WAITING or _gains_elsewhere(market, i, tolerance):
            found += 1
    return found


@compiled
def release(market: Market, tolerance: float) -> int:
    """Let everybody wait who would gain more elsewhere at these prices; return how many wait."""
    waiting = 0
    for i in range(market.sits.shape[0]):
        if market.sits[i] != WAITING and _gains_elsewhere(market, i, tolerance):
            _leave(market, i, WAITING)
        if market.sits[i] == WAITING:
            waiting += 1
    return waiting


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


@compiled
def _set(search: Search, at: int, key: float, code: int) -> None:
    search.keys[at], search.codes[at], search.where[code] = key, code, at


@compiled
def _push(search: Search, length: int, key: float, code: int) -> int:
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
def _pop(search: Search, length: int) -> tuple[float, int, int]:
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
def _forget(search: Search, length: int, seen: int) -> None:
    """Clear the working space."""
    for at in range(length):
        search.where[search.codes[at]] = -1
    for at in range(seen):
        search.distance[search.seen[at]] = np.inf
        search.done[search.seen[at]] = 0


@compiled
def _end(search: Search, total: float, j: int, mover: int) -> None:
    """Note a nearer end of the path."""
    if total < search.total[0]:
        search.total[0], search.end[0], search.end[1] = total, j, mover


@compiled
def _relax(
    market: Market, search: Search, i: int, j: int, key: float, length: int, seen: int
) -> tuple[int, int]:
    """Note that a client can move to an opportunity; return the lengths of heap and seen."""
    if not key < search.total[0] or market.seats[j] == 0 or not key < search.distance[j]:
        return length, seen
    if market.held[j] < market.seats[j]:
        _end(search, key, j, i)
        return length, seen
    if search.distance[j] == np.inf:
        search.seen[seen] = j
        seen += 1
    search.distance[j], search.mover[j] = key, i
    return _push(search, length, key, j), seen


@compiled
def _read_all(
    market: Market, search: Search, i: int, gain: float, base: float, length: int, seen: int
) -> tuple[int, int]:
    """Relax all that a client can move to."""
    for j in range(market.price.shape[0]):
        key = base + max(0.0, gain - (market.value[i, j] - market.price[j]))
        length, seen = _relax(market, search, i, j, key, length, seen)
    return length, seen


@compiled
def _reach(
    market: Market, search: Search, i: int, gain: float, base: float, length: int, seen: int
) -> tuple[int, int]:
    """Relax what is near to a client; the rest of her row only where it may matter."""
    _end(search, base + max(0.0, gain - market.stay[i]), OUT, i)
    for at in range(market.near.shape[1]):
        j = market.near[i, at]
        if j < 0:
            break
        key = base + max(0.0, gain - (market.near_value[i, at] - market.price[j]))
        length, seen = _relax(market, search, i, j, key, length, seen)
    rest = base + max(0.0, gain - market.beyond[i])
    if rest <= base < search.total[0]:
        return _read_all(market, search, i, gain, base, length, seen)
    if rest < search.total[0]:
        length = _push(search, length, rest, market.price.shape[0] + i)
    return length, seen


@compiled
def place(market: Market, search: Search, source: int) -> None:
    """Seat a waiting client along a shortest path, over all pairs; prices rise where needed.

    References
    ----------
    Jonker, R., Volgenant, A. (1987). A shortest augmenting path algorithm for dense and sparse
    linear assignment problems. Computing 38, 325-340.
    """
    m = market.price.shape[0]
    search.total[0] = np.inf
    _, gain, _ = best(market, source)
    length, seen = _reach(market, search, source, gain, 0.0, 0, 0)
    while length:
        key, code, length = _pop(search, length)
        if key >= search.total[0]:
            break
        if code >= m:
            i = code - m
            at = market.sits[i]
            base = 0.0 if i == source else search.distance[at]
            has = gain if i == source else market.value[i, at] - market.price[at]
            length, seen = _read_all(market, search, i, has, base, length, seen)
            continue
        search.done[code] = 1
        for i in market.holder[market.start[code] : market.start[code + 1]]:
            has = market.value[i, code] - market.price[code]
            length, seen = _reach(market, search, i, has, key, length, seen)
    for j in search.seen[:seen]:
        if search.done[j] and search.distance[j] < search.total[0]:
            market.price[j] += search.total[0] - search.distance[j]
    _shift(market, search, source)
    _forget(search, length, seen)


@compiled
def _shift(market: Market, search: Search, source: int) -> None:
    """Move clients along the path found, from its end to its source."""
    to, mover = search.end[0], search.end[1]
    while True:
        leaves = market.sits[mover]
        _leave(market, mover, OUT)
        if to >= 0:
            _enter(market, mover, to)
        if mover == source:
            return
        to, mover = leaves, search.mover[leaves]


@compiled
def place_waiting(market: Market, search: Search) -> None:
    """Seat all who wait."""
    for i in range(market.sits.shape[0]):
        if market.sits[i] == WAITING:
            place(market, search, i)


@compiled
def fill(market: Market, search: Search, starts: Ints, clients: Ints, first: int) -> None:  # noqa: C901
    """Fill a free seat that has a price, or lower prices until it has none.

    ``clients`` are those to be looked at for each opportunity, from ``starts`` on; everybody where
    it is empty. Prices fall, so that rows have to be read again afterwards.
    """
    search.distance[first], search.seen[0] = 0.0, first
    length, seen = _push(search, 0, 0.0, first), 1
    total, end, comer = np.inf, first, OUT
    while length:
        key, j, length = _pop(search, length)
        if key >= total:
            break
        search.done[j] = 1
        if key + market.price[j] < total:
            total, end, comer = key + market.price[j], j, OUT
        everybody = clients.shape[0] == 0
        count = market.sits.shape[0] if everybody else starts[j + 1] - starts[j]
        for at in range(count):
            i = at if everybody else clients[starts[j] + at]
            sits = market.sits[i]
            if sits == j:
                continue
            has = market.stay[i] if sits == OUT else market.value[i, sits] - market.price[sits]
            reached = key + max(0.0, has - (market.value[i, j] - market.price[j]))
            if not reached < total:
                continue
            if sits == OUT:
                total, end, comer = reached, j, i
            elif reached < search.distance[sits]:
                if search.distance[sits] == np.inf:
                    search.seen[seen] = sits
                    seen += 1
                search.distance[sits], search.mover[sits], search.onto[sits] = reached, i, j
                length = _push(search, length, reached, sits)
    for j in search.seen[:seen]:
        if search.done[j] and search.distance[j] < total:
            market.price[j] = max(0.0, market.price[j] - (total - search.distance[j]))
    _pull(market, search, first, end, comer)
    _forget(search, length, seen)


@compiled
def _pull(market: Market, search: Search, first: int, end: int, comer: int) -> None:
    """Move clients along the path from where a seat is given up to where one was free."""
    while end != first:
        mover = search.mover[end]
        to = search.onto[end]
        _leave(market, mover, OUT)
        if comer != OUT:
            _enter(market, comer, end)
        comer, end = mover, to
    if comer != OUT:
        _enter(market, comer, first)


@compiled
def near_clients(market: Market) -> tuple[Ints, Ints]:
    """Return where the clients near to each opportunity begin, and who they are."""
    n, m = market.sits.shape[0], market.price.shape[0]
    starts = np.zeros(m + 1, dtype=np.int64)
    for i in range(n):
        for j in market.near[i]:
            if j >= 0:
                starts[j + 1] += 1
    starts = np.cumsum(starts)
    clients, at = np.empty(starts[m], dtype=np.int64), starts[:m].copy()
    for i in range(n):
        for j in market.near[i]:
            if j >= 0:
                clients[at[j]] = i
                at[j] += 1
    return starts, clients


@compiled
def fill_priced(
    market: Market, search: Search, starts: Ints, clients: Ints, tolerance: float
) -> int:
    """Fill every free seat that has a price; return how many there were."""
    filled = 0
    for j in range(market.price.shape[0]):
        while market.held[j] < market.seats[j] and market.price[j] > 0:
            if market.price[j] > tolerance:
                filled += 1
                fill(market, search, starts, clients, j)
            else:
                market.price[j] = 0.0
    return filled


@compiled
def wait_anew(market: Market, step: float) -> None:
    """Let everybody wait for another auction, at prices lower by a step; free seats are free."""
    for j in range(market.price.shape[0]):
        free = market.held[j] < market.seats[j]
        market.price[j] = 0.0 if free else max(0.0, market.price[j] - step)
        market.held[j] = 0
    market.sits[:] = WAITING


@compiled
def best_of_rows(value: Floats, price: Floats, gain: Floats, best: Ints) -> None:
    """Write the greatest gain of each row over prices, and where; -inf and -1 for none."""
    for i in range(value.shape[0]):
        gain[i], best[i] = -np.inf, OUT
        for j in range(value.shape[1]):
            over = value[i, j] - price[j]
            if over > gain[i]:
                gain[i], best[i] = over, j

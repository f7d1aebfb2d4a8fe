"""Shortest paths over all pairs: they seat who waits, and fill seats, until all is exact."""

import numpy as np

from matcher.planning.columns import Ints
from matcher.planning.seats.compiled import compiled
from matcher.planning.seats.heap import Search, forget, pop, push
from matcher.planning.seats.market import OUT, WAITING, Market, best, enter, leave


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
    return push(search, length, key, j), seen


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
        length = push(search, length, rest, market.price.shape[0] + i)
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
        key, code, length = pop(search, length)
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
    forget(search, length, seen)


@compiled
def _shift(market: Market, search: Search, source: int) -> None:
    """Move clients along the path found, from its end to its source."""
    to, mover = search.end[0], search.end[1]
    while True:
        leaves = market.sits[mover]
        leave(market, mover, OUT)
        if to >= 0:
            enter(market, mover, to)
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
    length, seen = push(search, 0, 0.0, first), 1
    total, end, comer = np.inf, first, OUT
    while length:
        key, j, length = pop(search, length)
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
                length = push(search, length, reached, sits)
    for j in search.seen[:seen]:
        if search.done[j] and search.distance[j] < total:
            market.price[j] = max(0.0, market.price[j] - (total - search.distance[j]))
    _pull(market, search, first, end, comer)
    forget(search, length, seen)


@compiled
def _pull(market: Market, search: Search, first: int, end: int, comer: int) -> None:
    """Move clients along the path from where a seat is given up to where one was free."""
    while end != first:
        mover = search.mover[end]
        to = search.onto[end]
        leave(market, mover, OUT)
        if comer != OUT:
            enter(market, comer, end)
        comer, end = mover, to
    if comer != OUT:
        enter(market, comer, first)


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

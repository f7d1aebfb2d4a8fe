"""The market of seats: who sits where, at what prices, and what each client has at hand."""

from typing import Final, NamedTuple

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

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
def take(market: Market, i: int, j: int, slot: int, bid: float) -> None:
    """Let a client take a slot, at a bid."""
    market.holder[slot], market.bid[slot] = i, bid
    market.sits[i], market.slot[i] = j, slot


@compiled
def enter(market: Market, i: int, j: int) -> None:
    """Let a client take a free slot."""
    slot = market.start[j] + market.held[j]
    market.held[j] += 1
    take(market, i, j, slot, 0.0)


@compiled
def leave(market: Market, i: int, to: int) -> None:
    """Let a client leave her slot; the last of that opportunity moves into it."""
    j = market.sits[i]
    if j >= 0:
        market.held[j] -= 1
        last = market.start[j] + market.held[j]
        if last != market.slot[i]:
            take(market, market.holder[last], j, market.slot[i], market.bid[last])
    market.sits[i] = to


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
            leave(market, i, WAITING)
        if market.sits[i] == WAITING:
            waiting += 1
    return waiting


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
def wait_anew(market: Market, step: float) -> None:
    """Let everybody wait for another auction, at prices lower by a step; free seats are free."""
    for j in range(market.price.shape[0]):
        free = market.held[j] < market.seats[j]
        market.price[j] = 0.0 if free else max(0.0, market.price[j] - step)
        market.held[j] = 0
    market.sits[:] = WAITING

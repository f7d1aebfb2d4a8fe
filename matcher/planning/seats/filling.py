"""Seats look for clients, one after the other, along shortest paths: fast where seats are scarce.

Everybody begins without a seat, every seat at the most that anybody would gain by it. A seat is
filled by whoever gains nearly as much, and those of its path move on; prices fall, gains rise.
"""

from typing import NamedTuple

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

OUT = -1


class Hall(NamedTuple):
    """Who sits where, at what prices, and the working space of a path.

    Parameters
    ----------
    offers
        (m, n) value of pairs, an opportunity a row; nan forbids.
    start
        (m + 1,) first slot of each opportunity.
    holder, held
        (slots,) who holds a slot; (m,) slots taken.
    price, gain
        (m,) price of a seat; (n,) what a client gains over prices where she sits.
    sits, slot
        (n,) opportunity of each client (or OUT), and her slot.
    nearness, onto
        (n,) how far a client is from the seat to be filled, and the opportunity she would move to.
    settled
        (n,) bool: sits where the path has been already.
    depth, mover
        (m,) how far an opportunity is from the seat to be filled, and the client who would leave.
    visited
        (m,) opportunities that the path has reached, in their order.
    """

    offers: Floats
    start: Ints
    holder: Ints
    held: Ints
    price: Floats
    gain: Floats
    sits: Ints
    slot: Ints
    nearness: Floats
    onto: Ints
    settled: Ints
    depth: Floats
    mover: Ints
    visited: Ints


def hall(offers: Floats, seats: Ints, stay: Floats) -> Hall:
    """Return a hall where nobody sits; without a seat a client gains ``stay``."""
    m, n = offers.shape
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(seats)])

    def zeros(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    return Hall(
        offers=offers, start=start, holder=zeros(start[-1]), held=zeros(m), price=np.zeros(m),
        gain=stay.copy(), sits=np.full(n, OUT), slot=zeros(n), nearness=np.full(n, np.inf),
        onto=zeros(n), settled=zeros(n), depth=np.zeros(m), mover=zeros(m), visited=zeros(m),
    )  # fmt: skip


@compiled
def _look(hall: Hall, j: int) -> tuple[float, int]:
    """Look from an opportunity at everybody; return how near the nearest is, and who."""
    base, row = hall.depth[j] + hall.price[j], hall.offers[j]
    nearest, client = np.inf, OUT
    for i in range(row.shape[0]):
        if hall.settled[i]:
            continue
        reached = base + hall.gain[i] - row[i]
        if reached < hall.nearness[i]:
            hall.nearness[i], hall.onto[i] = reached, j
        near = hall.nearness[i]
        if near < nearest or (near == nearest and hall.sits[i] == OUT):
            nearest, client = near, i
    return nearest, client


@compiled
def _visit(hall: Hall, j: int, depth: float, mover: int, visits: int) -> None:
    """Let the path reach an opportunity: whoever sits there is as near as it is."""
    hall.depth[j], hall.mover[j], hall.visited[visits] = depth, mover, j
    for i in hall.holder[hall.start[j] : hall.start[j] + hall.held[j]]:
        hall.settled[i] = 1


@compiled
def _path(hall: Hall, first: int) -> tuple[float, int, int, int]:
    """Return the shortest way to fill a seat, or to leave one without a price.

    Its length, where a seat is left empty, who comes from outside (one of the two is OUT), and the
    opportunities visited.
    """
    hall.nearness[:] = np.inf
    total, end, j, visits, deepest = hall.price[first], first, first, 1, 0.0
    _visit(hall, first, 0.0, OUT, 0)
    while True:
        near, client = _look(hall, j)
        if client == OUT or near >= total:
            return total, end, OUT, visits
        if hall.sits[client] == OUT:
            return near, OUT, client, visits
        j, deepest = hall.sits[client], max(near, deepest)
        _visit(hall, j, deepest, client, visits)
        visits += 1
        if deepest + hall.price[j] < total:
            total, end = deepest + hall.price[j], j


@compiled
def _reprice(hall: Hall, total: float, visits: int) -> None:
    """Lower the prices along a path, as far as each is nearer than its end."""
    for j in hall.visited[:visits]:
        fall = max(0.0, total - hall.depth[j])
        hall.price[j] = max(0.0, hall.price[j] - fall)
        for i in hall.holder[hall.start[j] : hall.start[j] + hall.held[j]]:
            hall.settled[i] = 0
            hall.gain[i] += fall


@compiled
def _seat(hall: Hall, i: int, j: int, slot: int) -> None:
    hall.holder[slot], hall.slot[i], hall.sits[i] = i, slot, j


@compiled
def _shift(hall: Hall, first: int, end: int, comer: int) -> None:
    """Move clients along a path: each goes where the one before her left."""
    j = end
    if comer != OUT:
        j = hall.onto[comer]
        hall.gain[comer] = hall.offers[j, comer] - hall.price[j]
    else:
        hall.price[end] = 0.0
    while j != first:
        leaver = hall.mover[j]
        slot = hall.slot[leaver]
        if comer == OUT:
            hall.held[j] -= 1
            last = hall.start[j] + hall.held[j]
            _seat(hall, hall.holder[last], j, slot)
        else:
            _seat(hall, comer, j, slot)
        comer, j = leaver, hall.onto[leaver]
    if comer != OUT:
        _seat(hall, comer, first, hall.start[first] + hall.held[first])
        hall.held[first] += 1


@compiled
def _dearest(hall: Hall, j: int) -> float:
    """Return the most that anybody would gain by a seat beyond what she has."""
    most, row = 0.0, hall.offers[j]
    for i in range(row.shape[0]):
        if row[i] - hall.gain[i] > most:
            most = row[i] - hall.gain[i]
    return most


@compiled
def fill_all(hall: Hall, looks: int) -> bool:
    """Fill every seat that anybody gains by; return whether so many looks at a row were enough.

    An opportunity without seats is priced last, at what one would add.

    References
    ----------
    Crouse, D. F. (2016). On implementing 2D rectangular assignment algorithms. IEEE Transactions
    on Aerospace and Electronic Systems 52, 1679-1696.
    """
    m = hall.price.shape[0]
    for first in range(m):
        seats = hall.start[first + 1] - hall.start[first]
        if seats > 0:
            hall.price[first] = _dearest(hall, first)
        while hall.held[first] < seats and hall.price[first] > 0.0:
            if looks <= 0:
                return False
            total, end, comer, visits = _path(hall, first)
            looks -= visits
            _reprice(hall, total, visits)
            _shift(hall, first, end, comer)
    for j in range(m):
        if hall.start[j + 1] == hall.start[j]:
            hall.price[j] = _dearest(hall, j)
    return True

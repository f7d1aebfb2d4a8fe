"""Kernels: how far a place is from home, how it is reached, and which place of an offer counts."""

# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls

import numpy as np

from matcher.scoring.compiled.arrays import Figure, Number, Own, Piece
from matcher.scoring.compiled.kernels import fast, spliced
from matcher.scoring.compiled.terms import AT_HOME, HOME, learn, worth

TRAVEL, AWAY = np.int64(Piece.TRAVEL), np.int64(Piece.AWAY)
VEHICLE, WILLING = np.int64(Own.VEHICLE), np.int64(Own.WILLING)
LIMIT, AWAY_USD = np.int64(Figure.LIMIT), np.int64(Figure.AWAY_USD)
SAME_COMMUNE_KM, DAYS, VISITS = (
    np.int64(c) for c in (Number.SAME_COMMUNE_KM, Number.DAYS, Number.VISITS)
)
WALK_LIMIT, MODE = np.int64(Number.WALK_LIMIT), np.int64(Number.MODE)
FAR, DAILY, LIVES_AWAY = 0, 1, 2


@fast
def minutes_on(numbers, km, vehicle):
    """Minutes one way by the vehicle; 0 walks, or pays for a ride where it is too far."""
    if vehicle > 0:
        at = MODE + 3 * (vehicle + 1)
        return numbers[at + 1] + 60.0 * km / numbers[at]
    walked = numbers[MODE + 1] + 60.0 * min(km, numbers[WALK_LIMIT]) / numbers[MODE]
    if km <= numbers[WALK_LIMIT]:
        return walked
    return max(walked, numbers[MODE + 4] + 60.0 * km / numbers[MODE + 3])


@fast
def fare(numbers, km, vehicle):
    """Cost one way, USD."""
    if vehicle > 0:
        return numbers[MODE + 3 * (vehicle + 1) + 2] * km
    return 0.0 if km <= numbers[WALK_LIMIT] else numbers[MODE + 5] * km


@spliced
def _measure(world, clients, c, km, at, notes):
    """Note how one node is reached: whether, its log-odds and its cost."""
    vehicle, limit = clients.own[c, VEHICLE], clients.figure[c, LIMIT]
    minutes = minutes_on(world.numbers, km, vehicle)
    if minutes <= limit:
        notes.reach[at] = DAILY
        notes.way[at] = worth(world, TRAVEL, minutes) + worth(world, AWAY, 0.0)
        notes.usd[at] = 2.0 * world.numbers[DAYS] * fare(world.numbers, km, vehicle)
    elif minutes > limit and clients.own[c, WILLING]:
        notes.reach[at] = LIVES_AWAY
        notes.way[at] = worth(world, TRAVEL, limit) + worth(world, AWAY, 1.0)
        visits = 2.0 * world.numbers[VISITS] * fare(world.numbers, km, vehicle)
        notes.usd[at] = clients.figure[c, AWAY_USD] + visits
    else:
        notes.reach[at] = FAR


@fast
def prepare(world, clients, c, notes, mark):
    """Note the client's skills, and how every node of the road table is reached."""
    learn(world, clients.held, clients.held_start[c], clients.held_start[c + 1], notes.held, mark)
    km = world.km[world.node[clients.own[c, HOME]]]
    for node in range(km.shape[0]):
        _measure(world, clients, c, km[node], node, notes)
    _measure(world, clients, c, world.numbers[SAME_COMMUNE_KM], km.shape[0], notes)


@spliced
def spot(world, home, place):
    """Position in the notes of how a place is reached."""
    if world.commune[home] >= 0 and world.commune[home] == world.commune[place]:
        return world.km.shape[0]
    return world.node[place]


@fast
def road(world, home, place):
    """Road from home to a place, km."""
    if world.commune[home] >= 0 and world.commune[home] == world.commune[place]:
        return world.numbers[SAME_COMMUNE_KM]
    return world.km[world.node[home], world.node[place]]


@fast
def holds(world, area, home):
    """Whether an area holds a home."""
    held = world.commune[home] == area or world.district[home] == area
    return held or world.province[home] == area


@fast
def nearest_slot(world, stock, home, offer):
    """The slot of an offer whose place is nearest; the first of equals."""
    best, km = stock.slot_start[offer], 0.0
    for slot in range(stock.slot_start[offer], stock.slot_start[offer + 1]):
        place = stock.slot_place[slot]
        if place >= 0:
            away = road(world, home, place)
            if slot == best:
                km = away
            elif away < km:
                best, km = slot, away
    return best


@fast
def _serving_slot(world, stock, home, offer):
    """The first slot of an offer whose area holds the home; -1 where none does."""
    for slot in range(stock.slot_start[offer], stock.slot_start[offer + 1]):
        place = stock.slot_place[slot]
        if place >= 0 and holds(world, place, home):
            return slot
    return -1


@fast
def own_slot(world, stock, home, offer, facts):
    """The slot at which an offer counts for a client; -1 where it serves her not at all."""
    if facts & AT_HOME:
        first = stock.slot_start[offer]
        if first == stock.slot_start[offer + 1] or stock.slot_place[first] < 0:
            return first
        return _serving_slot(world, stock, home, offer)
    return nearest_slot(world, stock, home, offer)

"""Kernels: the offers that one client can reach and that no gate forbids, with their scores."""

from typing import Any, NamedTuple

import numpy as np

from matcher.scoring.compiled.arrays import (
    GONE,
    NOT_OPEN,
    Amount,
    Entry,
    Figure,
    Ints,
    Longs,
    Number,
    Own,
    Piece,
    Reals,
)
from matcher.scoring.compiled.kernels import fast, spliced
from matcher.scoring.compiled.terms import (
    AT_HOME,
    HOME,
    HOUSED,
    MANY_PLACES,
    PLACE_UNTOLD,
    SKILLS_TOLD,
    WAY_PAID,
    learn,
    place_worth,
    remembered,
    worth,
)
from matcher.scoring.pathways import COURSES

TRAVEL, AWAY = np.int64(Piece.TRAVEL), np.int64(Piece.AWAY)
VEHICLE, CLOSED, WILLING, REFUSED = (
    np.int64(c) for c in (Own.VEHICLE, Own.CLOSED, Own.WILLING, Own.REFUSED)
)
EXCLUDED, AREA = np.int64(Own.EXCLUDED), np.int64(Own.AREA)
AGE, LIMIT, CAPITAL, LAND_OWN, AWAY_USD = (
    np.int64(c) for c in (Figure.AGE, Figure.LIMIT, Figure.CAPITAL, Figure.LAND, Figure.AWAY_USD)
)
YOUNGEST, OLDEST, START, LAND = (
    np.int64(c) for c in (Amount.YOUNGEST, Amount.OLDEST, Amount.START, Amount.LAND)
)
OFFER, PLACE, FACTS, MEANING = (
    np.int64(c) for c in (Entry.OFFER, Entry.PLACE, Entry.FACTS, Entry.MEANING)
)
SAME_COMMUNE_KM, DAYS, VISITS = (
    np.int64(c) for c in (Number.SAME_COMMUNE_KM, Number.DAYS, Number.VISITS)
)
WALK_LIMIT, MODE = np.int64(Number.WALK_LIMIT), np.int64(Number.MODE)
FAR, DAILY, LIVES_AWAY = 0, 1, 2


class Notes(NamedTuple):
    """What a kernel notes of one client at a time; one set a thread."""

    skill: Ints
    group: Ints
    branch: Ints
    across: Ints
    required_mark: Ints
    required: Reals
    useful_mark: Ints
    useful: Reals
    work_mark: Ints
    work: Reals
    kind: Reals
    exposed_mark: Ints
    exposed: Reals
    left: Reals
    reach: Ints
    way: Reals
    usd: Reals
    found: Ints
    score: Reals
    at: Ints
    shelf: Ints
    course: Longs
    alike_mark: Ints
    alike_at: Ints


def notes_for(world, stock, alike: int) -> Notes:
    """Return empty notes for a market; alike is its number of kinds of livelihoods."""
    capacity = len(stock.asks)
    classes = (len(stock.required), len(stock.useful), len(stock.work))
    nodes = len(world.km) + 1
    ints: list[Any] = [np.zeros(n, dtype=np.int32) for n in (
        len(world.skill_group),
        int(world.skill_group.max(initial=-1)) + 2,
        int(world.skill_branch.max(initial=-1)) + 2,
        1,
    )]  # fmt: skip
    memo: list[Any] = []
    for n in classes:
        memo += [np.zeros(n, dtype=np.int32), np.empty(n)]
    others: list[Any] = [
        np.empty(classes[2]),
        np.zeros(len(stock.exposed), dtype=np.int32),
        np.empty(len(stock.exposed)),
        np.empty(len(stock.exposed)),
        np.empty(nodes, dtype=np.int32),
        np.empty(nodes),
        np.empty(nodes),
        np.empty(capacity, dtype=np.int32),
        np.empty(capacity),
        np.zeros(capacity, dtype=np.int32),
        np.empty((len(world.node) + 5, 2), dtype=np.int32),
        np.empty((COURSES, 4), dtype=np.int64),
        *(np.zeros(alike, dtype=np.int32) for _ in range(2)),
    ]
    return Notes(*ints, *memo, *others)


class Desk:
    """Notes for one thread at a time, with the marks that were used up."""

    MARKS = 1 << 26

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._used = 0

    def marks(self, clients: int) -> int:
        """Return where the marks of so many clients begin; old marks never come again."""
        if self._used + clients >= self.MARKS:
            for name in ("skill", "group", "branch", "across", "alike_mark", "required_mark",
                         "useful_mark", "work_mark", "exposed_mark"):  # fmt: skip
                getattr(self.notes, name)[:] = 0
            self._used = 0
        base, self._used = self._used, self._used + clients
        return base


@fast
def _minutes(numbers, km, vehicle):
    if vehicle > 0:
        at = MODE + 3 * (vehicle + 1)
        return numbers[at + 1] + 60.0 * km / numbers[at]
    walked = numbers[MODE + 1] + 60.0 * min(km, numbers[WALK_LIMIT]) / numbers[MODE]
    if km <= numbers[WALK_LIMIT]:
        return walked
    return max(walked, numbers[MODE + 4] + 60.0 * km / numbers[MODE + 3])


@fast
def _fare(numbers, km, vehicle):
    if vehicle > 0:
        return numbers[MODE + 3 * (vehicle + 1) + 2] * km
    return 0.0 if km <= numbers[WALK_LIMIT] else numbers[MODE + 5] * km


@spliced
def _measure(world, clients, c, km, at, notes):
    """Note how one node is reached: whether, its log-odds and its cost."""
    vehicle, limit = clients.own[c, VEHICLE], clients.figure[c, LIMIT]
    minutes = _minutes(world.numbers, km, vehicle)
    if minutes <= limit:
        notes.reach[at] = DAILY
        notes.way[at] = worth(world, TRAVEL, minutes) + worth(world, AWAY, 0.0)
        notes.usd[at] = 2.0 * world.numbers[DAYS] * _fare(world.numbers, km, vehicle)
    elif minutes > limit and clients.own[c, WILLING]:
        notes.reach[at] = LIVES_AWAY
        notes.way[at] = worth(world, TRAVEL, limit) + worth(world, AWAY, 1.0)
        visits = 2.0 * world.numbers[VISITS] * _fare(world.numbers, km, vehicle)
        notes.usd[at] = clients.figure[c, AWAY_USD] + visits
    else:
        notes.reach[at] = FAR


@fast
def prepare(world, clients, c, notes, mark):
    """Note the client's skills, and how every node of the road table is reached."""
    learn(world, clients.held, clients.held_start[c], clients.held_start[c + 1], notes, mark)
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
            elif not away >= km:
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


@fast
def _area_closed(stock, clients, area, e):
    """Whether any place of an entry's offer lies, or may lie, in an excluded area."""
    offer = stock.entry[e, OFFER]
    for slot in range(stock.slot_start[offer], stock.slot_start[offer + 1]):
        if clients.area[area, stock.slot_place[slot]]:
            return True
    return False


@spliced
def closed(stock, clients, c, e, asks, before_usd):
    """Whether a gate other than reach forbids an entry; before_usd is the fee of a course."""
    if stock.asks[e] & asks:
        return True
    excluded = clients.own[c, EXCLUDED]
    if excluded >= 0 and clients.excluded[excluded, stock.entry[e, MEANING]]:
        return True
    amount, figure = stock.amount[e], clients.figure[c]
    if figure[AGE] < amount[YOUNGEST] or figure[AGE] > amount[OLDEST]:
        return True
    payable = amount[START] + before_usd <= figure[CAPITAL]  # not where the start is unknown
    if not payable or figure[LAND_OWN] < amount[LAND]:
        return True
    area = clients.own[c, AREA]
    if area < 0:
        return False
    if stock.entry[e, FACTS] & PLACE_UNTOLD:
        return True
    if stock.entry[e, FACTS] & AT_HOME:
        return clients.area[area, clients.own[c, HOME]] != 0
    return _area_closed(stock, clients, area, e)


@spliced
def way_of(world, stock, home, e, notes):
    """How an entry is reached, the log-odds of the way, and its cost a month."""
    facts = stock.entry[e, FACTS]
    if facts & AT_HOME:
        return DAILY, stock.numbers[1], 0.0
    at = spot(world, home, stock.entry[e, PLACE])
    reach = notes.reach[at]
    if reach == LIVES_AWAY and not facts & HOUSED:
        reach = FAR
    usd = 0.0 if reach == DAILY and facts & WAY_PAID else notes.usd[at]
    return reach, notes.way[at], usd


@spliced
def _take(world, stock, clients, c, e, notes, mark, asks, count):
    """Score one entry into the notes, if it may be offered; return how many there are."""
    if closed(stock, clients, c, e, asks, 0.0):
        return count
    facts, home = stock.entry[e, FACTS], clients.own[c, HOME]
    if facts & MANY_PLACES:
        slot = own_slot(world, stock, home, stock.entry[e, OFFER], facts)
        if slot < 0 or stock.slot_entry[slot] != e:
            return count
    reach, way, usd = way_of(world, stock, home, e, notes)
    if reach == FAR:
        return count
    told = clients.own[c, SKILLS_TOLD]
    known = remembered(world, stock, clients, c, e, told, notes, mark)
    score = known + place_worth(world, stock, clients, c, e, way, usd, notes, mark)
    notes.found[count] = e
    notes.at[e] = count
    notes.score[count] = score + notes.kind[stock.entry[e, 5]]
    return count + 1


@spliced
def _served(world, stock, home, e):
    """Whether a new entry is one that the client would look at."""
    if not stock.entry[e, FACTS] & AT_HOME:
        return True
    place = stock.entry[e, PLACE]
    return place < 0 or holds(world, place, home)


@fast
def shelves(world, stock, home, notes):
    """Note where the entries stand that a client may reach; return how many ranges."""
    used, places = 0, world.node.shape[0]
    for at in range(stock.stocked.shape[0]):
        place = stock.stocked[at]
        reach = notes.reach[spot(world, home, place)]
        if reach != FAR:
            notes.shelf[used, 0] = stock.start[2 * place + (reach == LIVES_AWAY)]
            notes.shelf[used, 1] = stock.start[2 * place + 2]
            used += 1
    for level in range(4):
        area = _area_at(world, home, level)
        if area >= 0:
            notes.shelf[used, 0] = stock.start[2 * places + area]
            notes.shelf[used, 1] = stock.start[2 * places + area + 1]
            used += 1
    notes.shelf[used, 0], notes.shelf[used, 1] = stock.fresh[0], stock.fresh[1]
    return used + 1


@fast
def walk(world, stock, clients, c, notes, mark):
    """Note every offer that may be made to a client, with its score; return how many."""
    if clients.own[c, REFUSED]:
        return 0
    prepare(world, clients, c, notes, mark)
    home, count, fresh = clients.own[c, HOME], np.int64(0), stock.fresh[0]
    asks = clients.own[c, CLOSED] | NOT_OPEN | GONE
    for shelf in range(shelves(world, stock, home, notes)):
        for e in range(notes.shelf[shelf, 0], notes.shelf[shelf, 1]):
            if not stock.asks[e] & asks and (e < fresh or _served(world, stock, home, e)):
                count = _take(world, stock, clients, c, e, notes, mark, asks, count)
    return count


@fast
def _area_at(world, home, level):
    """The areas that hold a home, once each: commune, district, province, and anywhere."""
    if level == 0:
        return world.commune[home]
    if level == 1:
        return world.district[home]
    if level == 2:
        return world.province[home]
    return world.node.shape[0]

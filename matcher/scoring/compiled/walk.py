"""Kernels: the offers that one client can reach and that no gate forbids, with their scores."""

import numpy as np

from matcher.scoring.compiled.arrays import GONE, NOT_OPEN, Amount, Entry, Figure, Own
from matcher.scoring.compiled.kernels import fast, spliced
from matcher.scoring.compiled.reach import DAILY, FAR, LIVES_AWAY, holds, own_slot, prepare, spot
from matcher.scoring.compiled.terms import (
    AT_HOME,
    HOME,
    HOUSED,
    MANY_PLACES,
    PLACE_UNTOLD,
    SKILLS_TOLD,
    WAY_PAID,
    place_worth,
    remembered,
)

CLOSED, REFUSED = np.int64(Own.CLOSED), np.int64(Own.REFUSED)
EXCLUDED, AREA = np.int64(Own.EXCLUDED), np.int64(Own.AREA)
AGE, CAPITAL, LAND_OWN = (np.int64(c) for c in (Figure.AGE, Figure.CAPITAL, Figure.LAND))
YOUNGEST, OLDEST, START, LAND = (
    np.int64(c) for c in (Amount.YOUNGEST, Amount.OLDEST, Amount.START, Amount.LAND)
)
OFFER, PLACE, FACTS, WORK, MEANING = (
    np.int64(c) for c in (Entry.OFFER, Entry.PLACE, Entry.FACTS, Entry.WORK, Entry.MEANING)
)


@fast
def _area_closed(stock, clients, area, e):
    """Whether any place of an entry's offer lies, or may lie, in an excluded area."""
    offer = stock.entry[e, OFFER]
    for slot in range(stock.slot_start[offer], stock.slot_start[offer + 1]):
        if clients.area[area, stock.slot_place[slot]]:
            return True
    return False


@spliced
def barred(stock, e, asks):
    """Whether what an entry asks for closes it; what is gone later is still there."""
    hit = stock.asks[e] & asks
    return hit != 0 and (hit != GONE or stock.gone_at[e] <= stock.fresh[2])


@spliced
def closed(stock, clients, c, e, asks, before_usd):
    """Whether a gate other than reach forbids an entry; before_usd is the fee of a course."""
    return barred(stock, e, asks) or _shut(stock, clients, c, e, before_usd)


@spliced
def _shut(stock, clients, c, e, before_usd):
    """Whether words, age, money, land or area of a client close an entry."""
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
    if not stock.entry[e, FACTS] & MANY_PLACES:  # no need to look among the places of all offers
        return clients.area[area, stock.entry[e, PLACE]] != 0
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
def reached(world, stock, clients, c, e, notes):
    """How a client reaches an entry that her bits leave open, as way_of; FAR if a gate shuts it."""
    if _shut(stock, clients, c, e, 0.0):
        return FAR, 0.0, 0.0
    facts, home = stock.entry[e, FACTS], clients.own[c, HOME]
    if facts & MANY_PLACES:
        slot = own_slot(world, stock, home, stock.entry[e, OFFER], facts)
        if slot < 0 or stock.slot_entry[slot] != e:
            return FAR, 0.0, 0.0
    return way_of(world, stock, home, e, notes)


@spliced
def _take(world, stock, clients, c, e, notes, mark, count):
    """Score one entry into the notes, if it may be offered; return how many there are."""
    reach, way, usd = reached(world, stock, clients, c, e, notes)
    if reach == FAR:
        return count
    told = clients.own[c, SKILLS_TOLD]
    known = remembered(world, stock, clients, c, e, told, notes, mark)
    score = known + place_worth(world, stock, clients, c, e, way, usd, notes, mark)
    notes.found[count] = e
    notes.at[e] = count
    notes.score[count] = score + notes.kind[stock.entry[e, WORK]]
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


@spliced
def _listed(stock, begin, end, asks, notes, used):
    """List the entries of a range that a client's bits leave open; return how many there are.

    No jump hangs on the bits, which no one could foresee. Those gone are told apart later.
    """
    for e in range(begin, end):
        notes.found[used] = e
        used += (stock.asks[e] & asks) == 0
    return used


@spliced
def stands(world, stock, home, e):
    """Whether a listed entry is not gone, and one that the client would look at."""
    if barred(stock, e, GONE):
        return False
    return e < stock.fresh[0] or _served(world, stock, home, e)


@fast
def listed(world, stock, clients, c, notes, mark):
    """List the entries that a client may reach and her bits leave open; return how many."""
    if clients.own[c, REFUSED]:
        return np.int64(0)
    prepare(world, clients, c, notes, mark)
    asks, used = clients.own[c, CLOSED] | NOT_OPEN, np.int64(0)
    for shelf in range(shelves(world, stock, clients.own[c, HOME], notes)):
        begin, end = notes.shelf[shelf, 0], notes.shelf[shelf, 1]
        used = _listed(stock, begin, end, asks, notes, used)
    return used


@fast
def walk(world, stock, clients, c, notes, mark):
    """Note every offer that may be made to a client, with its score; return how many."""
    home, count = clients.own[c, HOME], np.int64(0)
    for i in range(listed(world, stock, clients, c, notes, mark)):
        e = notes.found[i]  # what is found takes the place of what was listed
        if stands(world, stock, home, e):
            count = _take(world, stock, clients, c, e, notes, mark, count)
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

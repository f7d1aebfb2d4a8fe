"""Kernels: everything that a slate is chosen from, and what the places of offers refuse."""

import numpy as np

from matcher.scoring.compiled.arrays import Own
from matcher.scoring.compiled.follow import courses, follow
from matcher.scoring.compiled.kernels import entrance, fast
from matcher.scoring.compiled.reach import FAR, LIVES_AWAY, holds, prepare, road, spot
from matcher.scoring.compiled.select import OFFER, STRIDE, before, rounded
from matcher.scoring.compiled.terms import AT_HOME, HOME, HOUSED, PLACE_UNTOLD
from matcher.scoring.compiled.walk import AREA, walk

REFUSED, EXCLUDED = np.int64(Own.REFUSED), np.int64(Own.EXCLUDED)
INSIDE, MAYBE = 1, 2


@fast
def _shorten(stock, notes, count, mark, short):
    """Note the best few offers of each kind and livelihood; return how many such classes."""
    used = np.int64(0)
    for i in range(count):
        offer = stock.entry[notes.found[i], OFFER]
        alike = stock.alike[offer]
        if notes.alike_mark[alike] != mark:
            notes.alike_mark[alike], notes.alike_at[alike] = mark, used
            for j in range(short.shape[1]):
                short[used, j] = -1
            used += 1
        at, key, order = notes.alike_at[alike], rounded(notes.score[i]), stock.order[offer]
        new = i
        for j in range(short.shape[1]):
            held = short[at, j]
            if held < 0:
                short[at, j] = new
                break
            held_key = rounded(notes.score[held])
            held_order = stock.order[stock.entry[notes.found[held], OFFER]]
            if before(key, order, held_key, held_order):
                short[at, j] = new
                new, key, order = held, held_key, held_order
    return used


@fast
def _write(stock, notes, used, kind, most, short, ways, scores, row):
    """Write the short lists of the best classes of a kind; return the rows written so far."""
    for _ in range(most):
        best, best_key, best_order = -1, 0, 0
        for at in range(used):
            first = short[at, 0]
            if first < 0:
                continue
            e = notes.found[first]
            key, order = rounded(notes.score[first]), stock.order[stock.entry[e, OFFER]]
            same_kind = stock.work[stock.entry[e, 5], 4] == kind
            if same_kind and (best < 0 or before(key, order, best_key, best_order)):
                best, best_key, best_order = at, key, order
        if best < 0:
            break
        for j in range(short.shape[1]):
            i = short[best, j]
            if i >= 0:
                ways[row, 0], ways[row, 1], ways[row, 2] = -1, stock.entry[notes.found[i], OFFER], 0
                scores[row] = notes.score[i]
                row += 1
        short[best, 0] = -1
    return row


@fast
def _missed(world, stock_places, facts, start, stop, home, notes):
    """Whether one set of places is too far for a home: 1, or outside the area served: 2."""
    if stock_places[start] < 0:
        return 0
    if facts & AT_HOME:
        for slot in range(start, stop):
            if holds(world, stock_places[slot], home):
                return 0
        return 2
    nearest = stock_places[start]
    km = road(world, home, nearest)
    for slot in range(start + 1, stop):
        away = road(world, home, stock_places[slot])
        if not away >= km:
            nearest, km = stock_places[slot], away
    reach = notes.reach[spot(world, home, nearest)]
    return 1 if reach == FAR or (reach == LIVES_AWAY and not facts & HOUSED) else 0


@fast
def count_places(world, tallied, clients, c, notes, counts):
    """Count offers in excluded areas, maybe in one, too far, and outside the area they serve."""
    start, places, facts, number = tallied
    home, area = clients.own[c, HOME], clients.own[c, AREA]
    for one in range(facts.shape[0]):
        if area >= 0:
            hit = MAYBE if facts[one] & PLACE_UNTOLD else 0
            if facts[one] & AT_HOME:
                hit |= clients.area[area, home]
            else:
                for slot in range(start[one], start[one + 1]):
                    hit |= clients.area[area, places[slot]]
            counts[c, 0] += number[one] * (hit & INSIDE)
            counts[c, 1] += number[one] * ((hit & MAYBE) >> 1)
        if home >= 0:
            missed = _missed(world, places, facts[one], start[one], start[one + 1], home, notes)
            if missed:
                counts[c, 1 + missed] += number[one]


@fast
def count_excluded(clients, c, meanings):
    """Count offers that are, or may be, work that a client excludes, from those of each meaning."""
    excluded, total = clients.own[c, EXCLUDED], np.int64(0)
    if excluded >= 0:
        for meaning in range(meanings.shape[0]):
            total += meanings[meaning] * clients.excluded[excluded, meaning]
    return total


@entrance
def slate_rows(
    world,
    stock,
    clients,
    tallied,
    meanings,
    first,
    last,
    base,
    most,
    notes,
    short,
    ways,
    scores,
    found,
    counts,
):
    """Write what the slates of clients from first to last are chosen from.

    ``ways`` holds training (-1: none), offer and whether unsure; ``found`` how many there are,
    how many offers are admissible, and whether any way is unsure; ``counts`` what places, and
    excluded work, refuse.
    """
    for c in range(first, last):
        mark = (base + c - first + 1) * STRIDE
        count = walk(world, stock, clients, c, notes, mark)
        if clients.own[c, REFUSED] and clients.own[c, HOME] >= 0:
            prepare(world, clients, c, notes, mark)
        count_places(world, tallied, clients, c, notes, counts)
        counts[c, 4] = count_excluded(clients, c, meanings)
        used, row = _shorten(stock, notes, count, mark, short), np.int64(0)
        for kind in range(3):
            row = _write(stock, notes, used, kind, most, short, ways[c], scores[c], row)
        for i in range(courses(stock, notes, count)):
            row = follow(world, stock, clients, c, i, count, notes, mark, ways[c], scores[c], row)
        found[c, 0], found[c, 1] = row, count
        for i in range(row):
            found[c, 2] |= ways[c, i, 2]

"""Kernels: what may follow a course, for the client as she would be after it."""

import math

import numpy as np

from matcher.scoring.compiled.arrays import GONE, Amount, Entry, Piece
from matcher.scoring.compiled.kernels import fast, spliced
from matcher.scoring.compiled.reach import FAR, own_slot
from matcher.scoring.compiled.select import before, rounded
from matcher.scoring.compiled.terms import (
    GRANT,
    HOME,
    TRAINING,
    learn,
    place_worth,
    remembered,
    wished_kind,
    worth,
)
from matcher.scoring.compiled.walk import CLOSED, FACTS, OFFER, START, closed, way_of
from matcher.scoring.pathways import COURSES
from matcher.vocabulary import KINDS
from matcher.vocabulary import TRAINING as COURSE

MONTHS = np.int64(Amount.MONTHS)
WORK = np.int64(Entry.WORK)
P_MONTHS, P_MONEY, P_STEPS = (
    np.int64(Piece.MONTHS),
    np.int64(Piece.OWN_MONEY),
    np.int64(Piece.OPEN_STEPS),
)
TOLD = np.int32(1)
"""After a course the skills are known."""
A_COURSE = 1 << KINDS.index(COURSE)
SAME = 1e-12
"""Scores nearer than this are compared by the reference."""


@fast
def courses(stock, notes, count):
    """Note the best training found of each livelihood, a few livelihoods; return how many."""
    used = np.int64(0)
    for i in range(count):
        e = notes.found[i]
        livelihood = stock.work[stock.entry[e, WORK], 0]
        if not stock.entry[e, FACTS] & TRAINING or livelihood < 0:
            continue
        key, order = rounded(notes.score[i]), stock.order[stock.entry[e, OFFER]]
        used = _keep(notes.course, used, livelihood, e, key, order)
    return used


@spliced
def _place_of(kept, used, livelihood):
    """Where a course of a livelihood goes: over its like, at the end, or over the last."""
    for i in range(used):
        if kept[i, 0] == livelihood:
            return i
    return min(used, COURSES - 1)


@spliced
def _keep(kept, used, livelihood, e, key, order):
    """Put a course in its place among those kept: one a livelihood, the best first."""
    at = _place_of(kept, used, livelihood)
    if at < used and not before(key, order, kept[at, 2], kept[at, 3]):
        return used
    used = max(used, at + 1)
    while at > 0 and before(key, order, kept[at - 1, 2], kept[at - 1, 3]):
        for column in range(4):
            kept[at, column] = kept[at - 1, column]
        at -= 1
    kept[at, 0], kept[at, 1], kept[at, 2], kept[at, 3] = livelihood, e, key, order
    return used


@spliced
def _opening(world, stock, e, course):
    """Log-odds of the months, the money and the open steps that a course before changes."""
    own, before_it = stock.amount[e], stock.amount[course]
    with_it = (
        worth(world, P_MONTHS, own[MONTHS] + before_it[MONTHS])
        + worth(world, P_MONEY, own[START] + before_it[START])
        + worth(world, P_STEPS, 1.0)
    )
    alone = worth(world, P_MONTHS, own[MONTHS]) + worth(world, P_MONEY, own[START])
    return with_it - alone - worth(world, P_STEPS, 0.0)


@spliced
def _step(world, stock, clients, c, offer, course, notes, mark, learned):
    """Score one second step; NaN where it may not follow. Also its entry."""
    home = clients.own[c, HOME]
    slot = own_slot(world, stock, home, offer, stock.facts[offer])
    if slot < 0 or stock.slot_entry[slot] < 0:
        return math.nan, -1
    e = stock.slot_entry[slot]
    asks = clients.own[c, CLOSED] | GONE
    if closed(stock, clients, c, e, asks, stock.amount[course, START]):
        return math.nan, e
    reach, way, usd = way_of(world, stock, home, e, notes)
    if reach == FAR:
        return math.nan, e
    score = remembered(world, stock, clients, c, e, TOLD, notes, learned)
    score += place_worth(world, stock, clients, c, e, way, usd, notes, mark)
    kinds = A_COURSE | 1 << stock.work[stock.entry[e, WORK], 4]
    score += _opening(world, stock, e, course) + wished_kind(world, clients, c, kinds)
    return score, e


@fast
def follow(world, stock, clients, c, i, count, notes, mark, ways, scores, used):
    """Write the best work and the best grant after the i-th course; return pathways so far.

    A score too near to that of the offer alone to tell which is better counts as better, and is
    marked as unsure in the last column.
    """
    livelihood, course = notes.course[i, 0], notes.course[i, 1]
    learned = mark + 1 + i
    learn(
        world, clients.held, clients.held_start[c], clients.held_start[c + 1], notes.held, learned
    )
    first = stock.entry[course, OFFER]
    start, stop = stock.taught_start[first], stock.taught_start[first + 1]
    learn(world, stock.taught, start, stop, notes.held, learned)
    for grant in range(2):
        ways[used + grant, 0] = -1
    begin, end = stock.steps_start[livelihood], stock.steps_start[livelihood + 1]
    late = stock.late_start[livelihood + 1] - stock.late_start[livelihood]
    for at in range(end - begin + late):
        if at < end - begin:
            offer = stock.steps[begin + at]
        else:
            offer = stock.late[stock.late_start[livelihood] + at - (end - begin)]
        score, e = _step(world, stock, clients, c, offer, course, notes, mark, learned)
        if math.isnan(score):
            continue
        seen = notes.at[e]
        unsure = 0
        if seen < count and notes.found[seen] == e:
            unsure = int(abs(score - notes.score[seen]) < SAME)
            if score <= notes.score[seen] and not unsure:
                continue
        row = used + (1 if stock.entry[e, FACTS] & GRANT else 0)
        order = stock.order[offer]
        better = ways[row, 0] < 0 or before(
            rounded(score), order, rounded(scores[row]), stock.order[ways[row, 1]]
        )
        ways[row, 2] = max(unsure, ways[row, 2] if ways[row, 0] >= 0 else 0)
        if better:
            ways[row, 0], ways[row, 1], scores[row] = first, offer, score
    return _pack(ways, scores, used)


@spliced
def _pack(ways, scores, used):
    """Close the gaps among the two newest pathways; return how many there are now."""
    at = used
    for row in range(used, used + 2):
        if ways[row, 0] >= 0:
            for column in range(3):
                ways[at, column] = ways[row, column]
            scores[at] = scores[row]
            at += 1
    return at

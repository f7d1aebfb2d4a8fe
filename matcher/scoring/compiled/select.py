"""Kernels: the best few of what a client may be offered, for rankings and for slates."""

import numpy as np

from matcher.scoring.compiled.arrays import GONE, NOT_OPEN, Entry
from matcher.scoring.compiled.kernels import entrance, fast
from matcher.scoring.compiled.reach import FAR, own_slot, prepare
from matcher.scoring.compiled.terms import HOME
from matcher.scoring.compiled.walk import CLOSED, REFUSED, closed, walk, way_of

OFFER = np.int64(Entry.OFFER)
SURELY = 1e-8
"""A score lower by so much is lower when both are rounded."""

STRIDE = 16
"""Marks that one client may use: one for what she is, others for what she may learn."""


@fast
def rounded(score):
    """A score as a whole number of 1e-9: what ties are told by."""
    return np.int64(np.rint(score * 1e9))


@fast
def before(score, order, other_score, other_order):
    """Whether one offer stands before another: by rounded score, then by id."""
    return score > other_score or (score == other_score and order < other_order)


@fast
def _best(stock, notes, count, keys, orders, best):
    """Note the positions of the best found, best first; return how many."""
    k, held, least = best.shape[0], 0, -np.inf
    for i in range(count):
        if notes.score[i] < least:  # most are: too low however it is rounded
            continue
        key = rounded(notes.score[i])
        if held == k and key < keys[k - 1]:
            continue
        order = stock.order[stock.entry[notes.found[i], OFFER]]
        if held == k and not before(key, order, keys[k - 1], orders[k - 1]):
            continue
        at = held if held < k else k - 1
        held = min(held + 1, k)
        while at > 0 and before(key, order, keys[at - 1], orders[at - 1]):
            keys[at], orders[at], best[at] = keys[at - 1], orders[at - 1], best[at - 1]
            at -= 1
        keys[at], orders[at], best[at] = key, order, i
        if held == k:
            least = notes.score[best[k - 1]] - SURELY
    return held


@entrance
def rank_rows(world, stock, clients, rows, first, last, base, notes, space, ids, scores):
    """Write the best offers of the clients in some rows, and their scores, best first.

    ``rows`` holds the clients in the order in which to go through them; from first to last of it.
    ``space`` has room for three times as many whole numbers as are kept.
    """
    keys, orders, best = space[0], space[1], space[2]
    for i in range(first, last):
        c = rows[i]
        count = walk(world, stock, clients, c, notes, (base + i - first + 1) * STRIDE)
        held = _best(stock, notes, count, keys, orders, best)
        for j in range(held):
            ids[c, j] = stock.offer[stock.entry[notes.found[best[j]], OFFER]]
            scores[c, j] = notes.score[best[j]]


@entrance
def may_offer(world, stock, clients, offer, base, notes):
    """Tell whether no gate forbids an offer to the first client, as :func:`walk` finds it."""
    if clients.own[0, REFUSED]:
        return False
    prepare(world, clients, 0, notes, (base + 1) * STRIDE)
    home = clients.own[0, HOME]
    slot = own_slot(world, stock, home, offer, stock.facts[offer])
    if slot < 0 or stock.slot_entry[slot] < 0:
        return False
    e = stock.slot_entry[slot]
    asks = clients.own[0, CLOSED] | NOT_OPEN | GONE
    if closed(stock, clients, 0, e, asks, 0.0):
        return False
    return way_of(world, stock, home, e, notes)[0] != FAR


@entrance
def score_rows(world, stock, clients, first, last, base, notes, scores):
    """Write every score of clients from first to last; what is not written is forbidden."""
    for c in range(first, last):
        count = walk(world, stock, clients, c, notes, (base + c - first + 1) * STRIDE)
        for i in range(count):
            offer = stock.entry[notes.found[i], OFFER]
            scores[c, stock.offer[offer]] = notes.score[i]

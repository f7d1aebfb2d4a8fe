"""Kernels: the best few of what a client may be offered, for rankings and for slates."""

import numpy as np

from matcher.scoring.compiled.arrays import GONE, NOT_OPEN, Entry, Rest
from matcher.scoring.compiled.kernels import entrance, fast, spliced
from matcher.scoring.compiled.reach import FAR, own_slot, prepare
from matcher.scoring.compiled.terms import (
    HOME,
    SKILLS_TOLD,
    place_worth,
    required_worth,
    useful_worth,
    work_worth,
)
from matcher.scoring.compiled.walk import (
    CLOSED,
    REFUSED,
    closed,
    listed,
    reached,
    stands,
    walk,
    way_of,
)

OFFER = np.int64(Entry.OFFER)
WORK_AND_SKILLS, SKILLS, USEFUL = (np.int64(at) for at in Rest)
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


@spliced
def _keep(stock, e, score, keys, orders, held, ids, scores):
    """Write an entry where it stands among the best so far; return how many these are."""
    k, key, order = ids.shape[0], rounded(score), stock.order[stock.entry[e, OFFER]]
    if held == k and not before(key, order, keys[k - 1], orders[k - 1]):
        return held
    at = held if held < k else k - 1
    while at > 0 and before(key, order, keys[at - 1], orders[at - 1]):
        keys[at], orders[at] = keys[at - 1], orders[at - 1]
        ids[at], scores[at] = ids[at - 1], scores[at - 1]
        at -= 1
    keys[at], orders[at], ids[at], scores[at] = (
        key,
        order,
        stock.offer[stock.entry[e, OFFER]],
        score,
    )
    return min(held + 1, k)


@spliced
def _score(world, stock, clients, c, e, place, notes, mark, least):
    """Score of an offer whose place is worth so much; nothing where it can't reach the least.

    Term by term: no further one is looked up where the most that the rest may add is too little.
    """
    if place + world.most[WORK_AND_SKILLS] < least:
        return -np.inf
    work, kind = work_worth(world, stock, clients, c, e, notes, mark)
    if place + work + kind + world.most[SKILLS] < least:
        return -np.inf
    told = clients.own[c, SKILLS_TOLD]
    required = required_worth(world, stock, e, told, notes, mark)
    if place + work + kind + required + world.most[USEFUL] < least:
        return -np.inf
    return required + useful_worth(world, stock, e, told, notes, mark) + work + place + kind


@fast
def _best(world, stock, clients, c, notes, mark, keys, orders, ids, scores):
    """Write the best offers of a client, best first."""
    k, held, least = ids.shape[0], np.int64(0), -np.inf
    for i in range(listed(world, stock, clients, c, notes, mark)):
        e = notes.found[i]
        if not stands(world, stock, clients.own[c, HOME], e):
            continue
        reach, way, usd = reached(world, stock, clients, c, e, notes)
        if reach == FAR:
            continue
        place = place_worth(world, stock, clients, c, e, way, usd, notes, mark)
        score = _score(world, stock, clients, c, e, place, notes, mark, least)
        if score > least or held < k:
            held = _keep(stock, e, score, keys, orders, held, ids, scores)
            if held == k:
                least = scores[k - 1] - SURELY


@entrance
def rank_rows(world, stock, clients, rows, first, last, base, notes, space, ids, scores):
    """Write the best offers of the clients in some rows, and their scores, best first.

    ``rows`` holds the clients in the order in which to go through them; from first to last of it.
    ``space`` has room for twice as many whole numbers as are kept.
    """
    for i in range(first, last):
        c, mark = rows[i], (base + i - first + 1) * STRIDE
        _best(world, stock, clients, c, notes, mark, space[0], space[1], ids[c], scores[c])


@entrance
def may_offer(world, stock, clients, offer, base, notes):
    """Tell whether no gate forbids an offer to the first client, as :func:`walk` finds it."""
    c = np.int64(0)  # no literal, for which what is called would be compiled once more
    if clients.own[c, REFUSED]:
        return False
    prepare(world, clients, c, notes, (base + 1) * STRIDE)
    home = clients.own[c, HOME]
    slot = own_slot(world, stock, home, np.int32(offer), stock.facts[offer])
    if slot < 0 or stock.slot_entry[slot] < 0:
        return False
    e = stock.slot_entry[slot]
    asks = clients.own[c, CLOSED] | NOT_OPEN | GONE
    if closed(stock, clients, c, e, asks, 0.0):
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

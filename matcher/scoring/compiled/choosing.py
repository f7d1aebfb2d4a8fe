"""Kernels: a slate chosen from its candidates, as :func:`matcher.slate.choose` chooses it."""

# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, no-check-untyped-defs

from collections.abc import Sequence

import numpy as np

from matcher.scoring.compiled.arrays import Ints
from matcher.scoring.compiled.kernels import entrance, fast
from matcher.scoring.compiled.select import rounded
from matcher.slate import DIFFERENT, PER_LIVELIHOOD
from matcher.vocabulary import KINDS

KIND, LIVELIHOOD, REFERRED, POSITION, GONE, ALIKE, DOUBLE, OLD, SPACE = range(9)
"""Columns of what is noted of each candidate.

What it is, whom the client would be referred to, where it stands; then of the chosen: whether one
is referred alike, how many are of its livelihood, whether one of these is of its kind, whether any
is of its kind; and room for a list.
"""
WIDTH = SPACE + 1

PATHWAY = len(KINDS)


def labels_of(alike: Sequence[tuple[str, str]]) -> Ints:
    """Return numbers of the kinds and livelihoods of offers that are alike, of shape (m, 2)."""
    numbers = {name: at for at, name in enumerate(dict.fromkeys(name for _, name in alike))}
    rows = [(KINDS.index(kind), numbers[name]) for kind, name in alike]
    return np.array(rows, dtype=np.int32).reshape(-1, 2)


@fast
def _comes_before(orders, ways, scores, i, j):
    """Whether a candidate ranks before another: by rounded score, then by ids."""
    key, other = rounded(scores[i]), rounded(scores[j])
    if key != other:
        return key > other
    own, others = orders[ways[i, 1]], orders[ways[j, 1]]
    if own != others:
        return own < others
    first = orders[ways[i, 0]] if ways[i, 0] >= 0 else -1
    others_first = orders[ways[j, 0]] if ways[j, 0] >= 0 else -1
    return first < others_first


@fast
def _rank(orders, alike, labels, ways, scores, count, noted):
    """Note all candidates, best first, while none is chosen."""
    for i in range(count):
        at = i
        while at > 0 and _comes_before(orders, ways, scores, i, noted[at - 1, POSITION]):
            noted[at, POSITION] = noted[at - 1, POSITION]
            at -= 1
        noted[at, POSITION] = i
    for rank in range(count):
        first, offer = ways[noted[rank, POSITION], 0], ways[noted[rank, POSITION], 1]
        noted[rank, KIND] = PATHWAY if first >= 0 else labels[alike[offer], 0]
        noted[rank, LIVELIHOOD] = labels[alike[offer], 1]
        noted[rank, REFERRED] = first if first >= 0 else offer
        for column in range(GONE, WIDTH):
            noted[rank, column] = 0


@fast
def _distinct(noted, count, column, fits, most):
    """How many different values there are among candidates of a mark; no more than asked for."""
    found = np.int64(0)
    for rank in range(count):
        seen = noted[rank, SPACE] != fits
        for before in range(rank):
            if noted[before, SPACE] == fits:
                seen |= noted[before, column] == noted[rank, column]
        found += not seen
        if found == most:
            break
    return found


@fast
def _can_bring_both(noted, count, one, needed):
    """Whether so many more can each bring a livelihood and a kind that one more leaves missing."""
    for rank in range(count):
        new = not (noted[rank, GONE] or noted[rank, ALIKE] or noted[rank, OLD])
        new &= noted[rank, LIVELIHOOD] != noted[one, LIVELIHOOD]
        noted[rank, SPACE] = new and noted[rank, KIND] != noted[one, KIND]
    enough = _distinct(noted, count, LIVELIHOOD, 1, needed) >= needed
    return enough and _distinct(noted, count, KIND, 1, needed) >= needed


@fast
def _leaves_room(noted, count, one, places, livelihoods, kinds):
    """Whether the places left by one more bring the livelihoods and kinds still wanted."""
    livelihoods = max(livelihoods - (noted[one, ALIKE] == 0), 0)
    kinds = max(kinds - (noted[one, OLD] == 0), 0)
    if max(livelihoods, kinds) > places or livelihoods + kinds <= places:
        return max(livelihoods, kinds) <= places
    return _can_bring_both(noted, count, one, livelihoods + kinds - places)


@fast
def _next(noted, count, places, livelihoods, kinds):
    """The best that shuts out nothing wanted and is unlike what is chosen, as far as there is."""
    varied, left = np.int64(-1), np.int64(-1)
    for rank in range(count):
        if noted[rank, GONE]:
            continue
        if left < 0:
            left = rank
        unlike = noted[rank, ALIKE] < PER_LIVELIHOOD and not noted[rank, DOUBLE]
        tried = unlike or varied < 0
        if tried and _leaves_room(noted, count, rank, places, livelihoods, kinds):
            if unlike:
                return rank
            varied = rank
    return varied if varied >= 0 else left


@fast
def choose(orders, alike, labels, ways, scores, count, noted, picked):
    """Write where the candidates of a slate stand, best first; return how many.

    ``noted`` has a row of ``WIDTH`` for each candidate; ``picked`` a place for each asked for.
    """
    k, chosen, first = picked.shape[0], np.int64(0), np.int64(0)
    if count == 0:
        return chosen
    _rank(orders, alike, labels, ways, scores, count, noted)
    livelihoods = _distinct(noted, count, LIVELIHOOD, 0, min(DIFFERENT, k))
    kinds = _distinct(noted, count, KIND, 0, min(DIFFERENT, k))
    while kinds > 1 and not _leaves_room(noted, count, first, k - 1, livelihoods, kinds):
        kinds -= 1
    while chosen < k:
        best = _next(noted, count, k - chosen - 1, livelihoods, kinds)
        if best < 0:
            break
        livelihoods -= noted[best, ALIKE] == 0
        kinds -= noted[best, OLD] == 0
        for rank in range(count):
            like = noted[rank, LIVELIHOOD] == noted[best, LIVELIHOOD]
            same = noted[rank, KIND] == noted[best, KIND]
            noted[rank, GONE] |= noted[rank, REFERRED] == noted[best, REFERRED]
            noted[rank, ALIKE] += like
            noted[rank, DOUBLE] |= like and same
            noted[rank, OLD] |= same
        at = chosen
        while at > 0 and picked[at - 1] > best:
            picked[at] = picked[at - 1]
            at -= 1
        picked[at] = best
        chosen += 1
    for at in range(chosen):
        picked[at] = noted[picked[at], POSITION]
    return chosen


@entrance
def choose_rows(orders, alike, labels, first, last, ways, scores, found, noted, picked, chosen):
    """Write the slates of clients from first to last; ``found`` tells how many ways each has.

    Apart from what finds these, so that the two are compiled side by side.
    """
    for c in range(first, last):
        chosen[c] = choose(orders, alike, labels, ways[c], scores[c], found[c, 0], noted, picked[c])

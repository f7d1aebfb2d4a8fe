"""What the seats of each site are worth to those still to come, by how many are left.

A price per seat treats seats as a fluid. Where few are left that is wrong in both directions: one
seat is worth nothing to a family of four, and the last four together are worth more than four
times one. So each site is looked at as a stochastic knapsack of its own: every arrival offers what
it would gain there over its best place elsewhere, at the prices elsewhere.
"""

from typing import Final

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

MOST_STEPS: Final = 6_000_000
"""Most steps (arrivals x seats x sizes) of a look at all sites: about a tenth of a second."""


def gains_over_elsewhere(value: Floats, net: Floats) -> Floats:
    """Return what each case gains at each site over its best elsewhere, (n, m); nan forbids.

    Parameters
    ----------
    value
        (n, m) worth of each pair; nan where a case can't go.
    net
        (n, m) worth less what the seats are worth to others, -inf where there is no room. Staying
        unplaced is worth 0.
    """
    m = net.shape[1]
    ranked = np.partition(net, m - 2, axis=1) if m > 1 else np.full((len(net), 2), -np.inf)
    is_best = np.arange(m) == net.argmax(axis=1)[:, None]
    elsewhere = np.where(is_best, ranked[:, -2:-1], ranked[:, -1:])
    return np.ascontiguousarray(value - np.maximum(elsewhere, 0.0), dtype=np.float64)


@compiled
def seat_values(gain: Floats, size: Ints, chance: Floats, left: Ints, arrivals: int) -> Floats:
    """Return what seats are worth (arrivals + 1, m, most seats + 1).

    By how many are still to come, by site, and by how many seats are left. The dynamic programme of
    each site by itself, over cases that come one by one.

    Parameters
    ----------
    gain
        (n, m) what a case gains at a site over its best elsewhere; nan forbids.
    size
        (n, m) whole seats that it takes.
    chance
        (n,) chance that the next to come is such a case.
    left
        (m,) seats left.
    arrivals
        Cases still to come.

    References
    ----------
    Talluri, K., van Ryzin, G. (2004). The Theory and Practice of Revenue Management, chapter 3:
    decomposition of a network's dynamic programme by resource.
    """
    m = len(left)
    worth = np.zeros((arrivals + 1, m, left.max() + 1))
    for j in range(m):
        count = 0
        rows = np.empty(len(gain), dtype=np.int64)
        for i in range(len(gain)):
            if gain[i, j] > 0.0 and 0 < size[i, j] <= left[j]:
                rows[count] = i
                count += 1
        rows = rows[:count]
        if count > 0:
            _fill(worth[:, j, : left[j] + 1], gain[rows, j], size[rows, j], chance[rows])
        for a in range(arrivals + 1):
            worth[a, j, left[j] + 1 :] = worth[a, j, left[j]]
    return worth


@compiled
def _fill(worth: Floats, gain: Floats, size: Ints, chance: Floats) -> None:
    """Write what 0, 1, ... seats of one site are worth, where 1, 2, ... cases are still to come."""
    by_gain = np.argsort(-gain, kind="mergesort")
    order = by_gain[np.argsort(size[by_gain], kind="mergesort")]
    gain, size, chance = gain[order], size[order], chance[order]
    come = np.zeros(len(gain) + 1)
    bring = np.zeros(len(gain) + 1)
    for i in range(len(gain)):
        come[i + 1] = come[i] + chance[i]
        bring[i + 1] = bring[i] + chance[i] * gain[i]
    for a in range(1, len(worth)):
        before = worth[a - 1]
        for seats in range(1, worth.shape[1]):
            worth[a, seats] = before[seats] + _step(before, seats, gain, size, come, bring)


@compiled
def _step(
    worth: Floats, seats: int, gain: Floats, size: Ints, come: Floats, bring: Floats
) -> float:
    """Return what one more arrival adds; cases stand by size, the greatest gain first."""
    added = 0.0
    first = 0
    while first < len(gain) and size[first] <= seats:
        takes = size[first]
        after = np.searchsorted(size, takes, side="right")
        given_up = worth[seats] - worth[seats - takes]
        low, high = first, after
        while low < high:
            middle = (low + high) // 2
            if gain[middle] > given_up:
                low = middle + 1
            else:
                high = middle
        added += bring[low] - bring[first] - given_up * (come[low] - come[first])
        first = after
    return added

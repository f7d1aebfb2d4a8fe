"""Whether people come in a random order, or one kind after the other."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

Floats = NDArray[np.float64]

BLOCK: Final = 10
"""Arrivals in a row that are compared with each other and with the history."""

DRIFT_LEVEL: Final = 1e-3
"""Chance of calling a random order not random, in all tests of one look together."""

ALIKE: Final = 0.6
"""Share of the history's variance within a block below which its cases may be of one kind."""

ALIKE_DEVIATIONS: Final = 3.5
"""How many standard deviations less varied than blocks of the history they must be, too."""

BLOCKS_DRAWN: Final = 400
"""Blocks drawn from the history to see how varied a random block is."""


def drift_chance(features: Floats) -> float:
    """Return the chance of blocks of arrivals that differ as much as these, 1 for under two blocks.

    The least p-value of the F tests of one-way analysis of variance, one for each of the features
    (n, k), times their number (Bonferroni).
    """
    blocks = len(features) // BLOCK
    if blocks < 2:
        return 1.0
    grouped = features[: blocks * BLOCK].reshape(blocks, BLOCK, -1)
    n = blocks * BLOCK
    middle = grouped.mean(axis=1)
    between = ((middle - middle.mean(axis=0)) ** 2).sum(axis=0) * BLOCK / (blocks - 1)
    within = ((grouped - middle[:, None]) ** 2).sum(axis=(0, 1)) / (n - blocks)
    varies = grouped.std(axis=(0, 1)) > 1e-12
    ratio = between[varies] / np.maximum(within[varies], 1e-12)
    chance = fdtrc(blocks - 1, n - blocks, ratio)  # of the F distribution
    return float(chance.min(initial=1.0) * max(1, varies.sum()))


class Variety:
    """How varied blocks of a history are when drawn at random, to tell blocks that are of one kind.

    Each feature of a case is taken as its rank in the history, so that a year of larger values or
    a few large families weigh no more than they should.

    Parameters
    ----------
    features
        (h, k) of the history; their variances are looked at together.
    at_any_level
        Whether blocks are moved to the history's middle first, as a year may be better or worse in
        all.
    """

    def __init__(self, features: Floats, at_any_level: bool = False) -> None:
        self._sorted = np.sort(features, axis=0)
        self._at_any_level = at_any_level
        dice = np.random.default_rng(0)
        drawn = features[dice.integers(0, len(features), (BLOCKS_DRAWN, BLOCK))]
        known = self._within(drawn)
        self._mean, self._deviation = float(known.mean()), float(known.std())

    def of_one_kind(self, features: Floats) -> bool:
        """Tell whether blocks of arrivals (n, k) are much less varied than the history's."""
        blocks = len(features) // BLOCK
        if not blocks:
            return False
        fewer = self._mean - ALIKE_DEVIATIONS * self._deviation / np.sqrt(blocks)
        return bool(self.share(features) * self._mean < min(fewer, ALIKE * self._mean))

    def share(self, features: Floats) -> float:
        """Return the variance within blocks of arrivals (n, k) by that of the history's.

        1 where there is no block, or nothing varies.
        """
        blocks = len(features) // BLOCK
        if not blocks or not self._mean > 0.0:
            return 1.0
        within = self._within(features[: blocks * BLOCK].reshape(blocks, BLOCK, -1))
        return float(within.mean() / self._mean)

    def _within(self, blocks: Floats) -> Floats:
        """Return the variance of ranks within blocks (blocks, BLOCK, k)."""
        if self._at_any_level:
            middle = np.median(blocks, axis=1, keepdims=True)
            blocks = blocks - middle + np.median(self._sorted, axis=0)
        rank = np.empty(blocks.shape)
        for k in range(blocks.shape[2]):
            column, told = self._sorted[:, k], blocks[:, :, k]
            rank[:, :, k] = np.searchsorted(column, told) + np.searchsorted(column, told, "right")
        return np.asarray((rank / (2.0 * len(self._sorted))).var(axis=1).mean(axis=1))


def come(before: Floats, seen: Floats, expected: float) -> Floats:
    """Return the share (h,) of each case of a history that has come, where cases come in order.

    Cases come by rank: as many of the history as have been seen, from the end that the first ones
    were of. Equals come evenly, and all of them once the last block is beyond them.

    Parameters
    ----------
    before
        (h,) of the history, what the order follows.
    seen
        (n,) of those who came, in their order.
    expected
        How many come in all.
    """
    falls = (before < seen[:BLOCK].mean()).mean() > 0.5
    sign = -1.0 if falls else 1.0
    level, row, count = np.unique(sign * before, return_inverse=True, return_counts=True)
    mass = count * max(expected, len(seen)) / len(before)
    share = np.clip((len(seen) - np.cumsum(mass) + mass) / mass, 0.0, 1.0)
    share[np.isin(level, sign * seen) & (level < (sign * seen[-BLOCK:]).min())] = 1.0
    return np.asarray(share[row])

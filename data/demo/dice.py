"""Repeatable draws: one independent stream of random numbers per record.

Every client, household, employer and opportunity rolls its own dice, seeded by (world seed,
what it is, its number). So record *i* is the same whether ten or ten thousand are asked for.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from itertools import accumulate
from statistics import NormalDist
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")

_BLOCK = 96
_NORMAL = NormalDist()
_ROOT_2, _ROOT_3 = math.sqrt(2) % 1, math.sqrt(3) % 1


class Stream(IntEnum):
    """What a stream of random numbers belongs to."""

    WORLD = 0
    COHORT = 1
    CLIENT = 2
    HOUSEHOLD = 3
    EMPLOYER = 4
    PROVIDER = 5
    OPPORTUNITY = 6
    SHARING = 7


class Table(Generic[T]):
    """Things and their weights, ready to be drawn from.

    Parameters
    ----------
    weights
        What may be drawn, with a weight at or above zero; the weights need not sum to one.

    Raises
    ------
    ValueError
        When there is nothing to draw, a weight is negative, or all are zero.

    Examples
    --------
    >>> Table({"rice": 3.0, "cassava": 1.0}).at(0.7)
    'rice'
    """

    __slots__ = ("_upto", "things", "total")

    def __init__(self, weights: Mapping[T, float] | Iterable[tuple[T, float]]) -> None:
        pairs = list(weights.items()) if isinstance(weights, Mapping) else list(weights)
        if not pairs or min(weight for _, weight in pairs) < 0:
            raise ValueError(f"expected at least one weight and none below zero, got {pairs[:5]}")
        kept = [(thing, float(weight)) for thing, weight in pairs if weight > 0]
        if not kept:
            raise ValueError("expected a weight above zero, got none")
        self.things: tuple[T, ...] = tuple(thing for thing, _ in kept)
        self._upto = list(accumulate(weight for _, weight in kept))
        self.total = self._upto[-1]

    def at(self, share: float) -> T:
        """Thing that lies at a share in [0, 1) of the total weight."""
        return self.things[min(bisect_right(self._upto, share * self.total), len(self.things) - 1)]


class Dice:
    """Draws of one record.

    Parameters
    ----------
    seed
        Seed of the world, at or above zero.
    stream
        What the record is.
    number
        Which one it is, from 0.
    """

    __slots__ = ("_left", "_source")

    def __init__(self, seed: int, stream: Stream, number: int) -> None:
        self._source = np.random.default_rng((seed, int(stream), number))
        self._left: list[float] = []

    def unit(self) -> float:
        """Uniform number in [0, 1)."""
        if not self._left:
            self._left = self._source.random(_BLOCK).tolist()
        return self._left.pop()

    def chance(self, share: float) -> bool:
        """Whether something of this share happens."""
        return self.unit() < share

    def between(self, low: float, high: float) -> float:
        """Uniform number in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """Whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def one(self, things: Sequence[T]) -> T:
        """One of several equally likely things."""
        return things[int(self.unit() * len(things))]

    def draw(self, table: Table[T]) -> T:
        """One thing of a weighted table."""
        return table.at(self.unit())

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Different things, as many as asked for or as there are, in their first order."""
        ranked = sorted(range(len(things)), key=lambda _: self.unit())[:count]
        return [things[i] for i in sorted(ranked)]

    def few(self, things: Sequence[T], share: float) -> list[T]:
        """Those of the things that happen, each with the same share."""
        return [thing for thing in things if self.chance(share)]

    def spread(self, median: float, sigma: float) -> float:
        """Log-normal number with this median and this standard deviation of the logarithm."""
        share = min(max(self.unit(), 1e-9), 1 - 1e-9)
        return median * math.exp(sigma * _NORMAL.inv_cdf(share))


def even_pair(start: tuple[float, float], number: int) -> tuple[float, float]:
    """Two shares in [0, 1) that cover the square evenly as the number grows.

    An additive (Kronecker) sequence: it keeps rare cases at their share even in small worlds,
    where independent draws would miss some.

    References
    ----------
    Niederreiter, H. (1992). Random Number Generation and Quasi-Monte Carlo Methods. SIAM.
    """
    return (start[0] + number * _ROOT_2) % 1.0, (start[1] + number * _ROOT_3) % 1.0

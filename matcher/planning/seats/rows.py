"""Passes over all pairs: the best of each row, and the columns as rows."""

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

OUT = -1
TILE = 32


@compiled
def best_of_rows(value: Floats, price: Floats, gain: Floats, best: Ints) -> None:
    """Write the greatest gain of each row over prices, and where; -inf and -1 for none."""
    for i in range(value.shape[0]):
        gain[i], best[i] = -np.inf, OUT
        for j in range(value.shape[1]):
            over = value[i, j] - price[j]
            if over > gain[i]:
                gain[i], best[i] = over, j


@compiled
def transposed(value: Floats) -> Floats:
    """Return a matrix's columns as rows, tile by tile as the caches like it."""
    n, m = value.shape
    found = np.empty((m, n))
    for first in range(0, n, TILE):
        last = min(n, first + TILE)
        for start in range(0, m, TILE):
            for j in range(start, min(m, start + TILE)):
                for i in range(first, last):
                    found[j, i] = value[i, j]
    return found

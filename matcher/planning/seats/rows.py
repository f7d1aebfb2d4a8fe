"""A pass over all pairs: the best of each row."""

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

OUT = -1


@compiled
def best_of_rows(value: Floats, price: Floats, gain: Floats, best: Ints) -> None:
    """Write the greatest gain of each row over prices, and where; -inf and -1 for none."""
    for i in range(value.shape[0]):
        gain[i], best[i] = -np.inf, OUT
        for j in range(value.shape[1]):
            over = value[i, j] - price[j]
            if over > gain[i]:
                gain[i], best[i] = over, j

"""An auction for seats: clients bid, prices rise."""

import numpy as np

from matcher.planning.seats.compiled import compiled
from matcher.planning.seats.market import OUT, WAITING, Market, best, take


@compiled
def auction(market: Market, epsilon: float, most_bids: int) -> int:
    """Let waiting clients bid until none waits or so many bids are made; return the bids made.

    References
    ----------
    Bertsekas, D. P. (1988). The auction algorithm: a distributed relaxation method for the
    assignment problem. Annals of Operations Research 14, 105-123. Castañon, D. A. (1993) for
    identical seats.
    """
    n = market.sits.shape[0]
    queue = np.empty(n, dtype=np.int64)
    length = 0
    for i in range(n - 1, -1, -1):
        if market.sits[i] == WAITING:
            queue[length] = i
            length += 1
    bids = 0
    while length and bids < most_bids:
        i = queue[length - 1]
        length -= 1
        j, first, second = best(market, i)
        if j == OUT:
            market.sits[i] = OUT
            continue
        bids += 1
        offered = market.price[j] + (first - second) + epsilon
        if market.held[j] < market.seats[j]:
            take(market, i, j, market.start[j] + market.held[j], offered)
            market.held[j] += 1
        else:
            lowest = market.start[j] + np.argmin(market.bid[market.start[j] : market.start[j + 1]])
            queue[length] = market.holder[lowest]
            length += 1
            market.sits[market.holder[lowest]] = WAITING
            take(market, i, j, lowest, offered)
        if market.held[j] == market.seats[j]:
            market.price[j] = market.bid[market.start[j] : market.start[j + 1]].min()
    return bids

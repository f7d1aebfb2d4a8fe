"""Whether an officer's pins can hold at all; the first conflict is named."""

from collections import defaultdict

import numpy as np

from matcher.planning.columns import Floats, Ints
from matcher.planning.errors import PinConflict

SLACK = 1e-9

Pairs = list[tuple[int, int]]


def check_pins(
    value: Floats, capacity: Floats, size: Floats, cost: Floats, fund: Ints, budget: Floats,
    families: list[tuple[int, ...]], place: Ints, pins: Pairs, bans: Pairs,
) -> None:  # fmt: skip
    """Refuse pins that contradict each other, a ban, a gate, or the seats and money there are.

    Raises
    ------
    PinConflict
        Naming the pin and what it contradicts.
    """
    _check_pairs(value, pins, bans)
    _check_seats(capacity, size, pins)
    _check_money(cost, fund, budget, pins)
    _check_families(families, place, pins)


def _check_pairs(value: Floats, pins: Pairs, bans: Pairs) -> None:
    banned = set(bans)
    held: dict[int, int] = {}
    for i, j in pins:
        if held.setdefault(i, j) != j:
            raise PinConflict(f"client {i} is pinned to opportunity {held[i]} and to {j}")
        if (i, j) in banned:
            raise PinConflict(f"client {i} is pinned to opportunity {j} and banned from it")
        if np.isnan(value[i, j]):
            raise PinConflict(f"client {i} is pinned to opportunity {j}, which is not admissible")


def _check_seats(capacity: Floats, size: Floats, pins: Pairs) -> None:
    used: dict[int, Floats] = defaultdict(lambda: np.zeros(capacity.shape[1]))
    for i, j in sorted(set(pins)):
        used[j] = used[j] + size[i, j]
        if (used[j] > capacity[j] + SLACK).any():
            raise PinConflict(
                f"pins to opportunity {j} take {used[j].tolist()}, more than its capacity "
                f"{capacity[j].tolist()}"
            )


def _check_money(cost: Floats, fund: Ints, budget: Floats, pins: Pairs) -> None:
    spent = np.zeros(len(budget))
    for i, j in sorted(set(pins)) if len(budget) else ():
        spent[fund[j]] += cost[i, j]
    over = np.flatnonzero(spent > budget * (1 + SLACK) + SLACK)
    if len(over):
        f = int(over[0])
        raise PinConflict(f"pins cost {spent[f]:g} of fund {f}, which has {budget[f]:g}")


def _check_families(families: list[tuple[int, ...]], place: Ints, pins: Pairs) -> None:
    held = dict(pins)
    for family in families:
        places = {int(place[held[i]]) for i in family if i in held}
        if len(places) > 1:
            raise PinConflict(f"family {family} is pinned to several places: {sorted(places)}")

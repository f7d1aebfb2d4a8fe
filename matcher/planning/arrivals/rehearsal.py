"""The last batches rehearsed: near-best plans played out to the end, in the same futures.

What seats are worth is found for each site by itself. It does not say that a block of seats for a
family of five, kept at one site, need not be kept at another. Where few are still to come, that is
found out by placing them.
"""

from typing import Final

import numpy as np

from matcher.planning.arrivals.moves import OUT, in_turn
from matcher.planning.columns import Floats, Ints
from matcher.planning.seats.compiled import compiled

ARRIVALS: Final = 40
"""Most cases still to come."""

PLANS: Final = 24
"""Plans that are played out: the one to begin with, and those of the least loss near it."""

FUTURES: Final = 400
"""Futures that each of them is played out in."""

ROUNDS: Final = 2
"""How often plans near the best one are played out."""

SURE: Final = 1.0
"""Standard errors by which another plan must be better."""

MOST_STEPS: Final = 50_000_000
"""Most steps (plans x futures x cases x sites) of a round: about a tenth of a second."""


def rehearsed(
    chosen: Ints, value: Floats, size: Ints, left: Ints, worth: Floats,
    later: tuple[Floats, Ints, Floats], dice: np.random.Generator,
) -> Ints:  # fmt: skip
    """Return the plan (b,) of those near the one given that does best to the end, for certain.

    Parameters
    ----------
    chosen
        (b,) where each of the batch is placed to begin with; -1 for nowhere.
    value
        (b, m) worth of each pair; nan forbids.
    size
        (b, m) whole seats that it takes.
    left
        (m,) seats left before the batch.
    worth
        (arrivals + 1, m, seats + 1) what free seats are worth, by how many are still to come.
    later
        Values (n, m), sizes (n, m) and chances (n,) of those still to come.
    dice
        Draws the futures.
    """
    arrivals, b = len(worth) - 1, len(chosen)
    steps = PLANS * FUTURES * arrivals * len(left)
    if not 0 < arrivals <= ARRIVALS or not b or steps > MOST_STEPS:
        return chosen
    for _ in range(ROUNDS):
        plans = near(chosen, value, size, worth[-1], left)
        drawn = dice.choice(len(later[2]), (FUTURES, arrivals), p=later[2])
        gain = _played(plans, value, size, left, worth, later[0], later[1], drawn)
        gain -= gain[0]
        sure = gain.mean(axis=1) - SURE * gain.std(axis=1) / np.sqrt(FUTURES)
        if sure.max() <= 0.0:
            break
        chosen = plans[sure.argmax()]
    return chosen


def near(chosen: Ints, value: Floats, size: Ints, worth: Floats, left: Ints) -> Ints:
    """Return a plan (b,) and those near it, (plans, b), that lose least by what seats are worth."""
    plans = _one_step_away(chosen, value, size, left)
    total = _by_worth(plans, value, size, worth, left)
    best = np.argsort(-total[1:], kind="stable")[: PLANS - 1]
    return np.concatenate([plans[:1], plans[1:][best]])


@compiled
def _one_step_away(chosen: Ints, value: Floats, size: Ints, left: Ints) -> Ints:
    """Return a plan, and those that one move or one exchange leads to."""
    b, m = value.shape
    plans = np.empty((1 + b * b * (m + 1), b), dtype=np.int64)
    plans[0] = chosen
    count = 1
    for i in range(b):
        for other in range(b):
            site = chosen[other]
            for onto in range(-1, m):
                if other != i and (site in (OUT, chosen[i]) or onto == site):
                    continue
                plan = plans[count]
                plan[:] = chosen
                if other != i:
                    plan[i] = site
                plan[other] = onto
                if _fits(plan, value, size, left) and not (plan == chosen).all():
                    count += 1
    return plans[:count]


@compiled
def _seat(plan: Ints, value: Floats, size: Ints, free: Ints) -> float:
    """Take the seats of a plan (b,) from those that are free; return what it brings."""
    total = 0.0
    for i in range(len(plan)):
        j = plan[i]
        if j != OUT:
            total += value[i, j]
            free[j] -= size[i, j]
    return total


@compiled
def _by_worth(plans: Ints, value: Floats, size: Ints, worth: Floats, left: Ints) -> Floats:
    """Return what plans (p, b) bring, and the seats that stay free are worth."""
    total = np.zeros(len(plans))
    for p in range(len(plans)):
        free = left.copy()
        total[p] = _seat(plans[p], value, size, free)
        for j in range(len(free)):
            total[p] += worth[j, free[j]]
    return total


@compiled
def _fits(plan: Ints, value: Floats, size: Ints, left: Ints) -> bool:
    """Tell whether no pair is forbidden and no seat given twice."""
    free = left.copy()
    for i in range(len(plan)):
        if plan[i] != OUT:
            free[plan[i]] -= size[i, plan[i]]
            if not value[i, plan[i]] >= 0.0 or free[plan[i]] < 0:
                return False
    return True


@compiled
def _played(
    plans: Ints, value: Floats, size: Ints, left: Ints, worth: Floats,
    later_value: Floats, later_size: Ints, drawn: Ints,
) -> Floats:  # fmt: skip
    """Return what each plan (p,) and those after it bring in each future (k, arrivals), (p, k)."""
    total = np.empty((len(plans), len(drawn)))
    for p in range(len(plans)):
        free = left.copy()
        first = _seat(plans[p], value, size, free)
        for k in range(len(drawn)):
            v, s = later_value[drawn[k]], later_size[drawn[k]]
            total[p, k] = first + _seat(in_turn(v, s, worth, free), v, s, free.copy())
    return total

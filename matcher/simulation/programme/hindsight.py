"""The ceiling: a plan that knows everybody who will come, what they take, and what holds."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matcher.columns import Floats
from matcher.simulation.programme.stage import NO_PAIR, Bools, Stage
from matcher.simulation.simulator import Indices

GAP = 1e-4
"""Largest relative gap of the ceiling to its proven bound."""

SECONDS = 30.0


def hindsight(stage: Stage, worth: Floats | None = None) -> Indices:
    """Return the pair of each client in the best plan of all, of shape (n,); -1 unplaced.

    It knows the whole programme beforehand: who comes when, which seats open, who would decline,
    and the true probability of staying with each offer. No policy can know that; none is better
    in expectation. Employers are not paused in it.

    Parameters
    ----------
    stage
        People, offers, days and luck.
    worth
        What it knows of each pair, of shape (pairs,); the truth unless told otherwise.
    """
    value = stage.staying if worth is None else worth
    pairs = np.flatnonzero(_possible(stage))
    placed = np.full(len(stage.pair), NO_PAIR, dtype=np.intp)
    if not len(pairs):
        return placed
    offer, calendar = stage.offer[pairs], stage.calendar
    limits = [
        _at_most(stage.client[pairs], np.ones(len(pairs)), np.ones(len(placed))),
        _at_most(offer, np.ones(len(pairs)), calendar.seats.astype(np.float64)),
        _at_most(calendar.quarter[offer], calendar.cost_usd[offer], calendar.fund_usd),
    ]
    found = milp(
        -value[pairs],
        integrality=np.ones(len(pairs), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=limits,
        options={"mip_rel_gap": GAP, "time_limit": SECONDS},
    )
    if found.x is None:
        raise RuntimeError(f"hindsight: expected a plan within {SECONDS} s, got: {found.message}")
    chosen = pairs[found.x > 0.5]
    placed[stage.client[chosen]] = chosen
    return placed


def _possible(stage: Stage) -> Bools:
    """Tell which pairs are open on the client's day and would be taken, of shape (pairs,)."""
    day, calendar = stage.calendar.arrives[stage.client], stage.calendar
    is_open = (calendar.opens[stage.offer] <= day) & (day < calendar.closes[stage.offer])
    return np.asarray(is_open & stage.takes)


def _at_most(of: Indices, amount: Floats, most: Floats) -> LinearConstraint:
    """Return that the amounts of the pairs of each resource stay within it."""
    rows = csr_array((amount, (of, np.arange(len(of)))), shape=(len(most), len(of)))
    return LinearConstraint(rows, ub=most)

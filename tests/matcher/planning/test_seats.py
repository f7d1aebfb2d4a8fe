"""The simplex method on seats against the assignment of scipy, on instances made to be hard."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linear_sum_assignment

from matcher.planning.seats import solve_seats
from matcher.planning.seats.basis import NOBODY, OUT

KINDS = {
    "even": lambda dice, n, m: dice.random((n, m)),
    "alike": lambda dice, n, m: dice.random(m) + 1e-4 * dice.random((n, m)),
    "ties": lambda dice, n, m: dice.integers(-2, 4, (n, m)).astype(float),
    "whole numbers": lambda dice, n, m: dice.integers(0, 10**6, (n, m)).astype(float),
    "gated": lambda dice, n, m: np.where(dice.random((n, m)) < 0.8, np.nan, dice.random((n, m))),
    "product": lambda dice, n, m: dice.random((n, 1)) * dice.random((1, m)),
    "low rank": lambda dice, n, m: dice.normal(size=(n, 3)) @ dice.normal(size=(3, m)),
    "steps": lambda dice, n, m: np.outer(np.arange(1.0, n + 1), np.arange(1.0, m + 1)),
    "equal rows": lambda dice, n, m: np.tile(dice.random(m), (n, 1)),
    "equal columns": lambda dice, n, m: np.tile(dice.random((n, 1)), (1, m)),
    "all one": lambda dice, n, m: np.ones((n, m)),
    "negative": lambda dice, n, m: dice.normal(-0.5, 0.5, (n, m)),
    "nothing": lambda dice, n, m: np.full((n, m), np.nan),
}
ROOMS = {
    "scarce": lambda dice, n, m: dice.multinomial(int(0.4 * n), np.ones(m) / m),
    "balanced": lambda dice, n, m: dice.multinomial(n, np.ones(m) / m),
    "ample": lambda dice, n, m: dice.multinomial(int(1.5 * n), np.ones(m) / m),
    "one each": lambda dice, n, m: np.ones(m, dtype=int),
    "one is huge": lambda dice, n, m: np.append(n + 5, np.ones(m - 1, dtype=int)),
}


def expanded(value, capacity, stay):
    """The optimum by scipy: a column for each seat, and one for each client's staying out."""
    n = len(value)
    seats = value[:, np.repeat(np.arange(len(capacity)), capacity)]
    low = -1e9
    out = np.where(np.eye(n, dtype=bool), stay[:, None], low)
    wide = np.hstack([np.nan_to_num(seats, nan=low), out])
    rows, columns = linear_sum_assignment(wide, maximize=True)
    return wide[rows, columns].sum()


def check(value, capacity, seating, must):
    """Check seats, prices and the tree, and return the total and the bound."""
    sits, price, basis = seating.pool, seating.price, seating.basis
    placed = np.flatnonzero(sits >= 0)
    held = np.bincount(sits[placed], minlength=len(capacity))
    assert seating.exact
    assert (held <= capacity).all()
    assert (held == basis.held).all()
    assert not np.isnan(value[placed, sits[placed]]).any()
    assert (price >= 0).all()
    full = (held == capacity) & (capacity > 0)
    assert ((basis.marginal != NOBODY) == full).all()
    hung = np.flatnonzero(full)
    assert (sits[basis.marginal[hung]] == hung).all()
    gain = np.nan_to_num(value - price, nan=-np.inf).max(axis=1)
    units = np.where(must, gain, np.maximum(gain, 0.0))
    return value[placed, sits[placed]].sum(), units.sum() + capacity @ price


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(KINDS)), st.sampled_from(list(ROOMS)))
def test_seats_are_given_as_well_as_by_scipy_and_the_prices_prove_it(seed, kind, room):
    dice = np.random.default_rng(seed)
    n, m = int(dice.integers(1, 90)), int(dice.integers(1, 40))
    value, capacity = KINDS[kind](dice, n, m), ROOMS[room](dice, n, m)
    must = np.zeros(n, dtype=bool)
    seating = solve_seats(value, capacity.astype(float), must)
    total, bound = check(value, capacity, seating, must)
    scale = max(1.0, float(np.nan_to_num(np.abs(value)).max()))
    assert total == pytest.approx(expanded(value, capacity, np.zeros(n)), abs=1e-8 * scale)
    assert bound == pytest.approx(total, abs=1e-9 * scale * n)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["even", "ties", "gated", "negative"]))
def test_who_must_be_placed_is_placed_first(seed, kind):
    dice = np.random.default_rng(seed)
    n, m = int(dice.integers(1, 40)), int(dice.integers(1, 20))
    value, capacity = KINDS[kind](dice, n, m), ROOMS["balanced"](dice, n, m)
    must = dice.random(n) < 0.5
    seating = solve_seats(value, capacity.astype(float), must)
    best = expanded(value, capacity, np.where(must, -1e4, 0.0))
    placed = np.flatnonzero(seating.pool >= 0)
    left = int((seating.pool[must] == OUT).sum())
    total = value[placed, seating.pool[placed]].sum()
    assert total - 1e4 * left == pytest.approx(best, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["even", "ties", "product", "negative"]))
def test_another_solve_may_start_where_one_ended(seed, kind):
    dice = np.random.default_rng(seed)
    n, m = int(dice.integers(1, 60)), int(dice.integers(1, 25))
    capacity = ROOMS["balanced"](dice, n, m)
    must = np.zeros(n, dtype=bool)
    first = solve_seats(KINDS[kind](dice, n, m), capacity.astype(float), must)
    value = KINDS[kind](dice, n, m)
    again = solve_seats(value, capacity.astype(float), must, start=first.basis)
    total, bound = check(value, capacity, again, must)
    assert total == pytest.approx(expanded(value, capacity, np.zeros(n)), abs=1e-8)
    assert bound == pytest.approx(total, abs=1e-8)

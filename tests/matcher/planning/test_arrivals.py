"""People who come in batches: seats are kept, nobody is overbooked, nobody left out needlessly."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from matcher.planning.arrivals import Arrivals
from matcher.planning.arrivals.moves import improved
from matcher.planning.arrivals.prices import Demand, seat_prices
from matcher.planning.arrivals.rehearsal import near, rehearsed
from matcher.planning.arrivals.seat_values import gains_over_elsewhere, seat_values
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.plan import Reason


@st.composite
def streams(draw):
    """Draw seats, a history, and the batches that come."""
    dice = np.random.default_rng(draw(st.integers(0, 10_000)))
    m, batches = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    old = draw(st.integers(0, 6))

    def drawn(n):
        value = dice.random((n, m))
        return np.where(dice.random((n, m)) < 0.2, np.nan, value), dice.integers(1, 4, n)

    return dice.integers(0, 6, m), drawn(old), [drawn(dice.integers(0, 5)) for _ in range(batches)]


def place_all(capacity, history, batches, **more):
    coming = sum(len(value) for value, _ in batches)
    known = {"history_score": history[0], "history_sizes": history[1]}
    arrivals = Arrivals(capacity, **known, expected_arrivals=coming, futures=3, **more)
    return arrivals, [arrivals.offer(value, sizes=sizes) for value, sizes in batches]


@settings(max_examples=15)
@given(streams())
def test_no_seat_is_given_twice_and_no_forbidden_pair_made(stream):
    capacity, _history, batches = stream
    arrivals, plans = place_all(*stream)
    used = np.zeros(len(capacity))
    for plan, (value, sizes) in zip(plans, batches, strict=True):
        placed = np.flatnonzero(plan.assignment >= 0)
        assert not np.isnan(value[placed, plan.assignment[placed]]).any()
        np.add.at(used, plan.assignment[placed], sizes[placed])
        assert plan.objective == pytest.approx(value[placed, plan.assignment[placed]].sum())
        assert plan.objective <= plan.bound + 1e-9
        assert {u.client for u in plan.unplaced} == set(np.flatnonzero(plan.assignment < 0))
    assert (used <= capacity).all()
    np.testing.assert_allclose(arrivals.remaining, capacity - used)


@settings(max_examples=5)
@given(streams())
def test_the_same_seed_places_the_same(stream):
    first, second = (place_all(*stream, seed=3)[1] for _ in range(2))
    assert [p.assignment.tolist() for p in first] == [p.assignment.tolist() for p in second]


def test_a_seat_is_kept_for_whom_nothing_else_suits():
    history = [[0.9, 0.8], [0.9, np.nan]] * 5
    arrivals = Arrivals([5, 5], history_score=history, expected_arrivals=10)
    assert arrivals.offer([[0.9, 0.8]] * 5).assignment.tolist() == [1] * 5
    assert arrivals.offer([[0.9, np.nan]] * 5).assignment.tolist() == [0] * 5


def test_where_there_are_seats_for_all_the_worst_off_is_placed_too():
    history = [[0.9]] * 9 + [[0.01]]
    arrivals = Arrivals([10], history_score=history, expected_arrivals=10)
    assert arrivals.offer([[0.01]]).placed == 1


def test_a_chance_excess_of_people_near_the_end_leaves_nobody_out():
    dice = np.random.default_rng(0)
    old, came = np.tile([1.0, 5.0], 50), np.r_[np.tile([1.0, 5.0], 37), np.full(6, 5.0)]
    history, year = dice.uniform(0.2, 0.9, (100, 1)), dice.uniform(0.2, 0.9, (80, 1))
    arrivals = Arrivals([300], history_score=history, history_sizes=old, expected_arrivals=100)
    for first in range(0, 80, 10):
        ten = slice(first, first + 10)
        assert arrivals.offer(year[ten], sizes=came[ten]).placed == 10
    least_first = [[0.01]] + [[0.9]] * 9
    assert arrivals.offer(least_first, sizes=[1] * 5 + [5] * 5).assignment[0] == 0


def test_under_scarcity_a_seat_waits_for_whom_it_helps_most():
    history = [[0.9]] * 10
    arrivals = Arrivals([5], history_score=history, expected_arrivals=10)
    plan = arrivals.offer([[0.01]])
    assert plan.placed == 0
    assert plan.unplaced[0].reason is Reason.OUTBID


def test_without_a_history_the_first_batch_is_placed_sensibly():
    arrivals = Arrivals([2, 2])
    plan = arrivals.offer([[0.9, 0.1], [0.2, 0.8]])
    assert plan.assignment.tolist() == [0, 1]
    assert arrivals.still_to_come == 2


def test_an_officer_takes_no_more_than_a_weeks_load():
    arrivals = Arrivals([9, 9, 9], officer=[0, 0, 1], load_per_week=[2, 1], expected_arrivals=12)
    first = arrivals.offer(np.full((4, 3), 0.5), week="48")
    assert np.bincount(first.assignment[first.assignment >= 0] // 2, minlength=2).tolist() == [2, 1]
    assert arrivals.offer(np.full((1, 3), 0.5), week="48").placed == 0
    assert arrivals.offer(np.full((1, 3), 0.5), week="49").placed == 1


def test_a_declined_seat_comes_back():
    arrivals = Arrivals([3.0], expected_arrivals=2)
    arrivals.offer([[0.5]], sizes=[3])
    arrivals.release(0, 3)
    assert arrivals.remaining.tolist() == [3.0]
    with pytest.raises(InvalidPlanInput, match="an index below 1"):
        arrivals.release(1)


def test_several_resources_bind_each():
    arrivals = Arrivals([[5, 1], [5, 1]], expected_arrivals=3)
    plan = arrivals.offer([[0.9, 0.5]] * 3, sizes=[[1, 1], [1, 1], [1, 0]])
    assert plan.placed == 3
    assert arrivals.remaining.tolist() != [[5, 1], [5, 1]]
    assert (arrivals.remaining >= 0).all()


def test_prices_are_those_of_the_linear_programme():
    value = np.array([[[0.9], [0.7], [0.4]]])
    demand = Demand(value, np.ones((1, 3, 1, 1)), np.ones((1, 3)), np.array([[2.0]]), 1e-3)
    price = seat_prices(demand, np.full((1, 1, 1), 0.1))
    assert 0.4 <= price.item() <= 0.7


@st.composite
def sites(draw):
    """Draw cases and sites: gains, sizes, chances, seats and arrivals."""
    dice = np.random.default_rng(draw(st.integers(0, 10_000)))
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    gain = np.where(dice.random((n, m)) < 0.2, np.nan, dice.uniform(-0.3, 1.0, (n, m)).round(1))
    size, left = dice.integers(0, 4, (n, m)), dice.integers(0, 6, m)
    return gain, size, dice.dirichlet(np.ones(n)), left, draw(st.integers(0, 4))


def plain_value(gain, size, chance, seats, arrivals):
    """Return what seats of one site are worth: each arrival is let in where that pays."""
    if arrivals == 0:
        return 0.0
    waits = plain_value(gain, size, chance, seats, arrivals - 1)
    total = 0.0
    for g, takes, p in zip(gain, size, chance, strict=True):
        enters = -np.inf
        if g > 0 and 0 < takes <= seats:
            enters = g + plain_value(gain, size, chance, seats - takes, arrivals - 1)
        total += p * max(waits, enters)
    return total


@settings(max_examples=20)
@given(sites())
def test_seats_are_worth_what_the_plain_recursion_says(drawn):
    gain, size, chance, left, arrivals = drawn
    worth = seat_values(gain, size, chance, left, arrivals)[-1]
    for j, most in enumerate(left):
        plain = [
            plain_value(gain[:, j], size[:, j], chance, seats, arrivals)
            for seats in range(most + 1)
        ]
        assert worth[j, : most + 1] == pytest.approx(plain)


@settings(max_examples=20)
@given(sites())
def test_more_seats_and_more_to_come_are_never_worth_less(drawn):
    gain, size, chance, left, arrivals = drawn
    worth = seat_values(gain, size, chance, left, arrivals)
    assert (np.diff(worth, axis=2) >= -1e-12).all()
    assert (np.diff(worth, axis=0) >= -1e-12).all()


def test_a_case_gains_at_its_best_site_what_the_second_best_lacks():
    gain = gains_over_elsewhere(
        np.array([[0.9, 0.6, np.nan], [0.5, np.nan, np.nan]]),
        np.array([[0.8, 0.5, -np.inf], [0.4, -np.inf, -np.inf]]),
    )
    np.testing.assert_allclose(gain, [[0.4, -0.2, np.nan], [0.5, np.nan, np.nan]])


def small_batch(dice):
    """Draw seats left (m,), values (b, m), some forbidden, and sizes (b, m)."""
    b, m = dice.integers(1, 6), dice.integers(1, 4)
    left = dice.integers(0, 6, m)
    value = np.where(dice.random((b, m)) < 0.2, np.nan, dice.random((b, m)))
    return left, value, np.broadcast_to(dice.integers(1, 4, (b, 1)), (b, m)).astype(np.int64)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_no_move_of_one_case_pays_any_more(seed):
    dice = np.random.default_rng(seed)
    left, value, size = small_batch(dice)
    b, m = value.shape
    worth = np.hstack([np.zeros((m, 1)), dice.random((m, 6)).cumsum(axis=1) / 3])

    def total(chosen):
        free, gained = left.copy(), 0.0
        for i, j in enumerate(chosen):
            if j >= 0:
                free[j] -= size[i, j]
                gained += value[i, j]
        if (free < 0).any() or np.isnan(gained):
            return -np.inf
        return gained + worth[np.arange(m), free].sum()

    nobody = np.full(b, -1)
    chosen = improved(nobody, value, size, worth, left)
    found = total(chosen)
    assert found >= total(nobody) - 1e-12
    for i in range(b):
        for j in range(-1, m):
            other = chosen.copy()
            other[i] = j
            assert total(other) <= found + 1e-8


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_plans_near_another_fit_and_differ(seed):
    dice = np.random.default_rng(seed)
    left, value, size = small_batch(dice)
    b, m = value.shape
    worth = np.zeros((m, 6))
    chosen = improved(np.full(b, -1), value, size, worth, left)
    plans = near(chosen, value, size, worth, left)
    assert plans[0].tolist() == chosen.tolist()
    assert (plans[1:] != chosen).any(axis=1).all()
    for plan in plans:
        placed = np.flatnonzero(plan >= 0)
        taken = np.bincount(plan[placed], size[placed, 0], m)
        assert (taken <= left).all()
        assert not np.isnan(value[placed, plan[placed]]).any()


def test_a_rehearsal_finds_the_block_that_the_next_family_needs():
    later = (np.array([[0.9, 0.9]]), np.full((1, 2), 3), np.ones(1))
    worth = np.zeros((2, 2, 4))  # says nothing of the family
    plan = rehearsed(
        np.array([0]), np.array([[0.5, 0.4]]), np.ones((1, 2), dtype=np.int64), np.array([3, 1]),
        worth, later, np.random.default_rng(0),
    )  # fmt: skip
    assert plan.tolist() == [1]


def test_four_seats_together_are_kept_for_a_family_of_four():
    arrivals = Arrivals([4, 1], history_score=[[2.0, 2.0]], history_sizes=[4], expected_arrivals=2)
    assert arrivals.offer([[0.9, 0.85]], sizes=[1]).assignment.tolist() == [1]
    assert arrivals.offer([[2.0, 2.0]], sizes=[4]).assignment.tolist() == [0]


def test_half_seats_and_more_than_one_resource_are_placed_at_prices():
    arrivals = Arrivals([1.5, 1], history_score=[[0.9, 0.8]], expected_arrivals=3)
    assert arrivals.offer([[0.9, 0.1]], sizes=[1.5]).assignment.tolist() == [0]
    assert arrivals.remaining.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"futures": 0}, "futures, expected_arrivals"),
        ({"officer": [0, 0]}, "officer, load_per_week"),
        ({"history_score": [[0.5]]}, "history_score: expected shape"),
    ],
)
def test_what_is_wrong_is_named(arguments, message):
    with pytest.raises(InvalidPlanInput, match=message):
        Arrivals([1, 1], **arguments)

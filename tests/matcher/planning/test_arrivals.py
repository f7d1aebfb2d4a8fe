"""People who come in batches: seats are kept, nobody is overbooked, nobody left out needlessly."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from matcher.planning.arrivals import Arrivals
from matcher.planning.arrivals.cases import Cases
from matcher.planning.arrivals.futures import Futures
from matcher.planning.arrivals.moves import improved
from matcher.planning.arrivals.order import come
from matcher.planning.arrivals.prices import Demand, seat_prices
from matcher.planning.arrivals.rehearsal import near, rehearsed
from matcher.planning.arrivals.seat_values import gains_over_elsewhere, seat_values
from matcher.planning.arrivals.shift import sites_moved
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


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_no_move_of_one_case_pays_any_more(seed):
    dice = np.random.default_rng(seed)
    b, m = dice.integers(1, 6), dice.integers(1, 4)
    left = dice.integers(0, 6, m)
    value = np.where(dice.random((b, m)) < 0.2, np.nan, dice.random((b, m)))
    size = np.broadcast_to(dice.integers(1, 4, (b, 1)), (b, m)).astype(np.int64)
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
    b, m = dice.integers(1, 6), dice.integers(1, 4)
    left = dice.integers(0, 6, m)
    value = np.where(dice.random((b, m)) < 0.2, np.nan, dice.random((b, m)))
    size = np.broadcast_to(dice.integers(1, 4, (b, 1)), (b, m)).astype(np.int64)
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


def test_a_first_batch_of_one_kind_by_chance_is_not_held_against_the_rest():
    dice = np.random.default_rng(4)
    sizes = np.repeat([1.0, 5.0], 60)[:, None, None]
    futures = Futures(Cases(dice.random((120, 3)), sizes), 120)
    futures.see(Cases(dice.random((10, 3)), np.ones((10, 1, 1))), dice)
    assert not futures.order_is_random
    for _ in range(8):
        mixed = dice.permutation(np.repeat([1.0, 5.0], 10))[:, None, None]
        futures.see(Cases(dice.random((20, 3)), mixed), dice)
    assert futures.order_is_random


def test_an_order_by_size_is_seen_not_to_be_random_and_the_rest_is_owed():
    dice = np.random.default_rng(0)
    sizes = np.repeat([1.0, 5.0], 40)[:, None, None]
    history = Cases(dice.random((80, 3)), sizes)
    futures = Futures(history, 80)
    for _ in range(4):
        futures.see(Cases(dice.random((10, 3)), np.ones((10, 1, 1))), dice)
    assert not futures.order_is_random
    assert futures.total_takes() == pytest.approx(80 * 3.0)
    assert futures.owed[40:].sum() > 0.8 * futures.owed.sum()


@pytest.mark.parametrize(
    ("seen", "expected", "share"),
    [
        ([1, 1, 2], 6, [1, 1, 0.5, 0.5, 0, 0]),  # small ones first: by rank, equals evenly
        ([4, 4, 2], 6, [0, 0, 0.5, 0.5, 1, 1]),  # large ones first
        ([1, 2], 12, [0.5, 0.5, 0, 0, 0, 0]),  # twice as many are expected
        ([1] + [2] * 10, 6, [1, 1, 1, 1, 1, 1]),  # more have come than were expected
    ],
)
def test_cases_that_come_sorted_are_struck_off_by_rank(seen, expected, share):
    before = np.array([1.0, 1.0, 2.0, 2.0, 4.0, 4.0])
    assert come(before, np.array(seen, dtype=float), expected).tolist() == pytest.approx(share)


def test_those_whom_a_sorted_order_has_passed_are_not_owed():
    before, seen = np.array([1.0] * 20 + [2.0] * 20), np.array([1.0] * 5 + [2.0] * 10)
    assert come(before, seen, 40)[:20].tolist() == [1.0] * 20


def test_sites_that_moved_are_told_from_noise():
    dice = np.random.default_rng(4)
    moved = np.array([-0.4, 0.0, 0.4, 0.0])
    case, noise = dice.normal(0, 1, (30, 1)), dice.normal(0, 0.1, (30, 4))
    np.testing.assert_allclose(sites_moved(case + moved + noise), moved, atol=0.1)
    assert np.abs(sites_moved(case + noise)).max() < 0.05
    assert sites_moved(np.full((3, 4), np.nan)).tolist() == [0.0] * 4


def profiles(dice, favourite):
    """Draw cases that do best at their favourite (n,) of four sites."""
    return dice.uniform(0.2, 0.4, (len(favourite), 4)) + 0.4 * np.eye(4)[favourite]


def test_one_kind_after_the_other_is_seen_and_its_values_are_not_read_as_a_new_years():
    dice = np.random.default_rng(1)
    history = Cases(profiles(dice, np.repeat(range(4), 20)), np.ones((80, 1, 1)))
    futures = Futures(history, 80)
    futures.see(Cases(profiles(dice, np.zeros(20, dtype=int)), np.ones((20, 1, 1))), dice)
    assert not futures.order_is_random
    np.testing.assert_allclose(futures.corrected_history().value / history.value, 1, atol=0.1)
    assert futures.owed[:20].sum() < 0.3 * 20 < 0.9 * 60 < futures.owed[20:].sum()


def test_sites_that_have_moved_are_seen_although_one_kind_comes_first():
    dice = np.random.default_rng(1)
    history = Cases(profiles(dice, np.repeat(range(4), 20)), np.ones((80, 1, 1)))
    futures = Futures(history, 80)
    moved = np.array([1.0, 1.4, 1.0, 0.7])
    futures.see(Cases(profiles(dice, np.zeros(30, dtype=int)) * moved, np.ones((30, 1, 1))), dice)
    assert not futures.order_is_random
    ratio = (futures.corrected_history().value / history.value).mean(axis=0)
    assert ratio[1] > 1.1 > 0.9 > ratio[3]


def test_a_random_order_is_rarely_taken_for_another():
    dice = np.random.default_rng(2)
    found = []
    for _ in range(30):
        history, now = (
            Cases(profiles(dice, dice.integers(0, 4, 120)), dice.integers(1, 6, (120, 1, 1)) * 1.0)
            for _ in range(2)
        )
        futures = Futures(history, 120)
        for first in range(0, 120, 20):
            batch = slice(first, first + 20)
            futures.see(Cases(now.value[batch] * 0.8, now.size[batch]), dice)
        found.append(futures.order_is_random)
    assert sum(found) >= 28


def test_a_history_of_one_case_tells_of_no_kinds():
    futures = Futures(Cases(np.array([[0.5, 0.4]]), np.ones((1, 1, 1))), 30)
    dice = np.random.default_rng(3)
    futures.see(Cases(dice.random((20, 2)), np.ones((20, 1, 1))), dice)
    assert futures.order_is_random


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

"""Who may still come: random orders are told from others, and a year that moved from noise."""

import numpy as np
import pytest

from matcher.planning.arrivals.cases import Cases
from matcher.planning.arrivals.futures import Futures
from matcher.planning.arrivals.order import come
from matcher.planning.arrivals.shift import sites_moved


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


def test_sites_that_differ_less_among_the_best_off_are_not_read_as_moved():
    dice = np.random.default_rng(6)
    site = np.array([-1.0, 0.0, 1.0])

    def drawn():
        return 1 / (1 + np.exp(-dice.normal(0, 1, (200, 1)) - site - dice.normal(0, 0.1, (200, 3))))

    history, now = Cases(drawn(), np.ones((200, 1, 1))), drawn()
    futures = Futures(history, 200)
    best_first = now[np.argsort(-now.max(axis=1))]
    for first in range(0, 60, 10):
        futures.see(Cases(best_first[first : first + 10], np.ones((10, 1, 1))), dice)
    assert not futures.order_is_random
    np.testing.assert_allclose(futures.corrected_history().value / history.value, 1, atol=0.1)


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

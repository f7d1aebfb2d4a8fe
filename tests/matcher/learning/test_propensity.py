"""Near ties are shuffled within bounds, and the probabilities stored are those of the lots."""

import itertools
from collections import Counter

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from matcher.learning.propensity import (
    MOST,
    WIDEST,
    Exploration,
    InvalidSlate,
    first_shown,
    place_propensity,
    shown_order,
)

SLATES = arrays(float, st.integers(0, 8), elements=st.floats(-1, 1)).map(lambda s: np.sort(s)[::-1])
EXPLORATIONS = st.builds(Exploration, st.floats(0, MOST), st.floats(0, WIDEST))


@given(SLATES, EXPLORATIONS, st.integers(0, 2**32))
def test_the_order_holds_each_offer_once_and_moves_none_past_a_tie(scores, exploration, seed):
    shown = shown_order(scores, np.random.default_rng(seed), exploration)
    assert sorted(shown.order) == list(range(len(scores)))
    assert (np.abs(scores[shown.order] - scores) <= exploration.tie + 1e-12).all()


@given(SLATES, EXPLORATIONS)
def test_every_place_is_filled_once_and_a_near_tie_has_its_floor(scores, exploration):
    propensity = place_propensity(scores, exploration)
    assert propensity.sum(axis=0) == pytest.approx(1)
    assert propensity.sum(axis=1) == pytest.approx(1)
    possible = propensity[propensity > 0]
    assert (possible >= exploration.probability / max(len(scores), 1) - 1e-12).all()
    assert (np.diag(propensity) >= 1 - exploration.probability - 1e-12).all()


@given(SLATES, EXPLORATIONS, st.integers(0, 2**32))
def test_a_stored_seed_repeats_the_order(scores, exploration, seed):
    first, again = (shown_order(scores, np.random.default_rng(seed), exploration) for _ in range(2))
    assert first.order.tolist() == again.order.tolist()
    assert first.shuffled == again.shuffled


def test_the_stored_probabilities_are_those_of_the_lots():
    scores, exploration = np.array([1.0, 0.95, 0.92, 0.5, 0.45]), Exploration(0.25, 0.1)
    generator, draws = np.random.default_rng(7), 20_000
    counts = np.zeros((5, 5))
    for _ in range(draws):
        counts[shown_order(scores, generator, exploration).order, range(5)] += 1
    expected = place_propensity(scores, exploration)
    assert np.abs(counts / draws - expected).max() < 5 * 0.5 / draws**0.5


def test_the_orders_differ_from_the_ranking_by_no_more_than_the_probability():
    """Every order of two groups, enumerated: the total variation is the bound times a share."""
    exploration = Exploration(0.2, 0.1)
    groups = [[0, 1, 2], [3, 4]]
    orders = [
        tuple(itertools.chain(*parts))
        for parts in itertools.product(*(itertools.permutations(group) for group in groups))
    ]
    drawn = Counter(
        tuple(shown_order(np.array([1.0, 1.0, 1.0, 0.0, 0.0]), generator, exploration).order)
        for generator in [np.random.default_rng(3)]
        for _ in range(20_000)
    )
    assert set(drawn) == set(orders)
    moved = 1 - drawn[(0, 1, 2, 3, 4)] / drawn.total()
    assert moved <= exploration.probability
    assert moved == pytest.approx(0.2 * (1 - 1 / len(orders)), abs=0.015)


def test_the_propensity_of_what_is_shown_follows_the_order():
    generator = np.random.default_rng(0)
    shown = next(
        found
        for _ in range(1000)
        if (found := shown_order(np.array([0.3, 0.29, -2.0]), generator)).order[0] == 1
    )
    assert shown.shuffled
    assert shown.shown_propensity == pytest.approx([0.05, 0.05, 1.0])
    assert shown.first_propensity == pytest.approx([0.05, 0.95, 0.0])


@given(SLATES.filter(len), EXPLORATIONS)
def test_who_stands_first_is_the_first_column(scores, exploration):
    offered = np.ones((1, len(scores)), dtype=bool)
    found = first_shown(scores[None, :], offered, exploration)
    assert found[0] == pytest.approx(place_propensity(scores, exploration)[:, 0])


def test_nothing_that_was_not_offered_is_ever_shown():
    scores = np.array([[9.0, 1.0, np.nan], [0.0, 0.0, 3.0]])
    offered = np.array([[False, True, False], [True, True, False]])
    found = first_shown(scores, offered, Exploration(0.2, 0.1))
    assert (found[~offered] == 0).all()
    assert found.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("probability", "tie", "named"),
    [(0.3, 0.1, "probability"), (-0.1, 0.1, "probability"), (0.1, 1, "tie")],
)
def test_an_exploration_beyond_its_bounds_is_refused(probability, tie, named):
    with pytest.raises(InvalidSlate, match=named):
        Exploration(probability, tie)


@pytest.mark.parametrize("scores", [[0.0, 1.0], [np.nan], [[1.0]]])
def test_scores_that_do_not_fall_are_refused(scores):
    with pytest.raises(InvalidSlate, match="best first"):
        shown_order(np.array(scores), np.random.default_rng(0))

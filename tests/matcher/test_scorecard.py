"""The scorecard: monotone, additive and refusing what does not fit."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from matcher.features import FEATURES
from matcher.scoring.scorecard import InvalidScorecard, Scorecard, Term, probability


@pytest.fixture(scope="module")
def card(engine):
    return engine.scorecard


@given(
    which=st.integers(0, len(FEATURES) - 1),
    pair=st.lists(st.floats(-5, 1000), min_size=2, max_size=2).map(sorted),
)
def test_every_term_goes_its_declared_way(card, which, pair):
    low, high = card.terms[which](np.array(pair))
    assert (high - low) * FEATURES[which].direction >= 0


def test_straight_lines_between_knots_and_flat_beyond():
    term = Term(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 2.0]), -0.5, 0.5)
    values = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 9.0, np.nan])
    assert term(values).tolist() == [0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.0, -0.5]


def test_not_knowing_widens_the_interval_most():
    term = Term(np.array([0.0, 1.0]), np.array([0.0, 1.2]), 0.3, 0.5)
    values = np.array([0.0, 0.5, np.nan])
    spread = term.spread(values, term(values))
    assert spread == pytest.approx([0.0, 0.3, 1.2 / np.sqrt(12)])


@given(score=st.floats(-30, 30))
def test_probabilities_of_opposite_odds_add_up_to_one(score):
    assert probability(np.array(score)) + probability(np.array(-score)) == pytest.approx(1)


def test_a_higher_score_means_more_of_both_forecasts(card):
    better = [np.array([f.direction * 1e9, -f.direction * 1e9]) for f in FEATURES]
    worth = card.contributions(better)
    forecast = card.forecast(card.total(worth), card.variance(better, worth))
    for field in (forecast.retention_90d, forecast.retention_180d, forecast.low, forecast.high):
        assert field[0] > field[1]


# column, row, what is put there, what is said
SPOILT = [
    ("points", "access", "0;-0.5;-1", "points run against the direction"),
    ("points", "access", "0;1", "expected rising knots, a point each"),
    ("knots", "access", "0;0;1", "expected rising knots, a point each"),
    ("knots", "access", "1;0.5;0", "expected rising knots, a point each"),
    ("direction", "access", -1, "direction, group or unit differ"),
    ("unit", "access", "USD", "direction, group or unit differ"),
    ("feature", "access", "acess", "features and rows differ in"),
    ("feature", "base_90d", "base", "features and rows differ in"),
]


@pytest.mark.parametrize(("column", "row", "value", "said"), SPOILT)
def test_a_table_that_does_not_fit_is_refused(reference, column, row, value, said):
    table = reference.scorecard.astype({column: object})
    table.loc[table["feature"] == row, column] = value
    with pytest.raises(InvalidScorecard, match=said):
        Scorecard(table, FEATURES)


def test_a_feature_without_a_row_is_refused(reference):
    with pytest.raises(InvalidScorecard, match="access"):
        Scorecard(reference.scorecard[reference.scorecard["feature"] != "access"], FEATURES)

"""Known outcomes stand for those that were lost, by the visits that each took to be known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.columns import Floats
from matcher.learning.outcomes import VISIT_DAYS
from matcher.learning.placements import labels, retained


def test_known_outcomes_stand_for_those_that_were_lost() -> None:
    # ten placed; two lost after no visit, so eight stand for ten
    days = np.array([0.0, 0, 10, 20, 365, 365, 180, 365, 365, 365])
    cause = np.array([0, 0, 2, 3, 0, 0, 0, 0, 0, 0])
    known = labels(days, cause, 180)
    assert known.row.tolist() == list(range(2, 10))
    assert known.retained.tolist() == [0, 0, 1, 1, 1, 1, 1, 1]
    assert known.weight.sum() == pytest.approx(10.0)


def test_an_early_end_needs_fewer_visits_and_stands_for_fewer() -> None:
    # one of four is lost before each visit: who left before the first needed one visit only
    days, cause = np.array([0.0, 20, 90, 90, 30, 90]), np.array([0, 1, 0, 0, 0, 0])
    known = labels(days, cause, 90)
    left, *stayed = known.weight[np.argsort(known.retained)]
    assert left == pytest.approx(6 / 5)
    assert stayed == pytest.approx([6 / 5 * 4 / 3] * 3)


@given(
    st.lists(st.tuples(st.sampled_from([0, 30, 90, 180, 365]), st.integers(0, 3)), min_size=1),
    st.sampled_from(VISIT_DAYS),
)
def test_nobody_stands_for_less_than_herself_and_all_for_everybody(
    courses: list[tuple[int, int]], horizon: int
) -> None:
    drawn = np.array(courses)
    days, cause = np.maximum(drawn[:, 0], drawn[:, 1] > 0).astype(float), drawn[:, 1]
    known = labels(days, cause, horizon)
    assert (known.weight >= 1.0 - 1e-12).all()
    assert np.array_equal(known.row, np.flatnonzero(~np.isnan(retained(days, cause, horizon))))
    assert known.weight.sum() <= len(days) + 1e-9


def test_weights_give_back_the_share_that_stayed() -> None:
    dice = np.random.default_rng(2)
    left_on: Floats = np.where(dice.random(40_000) < 0.6, 1e9, dice.uniform(1, 90, 40_000))
    made = (dice.random((40_000, 2)) < 0.7).cumprod(axis=1).sum(axis=1)
    last = np.array([0.0, 30, 90])[made]
    told = left_on <= last
    days, cause = np.where(told, np.ceil(left_on), last), told.astype(np.int64)
    known = labels(days, cause, 90)
    assert np.average(known.retained, weights=known.weight) == pytest.approx(0.6, abs=0.01)
    assert known.retained.mean() < 0.58

"""Competing outcomes: shares that are shares, and lost is never counted as safe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.columns import Floats
from matcher.learning import (
    OutcomeModel,
    Prior,
    aalen_johansen,
    lost_counted_safe,
    one_minus_kaplan_meier,
)
from matcher.learning.outcome_rows import Windows, person_periods
from tests.matcher.learning.conftest import features_like

VISITS = (30, 90, 180, 365)


def _placements(rows: int, seed: int, losing: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Features, what happened, and what is known of it: who does badly is lost more."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=(rows, 2))
    rate = np.exp(-6.0 + 0.9 * x[:, 0])
    day = np.ceil(dice.exponential(1 / rate))
    cause = np.where(dice.random(rows) < 0.6, 2, 1)
    day, cause = np.where(day > 365, 365, day), np.where(day > 365, 0, cause)
    missed = dice.random((rows, 4)) < losing * np.exp(x[:, :1])
    last = np.where(missed.any(axis=1), np.r_[0, VISITS][missed.argmax(axis=1)], 365)
    known = (cause > 0) & (day <= last)
    truth = np.column_stack([day, cause])
    return x, truth, np.where(known, day, last), np.where(known, cause, 0)


def test_shares_follow_the_truth_though_many_are_lost() -> None:
    errors = []
    for seed in range(4):
        x, truth, days, cause = _placements(2_000, seed, losing=0.07)
        happened = lost_counted_safe(truth[:, 0], truth[:, 1], VISITS)
        found = OutcomeModel().fit(x, days, cause).cumulative_incidence(x, VISITS)
        errors.append([found[c].mean(axis=0) - happened[c] for c in (1, 2)])
    assert np.abs(np.mean(errors, axis=0)).max() < 0.015
    assert np.abs(errors).max() < 0.03


def test_what_misleads_misleads_the_way_it_is_said_to() -> None:
    _, truth, days, cause = _placements(4_000, 5, losing=0.07)
    happened = lost_counted_safe(truth[:, 0], truth[:, 1], [365])
    for c in (1, 2):
        assert (
            one_minus_kaplan_meier(days, cause, [365])[c]
            > aalen_johansen(days, cause, [365])[c] + 0.01
        )
        assert lost_counted_safe(days, cause, [365])[c] < happened[c] - 0.01


def test_without_features_it_is_the_aalen_johansen_curve() -> None:
    x, _, days, cause = _placements(2_000, 6, losing=0.0)
    curve = aalen_johansen(days, cause, VISITS)
    found = OutcomeModel().fit(np.zeros((len(x), 1)), days, cause)
    shares = found.cumulative_incidence(np.zeros((1, 1)), VISITS)
    for c in (1, 2):
        assert shares[c][0] == pytest.approx(curve[c], abs=0.01)


def test_aalen_johansen_by_hand() -> None:
    curve = aalen_johansen([10, 20, 20, 30, 40], [1, 0, 2, 1, 0], [9, 10, 20, 30])
    assert curve[1] == pytest.approx([0, 0.2, 0.2, 0.2 + 0.6 * 0.5])
    assert curve[2] == pytest.approx([0, 0, 0.8 * 0.25, 0.2])


@given(seed=st.integers(0, 10_000))
def test_shares_rise_with_time_and_never_add_up_to_more_than_one(seed: int) -> None:
    x, _, days, cause = _placements(60, seed, losing=0.1)
    cause[:3], days[:3] = [1, 2, 0], [20, 50, 365]
    model = OutcomeModel().fit(x, days, cause)
    at = np.sort(np.random.default_rng(seed).uniform(0, 365, 6))
    shares = model.cumulative_incidence(x, at)
    assert (np.sum(list(shares.values()), axis=0) <= 1 + 1e-12).all()
    for share in shares.values():
        assert (np.diff(share, axis=1) >= -1e-12).all()
    assert model.retention(x, [0]) == pytest.approx(1.0)


def test_retention_is_what_nobody_left_takes() -> None:
    x, _, days, cause = _placements(500, 7, losing=0.05)
    model = OutcomeModel().fit(x, days, cause)
    shares = model.cumulative_incidence(x, [90, 180])
    assert model.retention_90d(x) == pytest.approx(1 - shares[1][:, 0] - shares[2][:, 0])
    assert model.retention_180d(x) == pytest.approx(1 - shares[1][:, 1] - shares[2][:, 1])


def test_intervals_lie_around_the_shares_and_narrow_with_more_outcomes() -> None:
    widths = []
    for rows in (150, 1_500):
        x, _, days, cause = _placements(rows, 8, losing=0.05)
        model = OutcomeModel().fit(x, days, cause)
        ends = model.incidence_interval(x[:50], [180])[2]
        share = model.cumulative_incidence(x[:50], [180])[2]
        assert ((ends[..., 0] < share) & (share < ends[..., 1])).mean() > 0.95
        widths.append(np.ptp(ends, axis=-1).mean())
    assert widths[1] < 0.6 * widths[0]


def test_hazards_keep_their_directions() -> None:
    x, _, days, cause = _placements(300, 9, losing=0.05)
    model = OutcomeModel(directions={2: [1, -1]}).fit(x, days, cause)
    terms = model.hazards_[2].terms_
    assert (np.diff(terms[0].points) >= 0).all()
    assert (np.diff(terms[1].points) <= 0).all()


def test_an_expert_counts_as_one_more_column(expert: Prior) -> None:
    dice = np.random.default_rng(10)
    x = features_like(expert, 200, dice)
    days, cause = dice.integers(1, 365, 200), dice.integers(0, 3, 200)
    model = OutcomeModel(prior=expert).fit(x, days, cause)
    assert model.hazards_[1].n_features_in_ == x.shape[1] + 2
    assert model.retention_90d(x).shape == (200,)


def test_who_is_lost_counts_as_long_as_she_was_seen() -> None:
    rows = person_periods(Windows(VISITS), np.array([30.0, 60.0, 40.0]), np.array([0, 0, 2]))
    assert rows.person.tolist() == [0, 0, 1, 1, 2, 2]
    assert rows.window.tolist() == [0, 1, 0, 1, 0, 1]
    assert rows.cause.tolist() == [0, 0, 0, 0, 0, 2]
    assert rows.seen.tolist() == [1, 0, 1, 0.5, 1, 1]


REFUSED = [
    ([1, 2], [0, 1, 2], "expected shape"),
    ([1, -2, 3], [0, 1, 2], "days, row 1"),
    ([1, 2, 3], [0, 1, 1.5], "cause, row 2"),
    ([0, 2, 3], [1, 1, 2], "a day after 0"),
    ([30, 365, 3], [0, 0, 0], "somebody who left"),
]


@pytest.mark.parametrize(("days", "cause", "said"), REFUSED)
def test_what_can_not_be_is_refused(days: list[float], cause: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        OutcomeModel().fit(np.eye(3), days, cause)


def test_nothing_is_said_beyond_the_last_visit() -> None:
    x, _, days, cause = _placements(100, 11, losing=0.0)
    with pytest.raises(ValueError, match="expected 0 to 365"):
        OutcomeModel().fit(x, days, cause).cumulative_incidence(x, [400])

"""Calibration, groups and abstention keep what they promise, in the smallest group too."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.columns import Floats
from matcher.learning import (
    GroupConformal,
    RetentionModel,
    Verdict,
    expected_calibration_error,
    group_report,
    out_of_fold,
    reliability,
    widest_gaps,
    wilson_interval,
)


def _forecasts(rows: int, seed: int, off: float = 0.0) -> tuple[Floats, Floats]:
    dice = np.random.default_rng(seed)
    said = dice.beta(3, 2, rows)
    return (dice.random(rows) < np.clip(said - off, 0, 1)).astype(float), said


def test_wilsons_interval_by_hand() -> None:
    low, high = wilson_interval([0, 5, 0], [10, 10, 0])
    assert low == pytest.approx([0, 0.2366, 0], abs=1e-4)
    assert high == pytest.approx([0.2775, 0.7634, 1], abs=1e-4)


def test_a_reliability_table_holds_every_row_once_and_rises() -> None:
    table = reliability(*_forecasts(500, 1))
    assert table["n"].sum() == 500
    assert table["said"].is_monotonic_increasing
    assert ((table["low"] <= table["came_true"]) & (table["came_true"] <= table["high"])).all()


def test_right_forecasts_have_little_error_and_wrong_ones_have_theirs() -> None:
    right = [expected_calibration_error(*_forecasts(400, s), draws=200) for s in range(40)]
    wrong = [expected_calibration_error(*_forecasts(400, s, 0.15), draws=200) for s in range(40)]
    assert np.mean([e.value for e in right]) < 0.02
    assert np.mean([e.low < 0.01 for e in right]) > 0.9
    assert np.mean([e.value for e in wrong]) == pytest.approx(0.1495, abs=0.015)
    assert np.mean([e.low <= 0.1495 <= e.high for e in wrong]) > 0.85


def test_the_plain_error_is_the_textbooks() -> None:
    found = expected_calibration_error([1, 1, 0, 0], [0.8, 0.8, 0.3, 0.3], 2, less_chance=False)
    assert found.value == pytest.approx(0.25)


@given(seed=st.integers(0, 10_000), rows=st.integers(0, 60))
def test_tiny_groups_never_break_a_report(seed: int, rows: int) -> None:
    dice = np.random.default_rng(seed)
    outcome, said = _forecasts(rows, seed)
    groups = pd.DataFrame(
        {
            "sex": dice.choice(["m", "f"], rows),
            "province": dice.integers(1, 26, rows),
            "disability": dice.choice([1.0, np.nan], rows),
        }
    )
    report = group_report(outcome, said, groups)
    if rows:
        sizes = report["n"].groupby(level="attribute").sum()
        assert (sizes == rows).all()
    assert (report["shown"] == (report["n"] >= 10)).all()
    assert report.loc[~report["shown"], "log_loss"].isna().all()
    shown = report[report["shown"]]
    assert (shown["log_loss_low"] <= shown["log_loss"]).all()
    if rows:
        widest_gaps(report)


def test_a_group_that_the_model_thinks_too_little_of_stands_out() -> None:
    outcome, said = _forecasts(2_000, 3)
    group = np.arange(2_000) % 2
    said = np.where(group == 1, said * 0.7, said)
    report = group_report(outcome, said, pd.DataFrame({"sex": group}))
    assert report.loc[("sex", "1"), "surplus_low"] > 0.1
    assert abs(report.loc[("sex", "0"), "surplus"]) < 0.05
    assert widest_gaps(report).loc["sex", "surplus"] > 0.1


def test_sets_hold_what_happens_as_often_as_promised_in_each_group() -> None:
    held: dict[str, list[float]] = {"a": [], "b": []}
    for seed in range(100):
        outcome, said = _forecasts(1_200, seed)
        group = np.where(np.random.default_rng(seed).random(1_200) < 0.2, "b", "a")
        said = np.where(group == "b", 1 - said, said)
        sure = GroupConformal(0.9).fit(outcome[:600], said[:600], group[:600])
        sets = sure.decide(said[600:], group[600:]).sets
        hit = sets[np.arange(600), outcome[600:].astype(int)]
        for name, hits in held.items():
            hits.append(hit[group[600:] == name].mean())
    assert {name: np.mean(hits) for name, hits in held.items()} == pytest.approx(
        {"a": 0.9, "b": 0.9}, abs=0.015
    )


def test_a_group_too_small_is_pooled_and_says_so() -> None:
    outcome, said = _forecasts(200, 4)
    group = np.where(np.arange(200) < 5, "small", "large")
    sure = GroupConformal(0.9).fit(outcome, said, group)
    told = sure.decide([0.9, 0.9, 0.9], ["small", "large", "never seen"])
    assert told.pooled.tolist() == [True, False, True]


def test_with_hardly_any_rows_everything_is_undecided() -> None:
    told = GroupConformal(0.9).fit([1, 0], [0.9, 0.1], ["a", "a"]).decide([0.99], ["a"])
    assert told.sets.tolist() == [[True, True]]
    assert told.undecided.tolist() == [True]


def test_neither_outcome_being_usual_is_undecided_too() -> None:
    said = np.r_[np.full(50, 0.05), np.full(50, 0.95)]
    sure = GroupConformal(0.8).fit(said > 0.5, said, ["a"] * 100)
    told = sure.decide([0.5, 0.97], ["a", "a"])
    assert told.sets[0].tolist() == [False, False]
    assert told.verdict.tolist() == [Verdict.UNDECIDED, Verdict.LASTS]


def test_out_of_fold_probabilities_spend_no_rows() -> None:
    dice = np.random.default_rng(5)
    x = dice.normal(size=(200, 2))
    outcome = (dice.random(200) < 1 / (1 + np.exp(-2 * x[:, 0]))).astype(float)
    said = out_of_fold(RetentionModel(), x, outcome)
    told = GroupConformal(0.9).fit(outcome, said, ["a"] * 200).decide(said, ["a"] * 200)
    assert told.sets[np.arange(200), outcome.astype(int)].mean() > 0.89


REFUSED = [
    ([0, 2], [0.5, 0.5], "outcome, row 1"),
    ([0, 1], [0.5, 1.5], "probability, row 1"),
    ([0, 1], [0.5], "same number"),
]


@pytest.mark.parametrize(("outcome", "said", "why"), REFUSED)
def test_what_is_no_forecast_is_refused(outcome: list[int], said: list[float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        reliability(outcome, said)

"""Drift: what moved is told with its day; nothing is told where nothing moved or n is small."""

import numpy as np
import pytest

from matcher.learning.drift import Kind, Series, drift

SINCE = "2026-01-01"


def days(n=400):
    return np.datetime64("2025-07-01") + np.arange(n) * 360 // n


def world(seed, n=400, columns=8):
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((columns, n))
    inputs = [Series(f"x{k}", Kind.INPUT, values, days(n)) for k, values in enumerate(drawn)]
    outcome = (rng.random(n) < 0.6).astype(float)
    outcome[rng.random(n) < 0.3] = np.nan
    return [
        *inputs,
        Series("score", Kind.SCORE, drawn.sum(axis=0), days(n)),
        Series("outcome", Kind.OUTCOME, outcome, days(n)),
    ]


def test_where_nothing_moves_an_alarm_is_as_rare_as_promised():
    """One in a hundred reports is allowed; more than 8 of 300 would come once in 250 runs."""
    alarms = sum(bool(drift(world(seed), SINCE).moves) for seed in range(300))
    assert alarms <= 8


@pytest.mark.parametrize("changed", ["2026-01-10", "2026-03-01"])
def test_what_moved_is_told_with_its_day(changed):
    series = world(1)
    moved = series[2].values + 1.5 * (series[2].days >= np.datetime64(changed))
    series[2] = Series("x2", Kind.INPUT, moved, series[2].days)
    found = drift(series, SINCE)
    assert [move.name for move in found.moves] == ["x2"]
    gap = np.datetime64(found.moves[0].since) - np.datetime64(changed)
    assert abs(gap.astype(int)) <= 10
    assert found.messages[0].startswith("x2 moved from")
    assert "since about 2026" in found.messages[0]


def test_a_column_that_is_no_longer_asked_is_told():
    series = world(2)
    values = np.where(days() >= np.datetime64("2026-02-01"), np.nan, series[0].values)
    values[::7] = np.nan
    series[0] = Series("x0", Kind.INPUT, values, days())
    found = drift([*series], "2025-12-01")
    assert [(move.name, move.what) for move in found.moves] == [("x0", "unknown")]


def test_outcomes_that_fall_are_told():
    series = world(3, n=1200)
    rng, later = np.random.default_rng(0), days(1200) >= np.datetime64(SINCE)
    outcome = (rng.random(1200) < np.where(later, 0.4, 0.7)).astype(float)
    series[-1] = Series("outcome", Kind.OUTCOME, outcome, days(1200))
    assert [move.kind for move in drift(series, SINCE).moves] == [Kind.OUTCOME]


def test_with_few_values_nothing_is_alarmed_and_that_is_said():
    series = [Series("x", Kind.INPUT, np.arange(60.0), days(60))]
    found = drift(series, SINCE)
    assert found.moves == ()
    assert found.messages == [
        "Nothing moved beyond chance.",
        "Too few values (under 50) to tell: x.",
    ]

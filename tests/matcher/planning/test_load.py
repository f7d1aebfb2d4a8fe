"""Officers' time as a resource of a plan."""

import numpy as np
import pytest

from matcher.planning import InvalidPlanInput, PinConflict, Reason, Status, assign, audit_plan
from matcher.planning.errors import PlanAuditError

SCORE = np.array([[0.9, 0.5], [0.8, 0.5], [0.7, 0.2]])
SEATS = [3, 3]


def test_each_officer_takes_on_no_more_than_there_is_time_for() -> None:
    plan = assign(SCORE, SEATS, officer=[0, 0, 1], load=[1, 1])
    assert plan.assignment.tolist() == [0, -1, 0]
    assert plan.status is Status.OPTIMAL
    assert plan.load_price[0, 0] == pytest.approx(0.8)
    assert plan.unplaced[0].reason is Reason.NO_TIME
    audit_plan(plan, SCORE, SEATS, officer=[0, 0, 1], load=[1, 1])


def test_who_finds_no_time_in_one_week_starts_in_another() -> None:
    terms = {"officer": [0, 0, 0], "week": [0, 1], "load": [[1, 2]]}
    plan = assign(SCORE, SEATS, **terms)
    assert plan.assignment.tolist() == [1, 1, 0]
    audit_plan(plan, SCORE, SEATS, **terms)


def test_whose_time_is_not_limited_is_placed_freely() -> None:
    plan = assign(SCORE, SEATS, officer=[-1, 0, -1], week=[0, -1], load=[[0]])
    assert plan.assignment.tolist() == [0, 1, 0]


def test_time_and_money_bind_together_and_the_bound_is_proven() -> None:
    rng = np.random.default_rng(3)
    score, cost = rng.random((60, 20)), 100 * rng.random((60, 20))
    terms = {
        "cost": cost, "fund": rng.integers(0, 2, 20), "budget": [400.0, 300.0],
        "officer": rng.integers(0, 3, 60), "week": rng.integers(0, 4, 20),
        "load": np.full((3, 4), 2.0),
    }  # fmt: skip
    plan = assign(score, np.full(20, 4), **terms)
    assert audit_plan(plan, score, np.full(20, 4), **terms).gap < 0.02
    assert plan.gap <= 1e-4


def test_pins_beyond_an_officers_time_are_refused_by_name() -> None:
    with pytest.raises(PinConflict, match="officer 0 2 placements"):
        assign(SCORE, SEATS, officer=[0, 0, 1], load=[1, 1], pins=[(0, 0), (1, 1)])


def test_an_audit_sees_an_overburdened_officer() -> None:
    free = assign(SCORE, SEATS)
    with pytest.raises(PlanAuditError, match="officer 0, week 0: 3 placements, time for 2"):
        audit_plan(free, SCORE, SEATS, officer=[0, 0, 0], load=[2])


@pytest.mark.parametrize(
    "terms",
    [
        {"load": [1]},
        {"officer": [0, 0, 0]},
        {"officer": [0, 0, 1], "load": [1]},
        {"officer": [0, 0, -2], "load": [1]},
        {"officer": [0, 0, 0], "load": [-1]},
        {"officer": [0, 0, 0], "load": [[1, 1]]},
        {"officer": [0, 0, 0], "week": [0, 0], "load": [1]},
        {"officer": [0.5, 0, 0], "load": [1]},
    ],
)
def test_loads_that_mean_nothing_are_refused(terms) -> None:
    with pytest.raises(InvalidPlanInput, match="expected"):
        assign(SCORE, SEATS, **terms)

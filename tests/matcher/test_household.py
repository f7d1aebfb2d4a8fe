"""Net income, the poverty line, and incomes that fail together."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from matcher.household import (
    PovertyLine,
    diversification_ratio,
    income_variance,
    joint_risk,
    net_monthly_income,
)

loadings = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(np.array)
FLOOD, HEAT = np.eye(4)[0], np.eye(4)[2]


@pytest.mark.parametrize(
    ("income", "loss", "transport", "debt", "childcare", "net"),
    [
        (200, 0.0, 0, 0, 0, 200),
        (200, 0.1, 20, 30, 15, 115),
        (200, np.nan, np.nan, np.nan, np.nan, 200),
        (100, 0.5, 80, 0, 0, -30),
    ],
)
def test_what_is_left_of_an_income(income, loss, transport, debt, childcare, net):
    numbers = map(np.float64, (income, loss, transport, debt, childcare))
    assert net_monthly_income(*numbers) == pytest.approx(net)


def test_an_unknown_income_stays_unknown():
    assert np.isnan(net_monthly_income(*map(np.float64, (np.nan, 0, 0, 0, 0))))


def test_the_poverty_line_is_a_persons_month_in_dollars(knowledge):
    line = PovertyLine(knowledge.parameters)
    assert line.usd_a_month == pytest.approx(10_951 * 1.2 * 365.25 / 12 / 4100)
    four = np.float64(4), np.float64(4 * line.usd_a_month)
    assert line.ratio(four[1], four[0]) == pytest.approx(1.0)
    assert np.isnan(line.ratio(np.float64(100), np.float64(np.nan)))


@given(own=loadings, other=loadings)
def test_the_joint_risk_of_two_halves_is_the_portfolio_formula(knowledge, own, other):
    matrix = np.maximum(knowledge.climate.correlation, 0)
    both, halves = np.stack([own, other]), np.array([0.5, 0.5])
    variance = income_variance(halves, both, matrix, 0.25)
    idiosyncratic = np.array([0.25**2])
    risk = joint_risk(halves[:1], own[None], other[None], idiosyncratic, matrix, 0.25)
    assert risk[0] == pytest.approx(np.sqrt(variance), abs=1e-12)


@given(own=loadings, more=loadings, other=loadings)
def test_more_exposure_never_looks_like_less_risk(knowledge, own, more, other):
    matrix, half, apart = knowledge.climate.correlation, np.array([0.5]), np.array([0.0625])
    before = joint_risk(half, own[None], other[None], apart, matrix, 0.25)
    after = joint_risk(half, np.maximum(own, more)[None], other[None], apart, matrix, 0.25)
    assert after[0] >= before[0] - 1e-12


def test_a_second_income_that_floods_with_the_first_is_worth_less(knowledge):
    matrix, half, apart = knowledge.climate.correlation, np.array([0.5]), np.array([0.0625])
    same = joint_risk(half, FLOOD[None], FLOOD[None], apart, matrix, 0.25)
    other = joint_risk(half, HEAT[None], FLOOD[None], apart, matrix, 0.25)
    assert other[0] < same[0]


@given(rows=st.lists(loadings, min_size=1, max_size=4))
def test_incomes_together_are_never_riskier_than_apart(knowledge, rows):
    weights = np.full(len(rows), 1 / len(rows))
    ratio = diversification_ratio(weights, np.stack(rows), knowledge.climate.correlation, 0.25)
    assert ratio >= 1 - 1e-12

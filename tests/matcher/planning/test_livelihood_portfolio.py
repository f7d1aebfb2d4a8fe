"""The household portfolio: nothing efficient is missed, nothing kept that is beaten."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from matcher import Caseload
from matcher.household import income_variance
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.household_portfolio import household_frontier
from matcher.planning.livelihood_portfolio import (
    MAIN_SHARES,
    NO_SIDE,
    Choices,
    Means,
    income_risk_frontier,
)

FULL = 26.0


@st.composite
def households(draw):
    dice = np.random.default_rng(draw(st.integers(0, 10_000)))
    n, k = draw(st.integers(1, 5)), draw(st.integers(0, 2))
    choices = Choices(
        dice.integers(1, 6, n) * 50.0, np.full(n, FULL), dice.integers(0, 4, n) * 100.0,
        dice.integers(0, 3, n) * 50.0, dice.random((n, 4)).round(1),
    )  # fmt: skip
    means = Means(
        draw(st.sampled_from([13.0, 26.0, 52.0])), draw(st.sampled_from([0.0, 200.0, 600.0])),
        100.0, dice.integers(1, 3, k) * 40.0, dice.random((k, 4)).round(1),
    )  # fmt: skip
    return choices, means


def every_portfolio(choices, means, correlation, spread):
    """Return (income, risk) of every portfolio by the textbook formula, one at a time."""
    n = len(choices.income_usd)
    for main in range(n):
        for side in range(-1, n):
            rows = [main] if side < 0 else [main, side]
            if main == side or choices.start_usd[rows].sum() > means.capital_usd:
                continue
            if choices.land_m2[rows].sum() > means.land_m2:
                continue
            for share in MAIN_SHARES:
                if (side < 0) != (share == 1.0):
                    continue
                days = [min(FULL, part * means.labour_days) for part in (share, 1 - share)]
                own = [choices.income_usd[r] * d / FULL for r, d in zip(rows, days, strict=False)]
                incomes = np.array([*own, *means.income_usd])
                loadings = np.vstack([choices.loadings[rows], means.loadings])
                variance = income_variance(incomes / incomes.sum(), loadings, correlation, spread)
                yield incomes.sum(), np.sqrt(max(variance, 0.0))


@given(households())
def test_the_frontier_is_what_no_portfolio_beats(knowledge, household):
    correlation = knowledge.climate.correlation
    found = income_risk_frontier(*household, correlation, 0.25)
    every = list(every_portfolio(*household, correlation, 0.25))
    efficient = {
        (round(income, 6), round(risk, 6))
        for income, risk in every
        if not any(
            (i >= income - 1e-9 and r < risk - 1e-9) or (i > income + 1e-9 and r <= risk + 1e-9)
            for i, r in every
        )
    }
    assert {(round(p.income_usd, 6), round(p.risk, 6)) for p in found} == efficient


@given(households())
def test_every_portfolio_keeps_to_the_means(knowledge, household):
    choices, means = household
    for p in income_risk_frontier(*household, knowledge.climate.correlation, 0.25):
        assert p.start_usd <= means.capital_usd
        assert p.main_days + p.side_days <= means.labour_days + 1e-9
        assert p.main != p.side
        assert p.main_days <= choices.full_days[p.main]


@given(households())
def test_more_capital_never_lowers_the_greatest_income(knowledge, household):
    choices, means = household
    richer = Means(means.labour_days, means.capital_usd + 300, means.land_m2, means.income_usd,
                   means.loadings)  # fmt: skip
    before, after = (
        max((p.income_usd for p in income_risk_frontier(
            choices, m, knowledge.climate.correlation, 0.25)), default=0.0)
        for m in (means, richer)
    )  # fmt: skip
    assert after >= before


def test_two_that_flood_together_are_not_side_by_side():
    flood, heat = [1.0, 0, 0, 0], [0, 0, 1.0, 0]
    alike = Choices(np.full(3, 100.0), np.full(3, FULL), np.zeros(3), np.zeros(3),
                    np.array([flood, flood, heat]))  # fmt: skip
    means = Means(FULL, 0.0, 0.0, np.empty(0), np.empty((0, 4)))
    [best] = income_risk_frontier(alike, means, np.eye(4), 0.25)
    assert {best.main, best.side} in ({0, 2}, {1, 2})
    assert best.main_days == best.side_days == FULL / 2


def test_unknown_means_are_refused():
    none = Choices(np.empty(0), np.empty(0), np.empty(0), np.empty(0), np.empty((0, 4)))
    means = Means(FULL, np.nan, 0.0, np.empty(0), np.empty((0, 4)))
    with pytest.raises(InvalidPlanInput, match="capital_usd: expected a known amount"):
        income_risk_frontier(none, means, np.eye(4), 0.25)


def test_a_client_is_shown_nothing_she_excludes(knowledge, make_client):
    client = make_client(
        excluded_livelihoods=["pigs"], capital_usd=100, land_m2=3000, has_water=True
    )
    found = household_frontier(Caseload.from_records([client]), 0, knowledge, grant_usd=600)
    assert found
    assert all("pigs" not in (pair.main, pair.side) for pair in found)
    incomes = [pair.portfolio.income_usd for pair in found]
    risks = [pair.portfolio.risk for pair in found]
    assert incomes == sorted(incomes, reverse=True)
    assert risks == sorted(risks, reverse=True)
    assert all(pair.portfolio.start_usd <= 700 for pair in found)
    assert any(pair.portfolio.side != NO_SIDE for pair in found)


def test_who_has_not_been_asked_is_shown_nothing(knowledge, make_client):
    client = make_client(excluded_livelihoods=None)
    assert household_frontier(Caseload.from_records([client]), 0, knowledge, grant_usd=600) == []

"""The minimum wage is law in its sector, in its year."""

import datetime as dt

import pandas as pd
import pytest

from matcher.market import Market
from matcher.safety import screen
from matcher.safety.facts import wage_floors


@pytest.mark.parametrize(
    ("year", "floor"),
    [
        # A year of the table; a year after its last; no year known; a year between.
        (2024, 204.0),
        (2025, 208.0),
        (2030, 210.0),
        (None, 210.0),
    ],
)
def test_the_floor_is_that_of_the_year_or_the_newest_before_it(wages, year, floor):
    assert wage_floors(wages, year) == {"garment": floor}


def test_before_the_first_year_there_is_no_floor(wages):
    assert wage_floors(wages, 2023) == {}


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        # The low end decides; a high end below the floor is enough; above it tells nothing.
        (209.0, 300.0, "below_minimum_wage"),
        (None, 209.0, "below_minimum_wage"),
        (None, 300.0, "minimum_wage_unknown"),
        (None, None, "minimum_wage_unknown"),
    ],
)
def test_the_low_end_of_a_range_is_judged(offer, codes, low, high, code):
    record = offer(sector="garment", monthly_wage_usd=low, monthly_wage_max_usd=high)
    assert codes(record) == {code}


def test_the_evidence_states_wage_floor_and_sector(offer, judge):
    (flag,) = judge(offer(sector="garment", monthly_wage_usd=200.0)).flags("O-1")
    assert flag.evidence == {"monthly_wage_usd": 200.0, "limit": 210.0, "sector": "garment"}


def test_the_year_is_that_of_the_market(offer, judge):
    record = offer(sector="garment", monthly_wage_usd=205.0)
    assert judge(record, as_of=dt.date(2024, 5, 1)).verdict[0] == "clear"
    assert judge(record, as_of=dt.date(2025, 5, 1)).verdict[0] == "block"


@pytest.mark.parametrize("table", [None, pd.DataFrame(columns=["year", "sector", "monthly_usd"])])
def test_without_a_table_a_garment_wage_goes_to_review(offer, table):
    market = Market.from_records(
        [offer(sector="garment", monthly_wage_usd=50.0)], dt.date(2026, 11, 23)
    )
    result = screen(market, minimum_wages=table)
    assert [flag.code for flag in result.flags("O-1")] == ["minimum_wage_unknown"]
    assert result.verdict[0] == "review"

"""Hazards, what they put at risk, and what they become."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from matcher.climate import NOW, YEARS, loss_share
from matcher.vocabulary import HAZARDS

four = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(np.array)


@pytest.mark.parametrize(
    ("hazard", "sensitivity", "loss"),
    [
        ([0, 0, 0, 0], [1, 1, 1, 1], 0.0),
        ([1, 1, 1, 1], [0, 0, 0, 0], 0.0),
        ([1, 0, 0, 0], [1, 0, 0, 0], 1.0),
        ([0.5, 0.5, 0, 0], [1, 1, 0, 0], 0.75),
        ([2 / 3, 0, 0, 0], [0.75, 0, 0, 0], 0.5),
    ],
)
def test_the_share_at_risk(hazard, sensitivity, loss):
    assert loss_share(np.array(hazard), np.array(sensitivity)) == pytest.approx(loss)


@given(hazard=four, more=four, sensitivity=four)
def test_more_of_any_hazard_never_risks_less(hazard, more, sensitivity):
    before = loss_share(hazard, sensitivity)
    after = loss_share(np.maximum(hazard, more), sensitivity)
    assert 0 <= before <= after + 1e-12 <= 1 + 1e-12


def test_an_unknown_hazard_is_an_unknown_loss():
    assert np.isnan(loss_share(np.array([np.nan, 0, 0, 0]), np.zeros(4)))


def test_hazards_never_fall_in_the_scenarios(knowledge):
    now, soon, late = (knowledge.climate.hazard[year] for year in YEARS)
    assert (now <= soon).all()
    assert (soon <= late).all()
    assert late.min() >= 0
    assert late.max() <= 1


@pytest.mark.parametrize(
    ("hazard", "level", "in_2050"),
    [
        ("heat", 1, 2),
        ("heat", 4, 4),
        ("flood", 2, 2),
        ("flood", 3, 4),
        ("drought", 3, 4),
        ("drought", 2.9, 2.9),
        ("wind", 3, 3),
    ],
)
def test_scenarios_raise_what_is_high(with_tables, reference, hazard, level, in_2050):
    table = reference.hazards.assign(level=1.0)
    table.loc[(table["hazard"] == hazard) & (table["place"] == "12"), "level"] = level
    climate = with_tables(hazards=table).knowledge
    place, axis = np.array([climate.geography.index("12")]), HAZARDS.index(hazard)
    assert climate.climate.at(place, NOW)[0, axis] == pytest.approx((level - 1) / 3)
    assert climate.climate.at(place, 2050)[0, axis] == pytest.approx((in_2050 - 1) / 3)
    assert climate.climate.at(place, 2030)[0, axis] == pytest.approx(
        (level + 0.3 * (in_2050 - level) - 1) / 3
    )


def test_a_commune_of_its_own_level_differs_from_its_province(with_tables, reference):
    row = reference.hazards[reference.hazards["hazard"] == "flood"].iloc[:1]
    own = row.assign(place="120101", level=4.0, confidence="high")
    province = reference.hazards["level"].where(reference.hazards["hazard"] != "flood", 1.0)
    table = pd.concat([reference.hazards.assign(level=province), own])
    knowledge = with_tables(hazards=table).knowledge
    flood = HAZARDS.index("flood")
    codes = ["120101", "12010101", "1201", "120109", "12"]
    levels = knowledge.climate.at(knowledge.geography.indices(codes))[:, flood]
    assert levels.tolist() == [1, 1, 0, 0, 0]


def test_an_unknown_place_has_unknown_hazards(knowledge):
    assert np.isnan(knowledge.climate.at(np.array([-1]))).all()


def test_two_adaptations_against_a_hazard_work_one_after_the_other(with_tables, reference):
    both = pd.DataFrame(
        [("rice", "early", "flood", 0.5), ("rice", "dike", "flood", 0.2)],
        columns=["livelihood", "adaptation", "hazard", "credit"],
    )
    climate = with_tables(adaptations=both).knowledge.climate
    flood = HAZARDS.index("flood")
    assert climate.credit("rice", ("early", "dike"))[flood] == pytest.approx(0.6)
    assert climate.credit("rice", ("dike", "no such"))[flood] == pytest.approx(0.2)
    assert climate.credit("pigs", ("early",)).tolist() == [0, 0, 0, 0]
    assert climate.credit("rice", None).tolist() == [0, 0, 0, 0]
    assert climate.credit(None, ("early",)).tolist() == [0, 0, 0, 0]


def test_hazards_that_nothing_is_rated_against_are_left_out(knowledge):
    assert knowledge.climate.correlation.shape == (4, 4)
    np.testing.assert_array_equal(knowledge.climate.correlation, knowledge.climate.correlation.T)
    assert np.linalg.eigvalsh(knowledge.climate.correlation).min() > 0

"""Opportunities as columns, as they stand on a day."""

import datetime as dt

import numpy as np
import pytest

from matcher import InvalidRecords, Market


def problem_of(*records, as_of=None):
    with pytest.raises(InvalidRecords) as caught:
        Market.from_records(records, as_of)
    (problem,) = caught.value.problems
    return problem.row, problem.field, problem.expected


def vacancy(name="V", **changes):
    return {"opportunity_id": name, "kind": "vacancy", "title": "Tailor", **changes}


def test_an_offer_is_an_id_a_kind_and_a_title():
    market = Market.from_records([vacancy()])
    assert market.record(0) == vacancy()
    for field in ("opportunity_id", "kind", "title"):
        assert problem_of({**vacancy(), field: None})[1] == field


def test_without_a_day_it_is_the_day_of_the_newest_posting():
    records = [vacancy("A", posted_on="2026-05-01"), vacancy("B", posted_on="2026-06-01")]
    records.append(vacancy("C", closes_on="2026-05-20"))
    assert Market.from_records(records).as_of == np.datetime64("2026-06-01")
    assert Market.from_records(records, dt.date(2026, 1, 2)).as_of == np.datetime64("2026-01-02")


@pytest.mark.parametrize("field", ["closes_on", "starts_on", "vetted_until"])
def test_a_date_cannot_be_judged_without_a_day(field):
    row, name, expected = problem_of(vacancy("A"), vacancy("B", **{field: "2026-05-01"}))
    assert (row, name) == (1, field)
    assert expected.startswith("as_of, or a posting date")


def test_the_high_end_of_a_wage_is_not_below_the_low_end():
    offer = vacancy(monthly_wage_usd=200, monthly_wage_max_usd=199)
    assert problem_of(offer) == (0, "monthly_wage_max_usd", "at least the low end, 200")
    assert len(Market.from_records([vacancy(monthly_wage_usd=200, monthly_wage_max_usd=200)])) == 1
    assert len(Market.from_records([vacancy(monthly_wage_max_usd=200)])) == 1


def test_a_grant_is_for_a_livelihood():
    grant = {"opportunity_id": "G", "kind": "grant", "title": "Start-up"}
    assert problem_of(grant) == (0, "livelihood", "a livelihood: a grant is for one")


@pytest.mark.parametrize(("field", "value"), [("course_months", 4), ("teaches", ["sew"])])
def test_only_a_training_teaches(field, value):
    assert problem_of(vacancy(**{field: value})) == (0, field, "nothing: not a training")
    training = {"opportunity_id": "T", "kind": "training", "title": "Course", field: value}
    assert len(Market.from_records([training])) == 1


def test_taking_rows_keeps_the_day():
    market = Market.from_records([vacancy("A"), vacancy("B")], dt.date(2026, 1, 2))
    taken = market.take([1])
    assert taken.as_of == market.as_of
    assert taken.opportunity_id.tolist() == ["B"]


def test_no_offers_are_a_market_too():
    assert len(Market.from_records([])) == 0


def by_column(records):
    return {name: [record.get(name) for record in records] for name in Market.columns()}


def test_offers_given_by_column_are_the_market_of_their_records(world):
    given = Market.from_columns(by_column(world.opportunities), world.as_of)
    told = Market.from_records(world.opportunities, world.as_of)
    assert len(given) > 100
    for name in Market.columns():
        np.testing.assert_array_equal(getattr(given, name), getattr(told, name))
        assert getattr(given, name).dtype == getattr(told, name).dtype


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seats", -1),
        ("seats", True),
        ("seats", 10**400),
        ("monthly_wage_usd", float("inf")),
        ("monthly_wage_usd", "200"),
        ("home_based", 1),
        ("places", "01"),
        ("closes_on", "soon"),
        ("title", None),
    ],
)
def test_a_bad_value_in_a_column_is_the_problem_it_is_in_a_record(field, value):
    records = [vacancy("V-1"), vacancy("V-2") | {field: value}]
    with pytest.raises(InvalidRecords) as by_record:
        Market.from_records(records)
    with pytest.raises(InvalidRecords) as given:
        Market.from_columns(by_column(records))
    assert given.value.problems == by_record.value.problems
    assert given.value.problems[0].row == 1


def test_a_column_left_out_is_unknown_and_a_strange_one_is_refused():
    known = {"opportunity_id": ["V"], "kind": ["vacancy"], "title": ["Cook"]}
    assert np.isnan(Market.from_columns(known).seats).all()
    with pytest.raises(InvalidRecords, match="no such field"):
        Market.from_columns(known | {"wage": [200]})
    with pytest.raises(ValueError, match="of one length"):
        Market.from_columns(known | {"seats": [1, 2]})

"""What may stand in a column, what is refused and in which words, and what unknown looks like."""

import datetime as dt

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from matcher import Caseload, InvalidRecords, Market, Problem
from matcher.columns import Coded, Numbering, are_unknown, combined, is_missing

GEOCODE = "a geocode of 2, 4, 6 or 8 digits as text, leading zero included"
ISCO = "an ISCO-08 code of 1 to 4 digits as text"
DAY = "a date, or a text as YYYY-MM-DD"

# table, field, value that is refused, what was expected
REFUSED = [
    (Caseload, "cohort", "", "a text of 1 to 20000 characters"),
    (Caseload, "cohort", "  ", "a text of 1 to 20000 characters"),
    (Caseload, "cohort", 7, "a text of 1 to 20000 characters"),
    (Caseload, "cohort", "x" * 20_001, "a text of 1 to 20000 characters"),
    (Caseload, "consent_to_match", 1, "true, false or unknown"),
    (Caseload, "consent_to_match", "yes", "true, false or unknown"),
    (Caseload, "sex", "Female", "one of female, male, other"),
    (Caseload, "transport", ["car"], "one of none, bicycle, motorbike, car"),
    (Caseload, "age_years", -1, "a number from 0 to 120"),
    (Caseload, "age_years", 120.5, "a number from 0 to 120"),
    (Caseload, "age_years", "30", "a number from 0 to 120"),
    (Caseload, "age_years", True, "a number from 0 to 120"),
    (Caseload, "age_years", 10**400, "a number from 0 to 120"),
    (Caseload, "capital_usd", float("inf"), "a number from 0 to 1e+07"),
    (Caseload, "household_size", 0, "a number from 1 to 60"),
    (Caseload, "home_place", 12, GEOCODE),
    (Caseload, "home_place", "1", GEOCODE),
    (Caseload, "home_place", "123", GEOCODE),
    (Caseload, "home_place", "១២", GEOCODE),  # Khmer digits
    (Caseload, "home_place", "12\n", GEOCODE),
    (Caseload, "exclusion_areas", "12", "a list"),
    (Caseload, "exclusion_areas", ["12", "3"], GEOCODE),
    (Caseload, "exclusion_areas", ["១២"], GEOCODE),
    (Caseload, "avoid_settings", ["night"], None),
    (Caseload, "skills", "sewing", "a list"),
    (Caseload, "skills", {"sewing": 1}, "a list"),
    (Caseload, "skills", ["sew", ""], "a text of 1 to 20000 characters"),
    (Caseload, "skills", {"sew", 1}, "a text of 1 to 20000 characters"),
    (Caseload, "experience", [("7531", 2)], f"a mapping from {ISCO} to years"),
    (Caseload, "experience", {"75310": 2}, ISCO),
    (Caseload, "experience", {7531: 2}, ISCO),
    (Caseload, "experience", {"៧": 2}, ISCO),
    (Caseload, "experience", {"7531": -1}, "a number from 0 to 1e+09"),
    (Caseload, "experience", {"7531": None}, "a number from 0 to 1e+09"),
    (Caseload, "experience", {"7531": float("nan")}, "a number from 0 to 1e+09"),
    (Market, "kind", "job", "one of vacancy, training, grant"),
    (Market, "closes_on", "1 May 2026", DAY),
    (Market, "closes_on", 45_000, DAY),
    (Market, "closes_on", "2026-02-30", "a day that exists, as YYYY-MM-DD"),
    (Market, "isco_code", "12345", ISCO),
    (Market, "places", ["1"], GEOCODE),
]


def row_of(table: type, **changes: object) -> dict[str, object]:
    if table is Caseload:
        return {"client_id": "C-1", **changes}
    return {"opportunity_id": "O-1", "kind": "vacancy", "title": "Tailor", **changes}


def problems_of(table: type, *records: object) -> tuple[Problem, ...]:
    with pytest.raises(InvalidRecords) as caught:
        table.from_records(records)
    return caught.value.problems


@pytest.mark.parametrize(("table", "field", "value", "expected"), REFUSED)
def test_a_bad_value_is_one_problem_with_its_row_and_field(table, field, value, expected):
    name = "client_id" if table is Caseload else "opportunity_id"
    good, bad = row_of(table), row_of(table, **{name: "X-2", field: value})
    (problem,) = problems_of(table, good, bad)
    assert (problem.row, problem.field) == (1, field)
    assert problem.value is value
    assert expected is None or problem.expected == expected


def test_all_problems_are_told_at_once_in_the_order_of_the_rows():
    records = [
        {"client_id": "A", "age_years": "old", "can_read": "no"},
        {"client_id": "B"},
        {"sex": "x", "hom_place": "12"},
        {"client_id": "A", "age_years": 300},
    ]
    found = [(p.row, p.field) for p in problems_of(Caseload, *records)]
    assert found == [
        (0, "age_years"),
        (0, "can_read"),
        (2, "client_id"),
        (2, "hom_place"),
        (2, "sex"),
        (3, "age_years"),
        (3, "client_id"),
    ]


def test_the_message_names_row_field_expectation_and_value():
    problem = Problem(3, "age_years", "old", "a number from 0 to 120")
    assert str(problem) == "row 3, age_years: expected a number from 0 to 120, got 'old'"


def test_a_long_list_of_problems_is_cut_short_in_words_but_not_in_fact():
    records = [{"client_id": f"C-{i}", "age_years": -1} for i in range(15)]
    with pytest.raises(InvalidRecords, match="Caseload: 15 problems") as caught:
        Caseload.from_records(records)
    assert len(caught.value.problems) == 15
    assert str(caught.value).endswith("and 5 more")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("home_plase", "home_place"), ("skils", "skills"), ("Age_years", "age_years")],
)
def test_a_field_that_does_not_exist_is_refused_with_the_one_that_was_meant(name, meant):
    (problem,) = problems_of(Caseload, {"client_id": "C-1", name: None})
    assert problem.field == name
    assert problem.expected == f"no such field; did you mean {meant}?"


def test_a_field_like_no_other_is_refused_without_a_guess():
    (problem,) = problems_of(Caseload, {"client_id": "C-1", "zzzz": 1})
    assert problem.expected == "no such field"


@pytest.mark.parametrize("stray", [None, "C-1", ["C-1"], 7])
def test_a_record_is_a_mapping(stray):
    (problem,) = problems_of(Caseload, row_of(Caseload), stray)
    assert (problem.row, problem.field, problem.expected) == (1, "record", "a mapping")


def test_an_id_is_known_and_stands_once():
    problems = problems_of(Caseload, {"client_id": None}, row_of(Caseload), row_of(Caseload))
    assert [p.row for p in problems] == [0, 2]
    assert problems[0].expected == "a value: this field is required"
    assert problems[1].expected == "a value of its own: row 1 has the same"


def test_unknown_is_a_state_of_its_own_in_every_column():
    table = Market.from_records([row_of(Market)])
    for name, column in Market.columns().items():
        cell = getattr(table, name)[0]
        if name in ("opportunity_id", "kind", "title"):
            continue
        if column.dtype == np.int8:
            assert cell == -1, name
        elif column.dtype == np.float64:
            assert np.isnan(cell), name
        elif column.dtype.kind == "M":
            assert np.isnat(cell), name
        else:
            assert cell is None, name


@pytest.mark.parametrize("nothing", [None, float("nan"), np.nan, pd.NA, pd.NaT])
def test_every_way_to_say_nothing_is_unknown(nothing):
    told = {name: nothing for name in Caseload.columns() if name != "client_id"}
    assert Caseload.from_records([row_of(Caseload, **told)]).record(0) == {"client_id": "C-1"}


def test_zero_no_and_an_empty_list_are_known():
    told = {"age_years": 0, "can_read": False, "skills": [], "experience": {}}
    table = Caseload.from_records([row_of(Caseload, **told)])
    assert table.record(0) == row_of(Caseload, **told)


def test_columns_cannot_be_changed():
    table = Caseload.from_records([row_of(Caseload, age_years=30, skills=["a"])])
    for one in (table, table.take([0])):
        for name in Caseload.columns():
            with pytest.raises(ValueError, match="read-only"):
                getattr(one, name)[0] = None
        assert isinstance(one.skills[0], tuple)
        with pytest.raises(AttributeError):
            one.age_years = np.zeros(1)


def test_changing_the_record_afterwards_changes_nothing():
    skills = ["a"]
    table = Caseload.from_records([row_of(Caseload, skills=skills)])
    skills.append("b")
    assert table.skills[0] == ("a",)


def test_repeated_words_count_once_in_the_order_told():
    table = Caseload.from_records([row_of(Caseload, skills=["b", "a", "b"])])
    assert table.skills[0] == ("b", "a")


@pytest.mark.parametrize(
    "day",
    [
        "2026-05-01",
        dt.date(2026, 5, 1),
        dt.datetime(2026, 5, 1, 23, 59),
        np.datetime64("2026-05-01"),
        pd.Timestamp(2026, 5, 1, 8),
        dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC),
    ],
)
def test_a_day_is_read_from_a_text_and_every_kind_of_date(day):
    table = Market.from_records([row_of(Market, posted_on=day)])
    assert table.record(0)["posted_on"] == dt.date(2026, 5, 1)


def test_a_frame_gives_the_same_table_as_its_records(world):
    by_record = Caseload.from_records(world.clients)
    by_frame = Caseload.from_frame(pd.DataFrame(list(world.clients)))
    offers = Market.from_records(world.opportunities, world.as_of)
    framed = Market.from_frame(pd.DataFrame(list(world.opportunities)), world.as_of)
    for one, other in ((by_record, by_frame), (offers, framed)):
        for name in one.columns():
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    assert framed.as_of == offers.as_of


def test_a_frame_of_numpy_types_and_timestamps_is_read():
    frame = pd.DataFrame(
        {
            "opportunity_id": ["A", "B"],
            "kind": ["vacancy", "vacancy"],
            "title": ["x", "y"],
            "seats": np.array([1, 2]),
            "night_work": pd.array([True, None], dtype="boolean"),
            "closes_on": pd.to_datetime(["2026-05-01", None]),
        }
    )
    table = Market.from_frame(frame, dt.date(2026, 1, 1))
    assert table.record(0)["closes_on"] == dt.date(2026, 5, 1)
    assert table.night_work.tolist() == [1, -1]
    assert "closes_on" not in table.record(1)


@given(rows=st.lists(st.integers(0, 39), max_size=8, unique=True))
def test_taking_rows_keeps_each_row_whole(caseload, rows):
    taken = caseload.take(rows)
    assert [taken.record(i) for i in range(len(taken))] == [caseload.record(r) for r in rows]


@given(row=st.integers(0, 39))
def test_a_client_survives_being_read_back(caseload, row):
    record = caseload.record(row)
    assert Caseload.from_records([record]).record(0) == record


@given(row=st.integers(0, 499))
def test_an_offer_survives_being_read_back(market, row):
    record = market.record(row)
    assert Market.from_records([record], dt.date(2026, 9, 1)).record(0) == record


@given(text=st.text(max_size=9))
def test_no_text_is_a_geocode_but_two_to_eight_ascii_digits(text):
    proper = text.isascii() and text.isdigit() and len(text) in (2, 4, 6, 8)
    try:
        Caseload.from_records([row_of(Caseload, home_place=text)])
    except InvalidRecords:
        assert not proper
    else:
        assert proper


def test_every_field_says_what_it_means_and_every_number_its_unit():
    for table in (Caseload, Market):
        for name, column in table.columns().items():
            assert column.doc, name
            assert column.unit or column.dtype != np.float64, name


@given(parts=st.lists(st.lists(st.sampled_from(["a", "b", None, 3]))))
def test_values_numbered_some_at_a_time_are_found_again(parts):
    numbering = Numbering()
    numbers = [number for part in parts for number in numbering.add(part).tolist()]
    given = [value for part in parts for value in part]
    assert list(Coded(numbering.values(), np.array(numbers, dtype=np.intp))) == given
    assert len(numbering.values()) == len(set(given))


def test_a_column_by_distinct_values_is_read_as_one_by_rows():
    kinds = ["vacancy", "grant", "vacancy"]
    plain = {"opportunity_id": ["A", "B", "C"], "kind": kinds, "title": ["x"] * 3}
    plain |= {"livelihood": [None, "rice", None], "seats": [1, None, 2]}
    coded = {name: Coded(*_numbered(values)) for name, values in plain.items()}
    by_rows, by_values = Market.from_columns(plain), Market.from_columns(coded)
    for name in Market.columns():
        np.testing.assert_array_equal(getattr(by_rows, name), getattr(by_values, name))


def test_a_wrong_distinct_value_is_told_of_every_row_that_has_it():
    kind = Coded(["vacancy", "gift"], np.array([0, 1, 1]))
    with pytest.raises(InvalidRecords) as told:
        Market.from_columns({"opportunity_id": ["A", "B", "C"], "kind": kind, "title": ["x"] * 3})
    assert [(p.row, p.field, p.value) for p in told.value.problems] == [
        (1, "kind", "gift"),
        (2, "kind", "gift"),
    ]


def test_what_is_unknown_in_a_column_is_unknown_value_by_value(market):
    for name, column in Market.columns().items():
        values = getattr(market, name)
        single = [v == -1 if column.dtype == np.int8 else is_missing(v) for v in values]
        assert are_unknown(values).tolist() == single, name


def _numbered(values):
    numbering = Numbering()
    position = numbering.add(values)
    return numbering.values(), position


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=30))
def test_combined_numbers_each_combination_where_it_first_stands(pairs):
    first, alike = combined(*(np.array([p[i] for p in pairs], dtype=np.intp) for i in (0, 1)))
    assert [pairs[row] for row in first.tolist()] == list(dict.fromkeys(pairs))
    assert [pairs[first[at]] for at in alike.tolist()] == pairs


@given(st.lists(st.sampled_from(["a", "b", None]), max_size=20))
def test_a_coded_column_is_what_it_was(values):
    coded = Coded.of(values)
    assert list(coded) == values == coded.array().tolist()
    assert coded.each(lambda one: one is None, bool).tolist() == [one is None for one in values]

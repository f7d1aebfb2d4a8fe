import datetime as dt

import pytest

from data.exchange import read_vacancies, write_rejects
from data.exchange.mapping import parse_mapping

MAPPING = """
source = "board"
[constants]
kind = "vacancy"
[[column]]
name = "Job"
field = "title"
required = true
[[column]]
name = "Pay"
reads = "money_range"
[[column]]
name = "Sex"
field = "gender_only"
[[column]]
name = "Age"
reads = "age"
[[column]]
names = ["Where", "Where else"]
field = "places"
vague = ["Provinces"]
abroad = ["Overseas"]
[[column]]
name = "From"
field = "posted_on"
formats = ["%d/%m/%Y"]
[[column]]
name = "Schooling"
field = "required_schooling"
unlisted = "unknown"
[column.table]
"Grade 9" = "lower_secondary"
"""
HEADER = ["Job", "Pay", "Sex", "Age", "Where", "Where else", "From", "Schooling"]


@pytest.fixture
def board():
    return parse_mapping(MAPPING, "board")


@pytest.fixture
def read(write_csv, board, reference):
    def read(*rows, **options):
        return read_vacancies(write_csv([HEADER, *rows]), board, reference, **options)

    return read


def test_a_row_becomes_a_record_by_the_mapping(read):
    found = read(["Waiter", "$200-$250", "Any", "At least 18", "Takeo", "", "19/8/2022", "Grade 9"])
    (record,) = found.accepted
    assert record.pop("opportunity_id").startswith("board-")
    assert record == {
        "kind": "vacancy",
        "title": "Waiter",
        "monthly_wage_usd": 200.0,
        "monthly_wage_max_usd": 250.0,
        "min_age": 18.0,
        "places": ["21"],
        "place_text": "Takeo",
        "posted_on": dt.date(2022, 8, 19),
        "required_schooling": "lower_secondary",
        "livelihood": "waiter",
        "isco_code": "5131",
    }


def test_unknown_stays_unknown_and_is_counted(read):
    found = read(["Zzz", "", "", "", "Provinces", "", "", "Grade 13"])
    (record,) = found.accepted
    assert set(record) == {"opportunity_id", "kind", "title", "place_text"}
    notes = found.notes.as_dict()
    assert notes["places_not_told"] == {"Provinces": 1}
    assert notes["no_wage"] == notes["occupation_not_told"] == notes["no_place"] == 1
    assert notes["required_schooling_not_told"] == 1


def test_zero_is_a_value_and_blank_is_not(write_csv, reference):
    rows = [["kind", "title", "worker_fee_usd", "monthly_wage_usd"], ["vacancy", "Cook", "0", ""]]
    (record,) = read_vacancies(write_csv(rows), "template", reference).accepted
    assert record["worker_fee_usd"] == 0
    assert "monthly_wage_usd" not in record


def test_an_empty_list_differs_from_one_not_asked(write_csv, reference):
    rows = [["kind", "title", "required_skills", "settings"], ["vacancy", "Cook", "none", ""]]
    (record,) = read_vacancies(write_csv(rows), "template", reference).accepted
    assert record["required_skills"] == []
    assert "settings" not in record


@pytest.mark.parametrize(
    ("sex", "age", "fields", "counted"),
    [
        ("Female", "", {"gender_only": "female"}, 1),
        ("Male/Female", "At least 25", {"min_age": 25.0}, 1),
        ("", "18-35", {"min_age": 18.0, "max_age": 35.0}, 1),
        ("", "More than 35", {"min_age": 36.0}, 1),
        ("", "At least 18", {"min_age": 18.0}, 0),
        ("Both", "Age Unlimited", {}, 0),
    ],
)
def test_restricted_postings_keep_the_restriction_and_are_counted(sex, age, fields, counted, read):
    found = read(["Cook", "", sex, age, "Takeo", "", "", ""])
    (record,) = found.accepted
    kept = {k: v for k, v in record.items() if k in ("gender_only", "min_age", "max_age")}
    assert kept == fields
    assert found.notes.counts["discriminatory"] == counted


def test_a_place_abroad_marks_the_posting_as_cross_border(read):
    (record,) = read(["Cook", "", "", "", "Overseas", "Takeo", "", ""]).accepted
    assert record["cross_border"] is True
    assert record["places"] == ["21"]


def test_every_problem_of_every_row_is_told_at_once(read):
    found = read(
        ["", "cheap", "cat", "young", "Takeo", "", "8/19/2022", ""],
        ["Cook", "$300-$200", "", "40-20", "Takeo", "", "", ""],
        ["Tailor", "", "", "", "Takeo", "", "", ""],
    )
    assert [(p.row, p.column, p.value) for p in found.problems] == [
        (2, "Job", ""),
        (2, "Pay", "cheap"),
        (2, "Sex", "cat"),
        (2, "Age", "young"),
        (2, "From", "8/19/2022"),
        (3, "Pay", "200.0"),
        (3, "Age", "20.0"),
    ]
    assert found.accepted == ()
    assert found.bad_rows == 2


def test_skip_bad_keeps_the_good_and_writes_the_bad(read, tmp_path):
    bad = ["Cook", "=cmd|x", "", "", "Takeo", "", "", ""]
    found = read(bad, ["Tailor", "", "", "", "Takeo", "", "", ""], skip_bad=True)
    assert [record["title"] for record in found.accepted] == ["Tailor"]
    assert found.write_rejects(tmp_path / "bad.csv") == 1
    text = (tmp_path / "bad.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "row,column,value,rule"
    assert text.splitlines()[1].startswith("2,Pay,'=cmd|x,")


def test_rejects_as_a_workbook_hold_no_formula(read, tmp_path, reference):
    found = read(["=1+1", "", "", "", "Takeo", "", "", ""])
    path = tmp_path / "bad.xlsx"
    assert write_rejects(found.problems, path) == 1
    again = read_vacancies(path, parse_mapping(REJECTS, "rejects"), reference)
    assert again.records[0]["description"] == "=1+1"


REJECTS = """
ignore = ["row", "column"]
[constants]
kind = "vacancy"
[[column]]
name = "rule"
field = "title"
[[column]]
name = "value"
field = "description"
"""


def test_identical_postings_get_numbered_ids_that_depend_on_content_alone(read):
    row = ["Cook", "", "", "", "Takeo", "", "", ""]
    first = [record["opportunity_id"] for record in read(row, row).accepted]
    other = ["Tailor", *row[1:]]
    again = [record["opportunity_id"] for record in read(other, row, row, row).accepted]
    assert first[1] == first[0] + "-2"
    assert again[1:] == [*first, first[0] + "-3"]
    assert "repeat" in read(row, row).notes.remarks[0]


def test_a_missing_column_is_remarked_and_stays_unknown(write_csv, board, reference):
    path = write_csv([["Job", "Where"], ["Cook", "Takeo"]])
    found = read_vacancies(path, board, reference)
    assert found.accepted[0]["places"] == ["21"]
    assert found.notes.remarks == ("6 columns of the mapping are not in the file",)


def test_riels_are_turned_into_dollars_and_a_forgotten_sign_is_noticed(read, reference):
    rate = reference.parameters.set_index("name").loc["khr_per_usd", "value"]
    (record,) = read(["Cook", "៨២០០០០៛", "", "", "Takeo", "", "", ""]).accepted
    assert record["monthly_wage_usd"] == pytest.approx(820_000 / rate)
    (one,) = read(["Cook", "820000", "", "", "Takeo", "", "", ""]).problems
    assert "KHR with its sign" in one.rule


def test_a_grant_needs_a_livelihood_and_only_a_training_teaches(write_csv, reference):
    header = ["kind", "title", "livelihood", "course_months"]
    rows = [header, ["grant", "Grant", "", ""], ["vacancy", "Cook", "", "3"]]
    found = read_vacancies(write_csv(rows), "template", reference)
    assert [(p.row, p.column) for p in found.problems] == [(2, "livelihood"), (3, "course_months")]


def test_semicolons_and_tabs_separate_columns_too(tmp_path, reference):
    for sign in ";\t":
        path = tmp_path / "a.csv"
        path.write_text(f"kind{sign}title\nvacancy{sign}Cook, baker\n", encoding="utf-8")
        (record,) = read_vacancies(path, "template", reference).accepted
        assert record["title"] == "Cook, baker"

import datetime as dt
import json

import pytest

from data.exchange import ImportRefused, read_job_postings

POSTING = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "name": "Board", "value": "J-1"},
    "title": "Waiter",
    "description": "<p>Serve guests &amp; clean</p>",
    "datePosted": "2026-11-01",
    "validThrough": "2026-12-01T00:00",
    "employmentType": "FULL_TIME",
    "hiringOrganization": {"@type": "Organization", "name": "Lotus Café"},
    "jobLocation": {
        "@type": "Place",
        "address": {
            "addressLocality": "Phnom Penh",
            "addressCountry": "KH",
        },
    },
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "USD",
        "value": {"minValue": 200, "maxValue": 250, "unitText": "MONTH"},
    },
    "totalJobOpenings": 3,
}


@pytest.fixture
def read(tmp_path, reference):
    def read(tree, **options):
        path = tmp_path / "jobs.json"
        text = tree if isinstance(tree, str) else json.dumps(tree)
        path.write_text(text, encoding="utf-8")
        return read_job_postings(path, reference, **options)

    return read


def test_a_posting_becomes_a_record(read):
    (record,) = read(POSTING).accepted
    assert record == {
        "opportunity_id": "J-1",
        "kind": "vacancy",
        "title": "Waiter",
        "description": "Serve guests & clean",
        "posted_on": dt.date(2026, 11, 1),
        "closes_on": dt.date(2026, 12, 1),
        "employer_name": "Lotus Café",
        "places": ["12"],
        "place_text": "Phnom Penh",
        "monthly_wage_usd": 200.0,
        "monthly_wage_max_usd": 250.0,
        "seats": 3,
        "isco_code": "5131",
        "livelihood": "waiter",
    }


@pytest.mark.parametrize(
    "tree",
    [
        [POSTING],
        {"@graph": [{"@type": "Organization"}, POSTING]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": POSTING}]},
        {**POSTING, "@type": ["Thing", "https://schema.org/JobPosting"]},
    ],
)
def test_lists_and_graphs_are_read(tree, read):
    assert [record["opportunity_id"] for record in read(tree).accepted] == ["J-1"]


@pytest.mark.parametrize(
    ("salary", "wages"),
    [
        (300, (300.0, None)),
        ({"currency": "USD", "value": "300"}, (300.0, None)),
        ({"currency": "KHR", "value": {"value": 820_000, "unitText": "MONTH"}}, (200.0, None)),
        ({"value": {"minValue": 2400, "maxValue": 3600, "unitText": "YEAR"}}, (200.0, 300.0)),
        ({"value": {"value": 10, "unitText": "DAY"}}, (260.0, None)),
        ({"value": {"value": 1, "unitText": "HOUR"}}, (208.0, None)),
        ({"value": {"value": 50, "unitText": "WEEK"}}, (217.41, None)),
        ({"value": 0}, (0.0, None)),
        (None, (None, None)),
    ],
)
def test_wages_become_usd_a_month(salary, wages, read, reference):
    assert reference.parameters.set_index("name").loc["khr_per_usd", "value"] == 4100
    (record,) = read({**POSTING, "baseSalary": salary}).accepted
    found = (record.get("monthly_wage_usd"), record.get("monthly_wage_max_usd"))
    assert found == pytest.approx(wages, abs=0.01)


def test_an_hourly_wage_of_part_time_work_is_unknown(read):
    hourly = {"value": {"value": 2, "unitText": "HOUR"}}
    found = read({**POSTING, "baseSalary": hourly, "employmentType": ["PART_TIME"]})
    assert "monthly_wage_usd" not in found.accepted[0]
    assert found.notes.counts["wage_of_unknown_hours"] == 1


def test_texts_stand_for_objects(read):
    plain = {**POSTING, "hiringOrganization": "Lotus", "jobLocation": ["Takeo", "Kampot"]}
    (record,) = read({**plain, "identifier": "A7"}).accepted
    assert record["employer_name"] == "Lotus"
    assert record["places"] == ["21", "07"]
    assert record["opportunity_id"] == "A7"


def test_a_place_in_another_country_is_cross_border_and_not_told(read):
    abroad = {"address": {"addressLocality": "Ipoh", "addressCountry": {"name": "Malaysia"}}}
    found = read({**POSTING, "jobLocation": abroad})
    assert found.accepted[0]["cross_border"] is True
    assert "places" not in found.accepted[0]
    assert found.notes.places_not_told == {"Ipoh, Malaysia": 1}


def test_postings_without_an_id_get_one_from_their_content(read):
    bare = {key: value for key, value in POSTING.items() if key != "identifier"}
    first, second = (record["opportunity_id"] for record in read([bare, bare]).accepted)
    assert first.startswith("jobposting-")
    assert second == first + "-2"


def test_problems_name_posting_property_value_and_rule(read):
    bad = {
        **POSTING,
        "identifier": "J-2",
        "title": "",
        "datePosted": "yesterday",
        "baseSalary": {"value": 5, "unitText": "PIECE"},
        "totalJobOpenings": 1.5,
        "hiringOrganization": {"name": ["=1+1"]},
    }
    found = read([POSTING, bad], skip_bad=True)
    assert {(p.row, p.column) for p in found.problems} == {
        (2, "datePosted"),
        (2, "baseSalary"),
        (2, "totalJobOpenings"),
        (2, "hiringOrganization"),
    }
    assert len(found.accepted) == 1
    assert read([POSTING, bad]).accepted == ()


def test_an_id_that_stands_twice_is_a_problem(read):
    (one,) = read([POSTING, {**POSTING, "title": "Cook"}]).problems
    assert (one.row, one.column) == (2, "identifier")
    assert "row 1" in one.rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ('{"@type": "Person"}', "no object of type JobPosting"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 60 + "]" * 60, "deep"),
        ('{"@type": "JobPosting", "title": NaN}', "NaN"),
        ("[]", "no object"),
    ],
)
def test_hostile_json_is_refused(text, said, read):
    with pytest.raises(ImportRefused, match=said):
        read(text)


def test_bytes_that_are_not_utf_8_and_numbers_beyond_reason_are_refused(tmp_path, reference, read):
    path = tmp_path / "a.json"
    path.write_bytes('{"title": "é"}'.encode("latin-1"))
    with pytest.raises(ImportRefused, match="0xE9"):
        read_job_postings(path, reference)
    huge = json.dumps(POSTING).replace('"minValue": 200', '"minValue": ' + "9" * 5000)
    assert [p.column for p in read(huge).problems] == ["baseSalary"]
    assert [p.column for p in read({**POSTING, "title": "\ud800"}).problems] == ["title"]

"""What is written comes back: record -> template -> record, in both formats."""

import contextlib
import csv
import datetime as dt
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.exchange import (
    ImportRefused,
    read_job_postings,
    read_oscar,
    read_vacancies,
    write_opportunities,
    write_template,
)
from data.exchange.fields import OPPORTUNITY_FIELDS
from data.exchange.mapping import parse_mapping
from data.reference import read_reference

REFERENCE = read_reference()
AS_OF = dt.date(2026, 11, 23)
KEPT = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

LETTERS = string.ascii_letters + string.digits + "=+-@'\"|;,()/ កខគជ៛"
TEXTS = st.text(LETTERS, min_size=1, max_size=20).map(lambda text: " ".join(text.split()))
TEXTS = TEXTS.filter(lambda text: text and not text.startswith("'"))
ITEMS = st.lists(st.sampled_from(["drip", "net", "raised coop"]), unique=True)
AMOUNTS = st.integers(0, 100_000).map(lambda cents: cents / 100)


def values(field):
    by_reader = {
        "text": TEXTS,
        "word": st.sampled_from(field.words or ("",)),
        "words": st.lists(st.sampled_from(field.words or ("",)), unique=True),
        "texts": ITEMS,
        "skills": st.lists(st.sampled_from(list(REFERENCE.skills["skill"][:40])), unique=True),
        "yes_no": st.booleans(),
        "money": AMOUNTS,
        "number": st.integers(0, int(min(field.high, 60)) * 4).map(lambda n: n / 4),
        "integer": st.integers(0, 500),
        "date": st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)),
        "places": st.lists(
            st.sampled_from(list(REFERENCE.places["code"][::97])), min_size=1, unique=True
        ),
        "gender": st.sampled_from(("female", "male")),
        "livelihood": st.sampled_from(list(REFERENCE.livelihoods["livelihood"])),
        "isco": st.sampled_from(list(REFERENCE.isco["code"])),
    }
    return by_reader[field.reads]


ALL = {name: values(field) for name, field in OPPORTUNITY_FIELDS.items()}
ALWAYS = ("opportunity_id", "kind", "title", "isco_code", "livelihood")


def lawful(record):
    """Keep only what may stand together in one record."""
    if record["kind"] != "training":
        record = {k: v for k, v in record.items() if k not in ("course_months", "teaches")}
    for low, high in (
        ("monthly_wage_usd", "monthly_wage_max_usd"),
        ("min_age", "max_age"),
        ("posted_on", "closes_on"),
    ):
        if low in record and high in record and record[high] < record[low]:
            del record[high]
    return record


RECORDS = st.fixed_dictionaries(
    {name: ALL[name] for name in ALWAYS},
    optional={name: ALL[name] for name in ALL if name not in ALWAYS},
).map(lawful)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@KEPT
@given(records=st.lists(RECORDS, max_size=4, unique_by=lambda r: r["opportunity_id"].casefold()))
def test_records_come_back_as_they_were(suffix, records, tmp_path):
    path = tmp_path / f"table.{suffix}"
    write_opportunities(records, path)
    found = read_vacancies(path, "template", REFERENCE)
    assert found.problems == ()
    assert list(found.accepted) == records


def test_the_empty_template_is_read_as_no_rows(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(path)
    found = read_vacancies(path, "template", REFERENCE)
    assert (found.accepted, found.problems, found.notes.rows_read) == ((), (), 0)


@KEPT
@given(
    content=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"\xef\xbb\xbf"])
)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.json"])
def test_arbitrary_bytes_raise_nothing_but_a_refusal(name, content, start, tmp_path):
    path = tmp_path / name
    path.write_bytes(start + content)
    for read in (
        lambda: read_vacancies(path, "template", REFERENCE),
        lambda: read_oscar(path, REFERENCE, AS_OF),
        lambda: read_job_postings(path, REFERENCE),
    ):
        with pytest.raises(ImportRefused):
            read()


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FREE = parse_mapping(
    '[constants]\nkind = "vacancy"\n'
    + "".join(
        f'[[column]]\nname = "{reads}"\nfield = "{field}"\nreads = "{reads}"\n'
        for reads, field in {
            "text": "title",
            "date": "posted_on",
            "money": "deposit_usd",
            "money_range": "monthly_wage_usd",
            "number": "hours_per_day",
            "integer": "seats",
            "age": "min_age",
            "gender": "gender_only",
            "yes_no": "live_in",
            "words": "settings",
            "skills": "required_skills",
            "places": "places",
            "isco": "isco_code",
        }.items()
    ),
    "free",
)


@KEPT
@given(cells=st.lists(CELLS, min_size=len(FREE.columns), max_size=len(FREE.columns)))
def test_arbitrary_cells_are_read_or_named(cells, tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([[column.name for column in FREE.columns], cells])
    try:
        found = read_vacancies(path, FREE, REFERENCE)
    except ImportRefused:
        assert "\0" in "".join(cells)
    else:
        assert len(found.records) + found.bad_rows <= 1


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "a.xlsx"
    write_opportunities([{"kind": "vacancy", "title": "Cook"}], path)
    return path.read_bytes()


@KEPT
@given(damage=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_raises_nothing_but_a_refusal(damage, workbook, tmp_path):
    path = tmp_path / "a.xlsx"
    content = bytearray(workbook)
    for place, byte in damage:
        content[int(place * len(content))] = byte
    path.write_bytes(content)
    with contextlib.suppress(ImportRefused):
        assert len(read_vacancies(path, "template", REFERENCE).records) <= 1

"""Pathways: a course on offer, then the work or the grant it leads to."""

import datetime as dt

import pytest

from matcher import Caseload, Market
from matcher.vocabulary import PATHWAY

AS_OF = dt.date(2026, 9, 1)
SEWING = {"livelihood": "tailoring", "isco_code": "7531"}


@pytest.fixture(scope="module")
def walk(engine, reference, make_client, make_offer):
    """Return the pathways in the slate of a client who meets a short sewing course."""
    table = reference.livelihood_skills
    taught = table.loc[table["livelihood"] == "tailoring", "skill"].tolist()
    course = make_offer("T", "training", teaches=taught, course_months=0.25)

    def found(*offers, client=None, **changes):
        caseload = Caseload.from_records([make_client(**(client or {}))])
        market = Market.from_records([{**course, **changes}, *offers], AS_OF)
        (slate,) = engine.suggest(caseload, market, k=9)
        return [s for s in slate.suggestions if s.kind == PATHWAY]

    return found


@pytest.fixture(scope="module")
def job(make_offer):
    """Return sewing work that takes what the course teaches."""
    return lambda name="V", **changes: make_offer(name, **{**SEWING, "title": "Tailor", **changes})


def test_a_course_leads_to_work_of_its_livelihood(walk, job):
    (way,) = walk(job())
    assert way.steps == ("T", "V")
    assert way.opportunity_id == "T"
    assert way.title == "Tailor"
    assert way.livelihood == "tailoring"
    assert "Sewing course" in way.certain
    assert "Tailor" in way.hoped


def test_a_course_leads_to_a_grant_of_its_livelihood(walk, make_offer):
    (way,) = walk(make_offer("G", "grant", **SEWING, grant_usd=400))
    assert way.steps == ("T", "G")
    assert "Start-up grant" in way.hoped


def test_a_course_leads_nowhere_else(walk, make_offer):
    assert walk(make_offer("V"), make_offer("G", "grant")) == []


def test_a_course_before_what_is_better_at_once_is_no_pathway(walk, job):
    assert walk(job(), course_months=24.0) == []


def test_what_is_full_or_closed_today_may_be_open_after_the_course(walk, job):
    (way,) = walk(job(seats=0, closes_on=dt.date(2026, 8, 1)))
    assert way.steps == ("T", "V")


# what is different about the course, the work or the client that ends the way
ENDED = [
    ({"seats": 0}, {}, {}),
    ({"starts_on": dt.date(2026, 8, 1)}, {}, {}),
    ({"deposit_usd": 10}, {}, {}),
    ({"course_fee_usd": 90}, {}, {"capital_usd": 80}),
    ({"livelihood": None}, {}, {}),
    ({}, {"deposit_usd": 10}, {}),
    ({}, {"written_contract": False}, {}),
    ({}, {"places": ["1601"]}, {}),
    ({}, {"required_documents": ["bank_account"]}, {}),
    ({}, {"settings": ["heavy_machinery"]}, {"avoid_settings": ["heavy_machinery"]}),
    ({}, {}, {"excluded_livelihoods": ["TAILORS"]}),
    ({}, {}, {"excluded_livelihoods": ["753"]}),
    ({}, {}, {"consent_to_match": False}),
]


@pytest.mark.parametrize(("course", "work", "client"), ENDED)
def test_a_way_on_which_any_step_is_refused_is_not_taken(walk, job, course, work, client):
    assert walk(job(**work), client=client, **course) == []


def test_the_best_work_after_the_course_is_taken(walk, job):
    ways = walk(job("V-1", monthly_wage_usd=210), job("V-2", monthly_wage_usd=260))
    assert [way.steps for way in ways] == [("T", "V-2")]


def test_a_way_takes_the_months_and_the_money_of_both_steps(walk, make_offer):
    grant = make_offer("G", "grant", **SEWING, grant_usd=100)
    (way,) = walk(grant, course_fee_usd=40)
    values = {line.feature: line.value for line in way.reasons}
    assert values["own_money"] == pytest.approx(40 + 0.8 * 200 - 100)
    assert values["months_to_income"] == pytest.approx(0.25 + 10)
    assert values["open_steps"] == 1
    assert values["required_skills"] == 1

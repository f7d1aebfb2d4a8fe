"""Employers and offers: the safety screen, clearances, harm reports, and the market's version."""

from typing import Any

import pytest
from starlette.testclient import TestClient

EMPLOYER = {
    "employer_id": "E-1",
    "employer_name": "Sovann Sewing Workshop",
    "employer_vetted": True,
    "vetted_until": "2027-06-30",
    "harm_report_open": False,
}
OFFER = {
    "opportunity_id": "V-1",
    "kind": "vacancy",
    "title": "Tailor",
    "employer_id": "E-1",
    "sector": "services",
    "livelihood": "tailoring",
    "isco_code": "7531",
    "places": ["Prey Veng"],
    "home_based": False,
    "monthly_wage_usd": 215,
    "hours_per_day": 8,
    "hours_per_week": 48,
    "overtime_hours_per_day": 0,
    "overtime_compulsory": False,
    "weekly_rest_hours": 24,
    "min_age": 18,
    "hazardous": False,
    "night_work": False,
    "annual_leave_days_per_month": 1.5,
    "fixed_term_months": 0,
    "written_contract": True,
    "nssf_registered": True,
    "worker_fee_usd": 0,
    "deposit_usd": 0,
    "documents_kept": False,
    "debt_worked_off": False,
    "live_in": False,
    "cross_border": False,
    "via_broker": False,
    "guarded_compound": False,
    "seats": 2,
    "posted_on": "2026-11-16",
    "closes_on": "2026-12-31",
}


@pytest.fixture
def shop(empty: TestClient) -> TestClient:
    assert empty.post("/v1/employers", json=EMPLOYER).status_code == 201
    return empty


def change(client: TestClient, path: str, **values: Any) -> dict[str, Any]:
    etag = client.get(path).headers["etag"]
    answer = client.patch(path, json=values, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def open_codes(offer: dict[str, Any], action: str) -> set[str]:
    return {
        flag["code"] for flag in offer["flags"] if flag["action"] == action and not flag["cleared"]
    }


def test_a_good_offer_is_clear_and_its_words_are_read(shop: TestClient) -> None:
    made = shop.post("/v1/opportunities", json=OFFER)
    assert made.status_code == 201, made.text
    offer = made.json()
    assert offer["places"] == ["14"]
    assert offer["employer_name"] == "Sovann Sewing Workshop"
    assert offer["verdict"] == "clear", offer["flags"]
    assert shop.get("/v1/opportunities/V-1").json() == offer


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"worker_fee_usd": 20}, "worker_fee"),
        ({"deposit_usd": 50}, "deposit"),
        ({"documents_kept": True}, "documents_kept"),
        ({"hours_per_day": 10}, "hours_per_day"),
        ({"weekly_rest_hours": 12}, "weekly_rest"),
        ({"min_age": 14}, "under_age"),
    ],
)
def test_an_unsafe_offer_is_blocked_with_its_evidence(
    shop: TestClient, values: dict[str, Any], code: str
) -> None:
    offer = shop.post("/v1/opportunities", json=OFFER | values).json()
    assert offer["verdict"] == "block"
    assert code in open_codes(offer, "block")
    assert all(flag["message"] and flag["source"] for flag in offer["flags"])


def test_one_harm_report_pauses_every_offer_of_the_employer(shop: TestClient) -> None:
    shop.post("/v1/opportunities", json=OFFER)
    change(shop, "/v1/employers/E-1", harm_report_open=True)
    assert shop.get("/v1/opportunities/V-1").json()["verdict"] == "block"
    change(shop, "/v1/employers/E-1", harm_report_open=False)
    assert shop.get("/v1/opportunities/V-1").json()["verdict"] == "clear"


def test_a_review_is_cleared_by_a_named_person_and_a_block_never(shop: TestClient) -> None:
    offer = shop.post("/v1/opportunities", json=OFFER | {"live_in": True}).json()
    assert offer["verdict"] == "review"
    by = {"cleared_by": "Chan Dara", "note": "Visited on 20 November."}
    answer = shop.post("/v1/opportunities/V-1/clearances", json={"flag": "live_in", **by})
    assert answer.status_code == 201, answer.text
    assert answer.json()["verdict"] == "clear"
    assert shop.get("/v1/opportunities/V-1").json()["verdict"] == "clear"

    change(shop, "/v1/opportunities/V-1", seats=1)
    assert shop.get("/v1/opportunities/V-1").json()["verdict"] == "clear"
    changed = change(shop, "/v1/opportunities/V-1", deposit_usd=10)
    assert changed["verdict"] == "block"
    assert "live_in" in open_codes(changed, "review")
    for flag in ("deposit", "no_such_flag"):
        refused = shop.post("/v1/opportunities/V-1/clearances", json={"flag": flag, **by})
        assert refused.status_code == 409
        assert refused.json()["clearable"] == ["live_in"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"livelihood": "dragon taming"}, "livelihood"),
        ({"isco_code": "9999"}, "isco_code"),
        ({"places": ["Atlantis"]}, "places[0]"),
        ({"required_skills": ["levitation"]}, "required_skills[0]"),
        ({"adaptations": ["umbrella"]}, "adaptations[0]"),
        ({"employer_id": "E-NONE"}, "employer_id"),
        ({"monthly_wage_max_usd": 100}, "monthly_wage_max_usd"),
        ({"max_age": 16}, "max_age"),
        ({"teaches": ["sew textile-based articles"]}, "teaches"),
        ({"course_months": 4}, "course_months"),
        ({"kind": "grant", "livelihood": None}, "livelihood"),
        ({"title": None}, "title"),
        ({"seats": 2**63}, "seats"),
        ({"employer_vetted": True}, "body"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(
    shop: TestClient, values: dict[str, Any], field: str
) -> None:
    answer = shop.post("/v1/opportunities", json=OFFER | values)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert shop.get("/v1/opportunities").json() == {"items": []}


def test_a_change_may_not_make_nonsense_of_what_stands(shop: TestClient) -> None:
    shop.post("/v1/opportunities", json=OFFER)
    for values in ({"monthly_wage_max_usd": 100}, {"title": None}, {"title": ""}):
        answer = shop.patch("/v1/opportunities/V-1", json=values, headers={"If-Match": '"1"'})
        assert answer.status_code == 422, values


def test_the_market_moves_with_every_write_and_a_slate_says_which(shop: TestClient) -> None:
    shop.post("/v1/clients", json={"client_id": "C-1", "consent_to_match": True})

    def revision() -> int:
        return int(shop.post("/v1/clients/C-1/slates", json={}).json()["market_revision"])

    seen = [revision()]
    shop.post("/v1/opportunities", json=OFFER | {"live_in": True})
    seen.append(revision())
    change(shop, "/v1/opportunities/V-1", seats=9)
    seen.append(revision())
    by = {"cleared_by": "Dara", "note": "seen"}
    shop.post("/v1/opportunities/V-1/clearances", json={"flag": "live_in", **by})
    seen.append(revision())
    change(shop, "/v1/employers/E-1", harm_report_open=True)
    seen.append(revision())
    assert len(set(seen)) == len(seen)
    assert seen == sorted(seen)


def test_a_second_worker_answers_from_the_same_market(
    shop: TestClient, start: Any, empty_path: Any
) -> None:
    other = start(empty_path)
    other.post("/v1/clients", json={"client_id": "C-1", "consent_to_match": True})
    assert other.post("/v1/clients/C-1/slates", json={}).json()["considered"] == 0
    shop.post("/v1/opportunities", json=OFFER)
    assert other.post("/v1/clients/C-1/slates", json={}).json()["considered"] == 1


def test_offers_are_listed_by_kind_employer_and_verdict(world: TestClient) -> None:
    for name, value in (("kind", "grant"), ("verdict", "block"), ("verdict", "review")):
        page = world.get("/v1/opportunities", params={name: value, "limit": 5}).json()["items"]
        assert page
        assert {offer[name] for offer in page} == {value}
    employer_id = page[0]["employer_id"]
    own = world.get("/v1/opportunities", params={"employer_id": employer_id}).json()["items"]
    assert {offer["employer_id"] for offer in own} == {employer_id}
    both = {"employer_id": employer_id, "verdict": "review"}
    assert page[0] in world.get("/v1/opportunities", params=both).json()["items"]

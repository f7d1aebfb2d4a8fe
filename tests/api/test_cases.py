"""Clients, households and their slates, as an officer works with them."""

import datetime as dt
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from api.db import Database
from models.audit import Audit
from models.slate import Slate, SlateOffer

CLIENT = {
    "client_id": "C-NEW",
    "consent_to_match": True,
    "sex": "female",
    "age_years": 27.0,
    "home_place": "Prey Veng",
    "exclusion_areas": ["ភ្នំពេញ"],
    "excluded_livelihoods": ["pigs"],
    "skills": ["sew textile-based articles"],
    "experience": {"7531": 3.0},
    "documents": ["national_id"],
    "difficulties": [],
}


def audit_of(path: Path, client_id: str) -> list[tuple[str, str]]:
    with Database(f"sqlite:///{path}").reading() as session:
        query = select(Audit).where(Audit.client_id == client_id).order_by(Audit.audit_id)
        return [(row.who, row.action) for row in session.exec(query)]


def test_a_client_is_added_read_and_changed(empty: TestClient, empty_path: Path) -> None:
    made = empty.post("/v1/clients", json=CLIENT)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == "/v1/clients/C-NEW"
    body = made.json()
    assert body["home_place"] == "14"
    assert body["exclusion_areas"] == ["12"]
    assert body["excluded_livelihoods"] == ["pigs"]
    assert body["has_phone"] is None
    assert body["difficulties"] == []

    read = empty.get("/v1/clients/C-NEW")
    assert read.json() == body
    changed = empty.patch(
        "/v1/clients/C-NEW",
        json={"transport": "motorbike", "difficulties": None},
        headers={"If-Match": read.headers["etag"]},
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["transport"] == "motorbike"
    assert changed.json()["difficulties"] is None
    assert changed.json()["home_place"] == "14"
    assert audit_of(empty_path, "C-NEW") == [
        ("officer.sok", "client.add"),
        ("officer.sok", "client.read"),
        ("officer.sok", "client.change"),
    ]


def test_the_same_id_twice_is_refused(empty: TestClient) -> None:
    assert empty.post("/v1/clients", json=CLIENT).status_code == 201
    again = empty.post("/v1/clients", json=CLIENT)
    assert (again.status_code, again.json()["type"].split(":")[-1]) == (409, "already-there")


def test_an_age_that_was_told_grows_and_a_birth_date_replaces_it(
    empty: TestClient, start: object, empty_path: Path
) -> None:
    empty.post("/v1/clients", json={"client_id": "C-AGE", "age_years": 17.5})
    later = start(empty_path, today=dt.date(2027, 11, 23))  # type: ignore[operator]
    assert later.get("/v1/clients/C-AGE").json()["age_years"] == pytest.approx(18.5, abs=0.01)
    born = later.patch(
        "/v1/clients/C-AGE", json={"birth_date": "2000-11-24"}, headers={"If-Match": '"1"'}
    )
    assert born.json()["age_years"] == 26
    assert born.json()["birth_date"] == "2000-11-24"
    told = later.patch("/v1/clients/C-AGE", json={"age_years": 30}, headers={"If-Match": '"2"'})
    assert (told.json()["age_years"], told.json()["birth_date"]) == (30, None)


def test_a_household_is_shared_and_changed(empty: TestClient) -> None:
    home = {"household_id": "H-1", "household_size": 5, "debt_usd": 900}
    made = empty.post("/v1/households", json=home | {"household_livelihoods": {"chickens": 40}})
    assert made.status_code == 201, made.text
    for client_id in ("C-A", "C-B"):
        body = {"client_id": client_id, "household_id": "H-1"}
        assert empty.post("/v1/clients", json=body).status_code == 201
    read = empty.get("/v1/households/H-1")
    assert read.json()["client_ids"] == ["C-A", "C-B"]
    changed = empty.patch(
        "/v1/households/H-1", json={"debt_usd": 0}, headers={"If-Match": read.headers["etag"]}
    )
    assert changed.json()["debt_usd"] == 0
    assert changed.json()["household_size"] == 5


def test_a_slate_is_made_stored_and_read_again_as_shown(
    world: TestClient, world_path: Path
) -> None:
    made = world.post("/v1/clients/C-000002/slates", json={"k": 4})
    assert made.status_code == 201, made.text
    slate = made.json()
    assert slate["considered"] == 400
    assert slate["model_version"]
    assert 0 < len(slate["suggestions"]) <= 4
    again = world.get(made.headers["location"])
    assert again.json() == slate
    for position, shown in enumerate(slate["suggestions"], start=1):
        total = shown["base"] + sum(shown["contributions"].values())
        assert total == pytest.approx(shown["score"], abs=1e-9)
        assert shown["position"] == position
        assert shown["propensity"] == 1.0
        assert shown["interval"][0] <= shown["retention_90d"] <= shown["interval"][1]
    assert ("officer.sok", "slate.make") in audit_of(world_path, "C-000002")
    with Database(f"sqlite:///{world_path}").reading() as session:
        stored = session.exec(select(Slate)).one()
        offers = session.exec(select(SlateOffer)).all()
    assert stored.market_revision == slate["market_revision"] > 0
    assert len(offers) == len(slate["suggestions"])
    assert all(offer.features.keys() == offer.contributions.keys() for offer in offers)


def test_a_slate_of_another_client_is_not_found(world: TestClient) -> None:
    made = world.post("/v1/clients/C-000002/slates", json={})
    slate_id = made.json()["slate_id"]
    assert world.get(f"/v1/clients/C-000001/slates/{slate_id}").status_code == 404


def test_why_gives_the_exact_sum_of_what_was_suggested(world: TestClient) -> None:
    slate = world.post("/v1/clients/C-000002/slates", json={"k": 5}).json()
    plain = [shown for shown in slate["suggestions"] if len(shown["steps"]) == 1]
    assert plain
    for shown in plain:
        path = f"/v1/clients/C-000002/opportunities/{shown['opportunity_id']}"
        why = world.get(f"{path}/why").json()
        assert why["score"] == pytest.approx(shown["score"], abs=1e-9)
        assert why["contributions"] == pytest.approx(shown["contributions"])
        assert world.get(f"{path}/why-not").json() == {
            "client_id": "C-000002",
            "opportunity_id": shown["opportunity_id"],
            "offered": True,
            "reasons": [],
        }


def test_an_offer_that_is_not_made_says_why_and_that_it_was_asked(
    world: TestClient, world_path: Path
) -> None:
    blocked = world.get("/v1/opportunities", params={"verdict": "block", "limit": 1}).json()
    opportunity_id = blocked["items"][0]["opportunity_id"]
    path = f"/v1/clients/C-000001/opportunities/{opportunity_id}"
    why_not = world.get(f"{path}/why-not").json()
    assert not why_not["offered"]
    assert why_not["reasons"]
    refused = world.get(f"{path}/why")
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:placement:problem:not-offered"
    assert refused.json()["reasons"] == why_not["reasons"]
    actions = [action for _, action in audit_of(world_path, "C-000001")]
    assert actions == ["client.import", "why_not", "why"]


def test_an_unknown_offer_is_not_found(world: TestClient) -> None:
    for question in ("why", "why-not"):
        answer = world.get(f"/v1/clients/C-000001/opportunities/V-NONE/{question}")
        assert answer.status_code == 404


def test_help_names_only_what_can_change(world: TestClient) -> None:
    found = [
        item
        for number in range(1, 16)
        for item in world.get(f"/v1/clients/C-{number:06d}/help").json()["items"]
    ]
    assert found
    assert {item["change"] for item in found} <= {"training", "grant", "document", "transport"}
    assert all(item["before"] is None or item["after"] > item["before"] for item in found)


def test_without_consent_nothing_is_suggested(world: TestClient) -> None:
    world.post("/v1/clients", json=CLIENT | {"client_id": "C-NO", "consent_to_match": None})
    slate = world.post("/v1/clients/C-NO/slates", json={}).json()
    assert slate["suggestions"] == []
    assert slate["note"]


def test_an_excluded_livelihood_leaves_the_slate(world: TestClient) -> None:
    first = world.post("/v1/clients/C-000002/slates", json={"k": 5}).json()["suggestions"]
    unwanted = first[0]["livelihood"]
    etag = world.get("/v1/clients/C-000002").headers["etag"]
    change = {"excluded_livelihoods": [unwanted]}
    headers = {"If-Match": etag}
    assert world.patch("/v1/clients/C-000002", json=change, headers=headers).status_code == 200
    second = world.post("/v1/clients/C-000002/slates", json={"k": 5}).json()["suggestions"]
    assert unwanted not in {shown["livelihood"] for shown in second}


def test_reasons_are_in_the_language_asked_for(world: TestClient) -> None:
    khmer = world.post(
        "/v1/clients/C-000002/slates", json={"k": 1}, headers={"Accept-Language": "km-KH"}
    ).json()
    assert khmer["language"] == "km"
    text = khmer["suggestions"][0]["reasons"][0]["text"]
    assert any("\u1780" <= sign <= "\u17ff" for sign in text)

"""The anonymous, the unknown and the malformed come first: what they get, and what they do not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from api.db import Database
from models.audit import Audit

SECRET = "Sok-Pisey-told-in-confidence"


def is_problem(answer: Any, status: int, kind: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["type"] == f"urn:placement:problem:{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer.headers["x-request-id"]


def test_one_who_does_not_say_who_asks_is_written_down_as_anonymous(
    empty: TestClient, empty_path: Path
) -> None:
    del empty.headers["X-Actor"]
    client_id = empty.post("/v1/clients", json={}).json()["client_id"]
    empty.get(f"/v1/clients/{client_id}")
    with Database(f"sqlite:///{empty_path}").reading() as session:
        rows = session.exec(select(Audit).order_by(Audit.audit_id)).all()
    assert [(row.who, row.action, row.client_id) for row in rows] == [
        ("anonymous", "client.add", client_id),
        ("anonymous", "client.read", client_id),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/clients/NOBODY",
        "/v1/households/NOBODY",
        "/v1/employers/NOBODY",
        "/v1/opportunities/NOTHING",
        "/v1/clients/NOBODY/help",
        "/v1/clients/NOBODY/slates/S-1",
        "/v1/clients/NOBODY/opportunities/V-1/why",
        "/v1/clients/NOBODY/opportunities/V-1/why-not",
    ],
)
def test_what_is_not_there_is_not_found(empty: TestClient, path: str) -> None:
    is_problem(empty.get(path), 404, "not-found")


def test_an_unknown_address_a_wrong_method_a_wrong_host(empty: TestClient) -> None:
    is_problem(empty.get("/v2/clients"), 404, "no-route")
    is_problem(empty.get("/v1/clients/"), 404, "no-route")
    wrong = empty.delete("/v1/clients")
    is_problem(wrong, 405, "wrong-method")
    assert wrong.headers["allow"]
    is_problem(empty.get("/health", headers={"host": "evil.example"}), 400, "unknown-host")
    is_problem(
        empty.get("/health", headers={"host": "localhost.evil.example"}), 400, "unknown-host"
    )
    assert empty.get("/health", headers={"host": "localhost:8000"}).status_code == 200


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 1000):
        yield b"x" * 1000


@pytest.mark.parametrize("body", [b"x" * 300_000, chunks(300_000)], ids=["told", "not told"])
def test_a_body_too_long_is_refused(empty: TestClient, body: Any) -> None:
    answer = empty.post("/v1/clients", content=body, headers={"Content-Type": "application/json"})
    is_problem(answer, 413, "too-long")


def test_a_body_that_is_no_json_is_refused(empty: TestClient) -> None:
    form = empty.post("/v1/clients", data={"sex": "female"})
    is_problem(form, 415, "wrong-media-type")
    none = empty.post("/v1/clients")
    is_problem(none, 415, "wrong-media-type")
    for text in (b"{", b"[]", b'"x"', b"\xff\xfe", b'{"sex": NaN}', b'{"cohort": "\\ud800"}'):
        json_type = {"Content-Type": "application/json"}
        answer = empty.post("/v1/clients", content=text, headers=json_type)
        is_problem(answer, 422, "invalid-values")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sex": SECRET}, "sex"),
        ({SECRET: 1}, "body"),
        ({"age_years": -1}, "age_years"),
        ({"age_years": SECRET}, "age_years"),
        ({"capital_usd": 1e300}, "capital_usd"),
        ({"skills": ["sew textile-based articles", SECRET]}, "skills[1]"),
        ({"skills": ["x"] * 101}, "skills"),
        ({"home_place": SECRET}, "home_place"),
        ({"exclusion_areas": ["12", SECRET]}, "exclusion_areas[1]"),
        ({"excluded_livelihoods": [SECRET]}, "excluded_livelihoods[0]"),
        ({"experience": {"9999": 1}}, "experience[0]"),
        ({"experience": {SECRET: 1}}, "experience"),
        ({"documents": ["passport"]}, "documents[0]"),
        ({"birth_date": "2026-13-01"}, "birth_date"),
        ({"birth_date": "2030-01-01"}, "birth_date"),
        ({"birth_date": "2000-01-01", "age_years": 26}, "age_years"),
        ({"household_id": "H-NONE"}, "household_id"),
        ({"client_id": "../../etc"}, "client_id"),
        ({"cohort": "a\u0000b"}, "cohort"),
    ],
)
def test_a_bad_value_is_named_and_never_repeated(
    empty: TestClient, body: dict[str, Any], field: str
) -> None:
    answer = empty.post("/v1/clients", json=body)
    is_problem(answer, 422, "invalid-values")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert SECRET not in answer.text
    assert answer.json()["errors"][0]["rule"]


def test_several_bad_values_are_all_named(empty: TestClient) -> None:
    body = {"home_place": "Atlantis", "skills": ["levitation"], "excluded_livelihoods": ["zzzz"]}
    fields = {error["field"] for error in empty.post("/v1/clients", json=body).json()["errors"]}
    assert fields == {"home_place", "skills[0]", "excluded_livelihoods[0]"}


def test_a_shared_name_is_answered_with_who_may_be_meant(empty: TestClient) -> None:
    answer = empty.post("/v1/clients", json={"home_place": "Chamkar Leu, Kampong"})
    error = answer.json()["errors"][0]
    assert error["field"] == "home_place"
    misspelt = empty.post("/v1/clients", json={"skills": ["sew textile-based article"]})
    if misspelt.status_code == 422:
        candidates = misspelt.json()["errors"][0]["candidates"]
        assert "sew textile-based articles" in candidates


def test_errors_are_in_the_language_asked_for(empty: TestClient) -> None:
    answer = empty.get("/v1/clients/NOBODY", headers={"Accept-Language": "km"})
    assert answer.json()["title"] == "រកមិនឃើញ"
    assert answer.headers["content-language"] == "km"
    answer = empty.post("/v1/clients", json={"age_years": 200}, headers={"Accept-Language": "km"})
    assert "លេខ" in answer.json()["errors"][0]["rule"]


@pytest.mark.parametrize("limit", [0, -1, 101, 2**63, "many"])
def test_a_limit_out_of_range_is_refused(empty: TestClient, limit: object) -> None:
    is_problem(empty.get("/v1/clients", params={"limit": str(limit)}), 422, "invalid-values")


@pytest.mark.parametrize("cursor", ["%%%", "é", "AAA", "_" * 300])
def test_a_cursor_of_nobody_is_refused(empty: TestClient, cursor: str) -> None:
    is_problem(empty.get("/v1/clients", params={"cursor": cursor}), 422, "invalid-values")


def test_a_failure_of_the_service_says_nothing_of_it(
    empty: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("api.officer.clients.page", fails)
    answer = empty.get("/v1/clients")
    is_problem(answer, 500, "internal")
    assert SECRET not in json.dumps(answer.json()) + caplog.text
    assert answer.json()["request_id"] in caplog.text


def test_without_a_database_it_lives_and_is_not_ready(start: Any, tmp_path: Path) -> None:
    lost = start(tmp_path / "nowhere.db")
    assert lost.get("/health").json() == {"status": "alive"}
    is_problem(lost.get("/ready"), 503, "not-ready")
    is_problem(lost.get("/v1/clients"), 503, "database")
    assert not (tmp_path / "nowhere.db").exists()


def test_it_is_ready_over_a_migrated_database(empty: TestClient) -> None:
    ready = empty.get("/ready").json()
    assert ready["status"] == "ready"
    assert ready["livelihoods"] >= 40

"""Versions, keys and pages: what makes a request safe to send twice, late or in part."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.base import now

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
KINDS = [
    ("/v1/clients", {"client_id": "X-1"}, {"cohort": "a"}),
    ("/v1/households", {"household_id": "X-1"}, {"household_size": 4}),
    ("/v1/employers", {"employer_id": "X-1", "employer_name": "One"}, {"harm_report_open": True}),
    ("/v1/opportunities", {"opportunity_id": "X-1", "kind": "vacancy", "title": "A"}, {"seats": 2}),
]


@pytest.mark.parametrize(("path", "body", "change"), KINDS, ids=[kind[0] for kind in KINDS])
def test_a_change_needs_the_newest_version(
    empty: TestClient, path: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    made = empty.post(path, json=body)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    one = f"{path}/X-1"
    assert empty.patch(one, json=change).status_code == 428
    assert empty.patch(one, json=change, headers={"If-Match": '"7"'}).status_code == 412
    assert empty.patch(one, json=change, headers={"If-Match": "*"}).status_code == 412
    first = empty.patch(one, json=change, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert empty.patch(one, json=change, headers={"If-Match": '"1"'}).status_code == 412
    assert empty.get(one).headers["etag"] == '"2"'
    assert empty.patch(f"{path}/NONE", json=change).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/clients", {"cohort": "a"}),
        ("/v1/opportunities", {"kind": "vacancy", "title": "A"}),
        ("/v1/clients/C-1/slates", {"k": 3}),
    ],
)
def test_a_keyed_request_is_done_once(empty: TestClient, path: str, body: dict[str, Any]) -> None:
    empty.post("/v1/clients", json={"client_id": "C-1", "consent_to_match": True})
    first = empty.post(path, json=body, headers=KEY)
    again = empty.post(path, json=body, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["idempotent-replay"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = empty.post(path, json=body, headers={"Idempotency-Key": "another"})
    assert other.json() != first.json()
    someone = empty.post(path, json=body, headers=KEY | {"X-Actor": "officer.dara"})
    assert someone.json() != first.json()


def test_a_key_belongs_to_one_request(empty: TestClient) -> None:
    empty.post("/v1/clients", json={"cohort": "a"}, headers=KEY)
    reused = empty.post("/v1/clients", json={"cohort": "b"}, headers=KEY)
    assert reused.status_code == 422
    assert reused.json()["type"] == "urn:placement:problem:key-reused"


def test_a_request_that_failed_leaves_its_key_free(empty: TestClient) -> None:
    assert empty.post("/v1/clients", json={"home_place": "?"}, headers=KEY).status_code == 422
    assert empty.post("/v1/clients", json={"home_place": "12"}, headers=KEY).status_code == 201


def test_an_answer_is_kept_no_longer_than_a_day(
    empty: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = empty.post("/v1/clients", json={"cohort": "a"}, headers=KEY)
    tomorrow = now() + dt.timedelta(days=1, seconds=1)
    monkeypatch.setattr("api.idempotency.now", lambda: tomorrow)
    empty.post("/v1/clients", json={"cohort": "a"}, headers={"Idempotency-Key": "another"})
    assert empty.post("/v1/clients", json={"cohort": "a"}, headers=KEY).json() != first.json()


def follow(client: TestClient, path: str, insert: Any = None) -> Iterator[dict[str, Any]]:
    link: str | None = path
    while link:
        page = client.get(link)
        assert page.status_code == 200, page.text
        yield from page.json()["items"]
        link = page.links.get("next", {}).get("url")
        if insert:
            insert()


def test_pages_hold_every_row_once_in_order(world: TestClient) -> None:
    clients = [row["client_id"] for row in follow(world, "/v1/clients?limit=7")]
    assert clients == [f"C-{number:06d}" for number in range(1, 61)]
    offers = [row["opportunity_id"] for row in follow(world, "/v1/opportunities?limit=100")]
    assert len(offers) == len(set(offers)) == 400
    assert offers == sorted(offers)
    cohort = [row["cohort"] for row in follow(world, "/v1/clients?limit=4&cohort=malaysia-august")]
    assert cohort == ["malaysia-august"] * 15


def test_pages_stay_stable_while_rows_are_added(world: TestClient) -> None:
    numbers = iter(range(1000))

    def insert() -> None:
        number = next(numbers)
        for client_id in (f"A-{number}", f"C-000030-{number}", f"Z-{number}"):
            assert world.post("/v1/clients", json={"client_id": client_id}).status_code == 201

    rows = follow(world, "/v1/clients?limit=13", insert)
    seen = [row["client_id"] for _, row in zip(range(200), rows, strict=False)]
    assert len(seen) == len(set(seen))
    assert set(seen) >= {f"C-{number:06d}" for number in range(1, 61)}


def test_a_page_of_employers_ends_without_a_link(world: TestClient) -> None:
    employers = [row["employer_id"] for row in follow(world, "/v1/employers?limit=20")]
    assert employers == sorted(set(employers))
    assert len(employers) > 20


def test_nothing_is_kept_by_a_cache(world: TestClient) -> None:
    for path in ("/health", "/v1/clients", "/v1/opportunities", "/v1/clients/C-000001"):
        assert world.get(path).headers["cache-control"] == "no-store"

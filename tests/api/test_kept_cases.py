"""Cases stay in memory for as long as their rows stand, whoever changes them."""

import sqlite3
from asyncio import Lock, run
from pathlib import Path

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.commits import ChangedWhileAdding, SharedCommits
from api.db import Database
from models.household import Household


def test_a_change_of_the_client_is_seen_by_the_next_answer(world: TestClient) -> None:
    path = "/v1/clients/C-000001"
    assert world.post(f"{path}/slates", json={"k": 3}).json()["client_version"] == 1
    changed = world.patch(path, json={"consent_to_match": False}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    slate = world.post(f"{path}/slates", json={"k": 3}).json()
    assert (slate["client_version"], slate["suggestions"]) == (2, [])
    assert "consent_refused" in slate["refused"]


def test_a_change_by_another_program_is_seen_too(world: TestClient, world_path: Path) -> None:
    path = "/v1/clients/C-000001/slates"
    before = world.post(path, json={"k": 1}).json()["suggestions"][0]
    with sqlite3.connect(world_path) as other:
        other.execute(
            "UPDATE client SET consent_to_match = 0, version = version + 1 WHERE client_id = ?",
            ("C-000001",),
        )
    other.close()
    why = world.get(f"/v1/clients/C-000001/opportunities/{before['opportunity_id']}/why")
    assert why.status_code == 409
    assert {reason["code"] for reason in why.json()["reasons"]} == {"consent_refused"}


def test_a_household_that_changes_changes_the_case(world: TestClient) -> None:
    def best_score() -> float:
        slate = world.post("/v1/clients/C-000001/slates", json={"k": 1}).json()
        first = slate["suggestions"][0]
        return float(first["score"])

    client = world.get("/v1/clients/C-000001").json()
    path = f"/v1/households/{client['household_id']}"
    before = best_score()
    change = {"debt_usd": 5000.0, "debt_service_usd": 900.0}
    assert world.patch(path, json=change, headers={"If-Match": '"1"'}).status_code == 200
    assert best_score() < before


def test_what_said_it_adds_alone_may_not_change_a_row(empty_path: Path) -> None:
    database = Database(f"sqlite:///{empty_path}")

    def writes(session: Session) -> None:
        session.add(Household(household_id="H-1"))

    async def ask() -> None:
        await SharedCommits(database, Lock()).run(writes, adds=True)

    with pytest.raises(ChangedWhileAdding):
        run(ask())
    with database.reading() as session:
        assert session.get(Household, "H-1") is None
    database.close()

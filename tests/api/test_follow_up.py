"""From a slate to the last visit: consent, answer, visits, harm that pauses an employer."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.db import Database
from models.follow_up import Referral
from tests.api.conftest import TODAY

CLIENT = "C-000001"


@pytest.fixture
def slate(world: TestClient) -> dict[str, Any]:
    for number in range(1, 30):
        made = world.post(f"/v1/clients/C-{number:06d}/slates", json={"k": 5}).json()
        if any(offer["kind"] == "vacancy" for offer in made["suggestions"]):
            return dict(made)
    raise AssertionError("no client of the demo has a vacancy in her slate")


def refer(world: TestClient, slate: dict[str, Any], **more: Any) -> Any:
    offer = next(offer for offer in slate["suggestions"] if offer["kind"] == "vacancy")
    chosen = {"opportunity_id": offer["opportunity_id"], "slate_id": slate["slate_id"]}
    path = f"/v1/clients/{slate['client_id']}/referrals"
    return world.post(path, json=chosen | {"consented": True} | more)


@pytest.fixture
def started(world: TestClient, slate: dict[str, Any]) -> tuple[str, str]:
    """The address of a placement that started 100 days ago, and its offer."""
    sent_on = TODAY - dt.timedelta(days=110)
    made = refer(world, slate, sent_on=sent_on.isoformat())
    path = f"/v1/clients/{slate['client_id']}/referrals/{made.json()['referral_id']}"
    change = {"state": "accepted", "started_on": str(TODAY - dt.timedelta(days=100))}
    answered = world.patch(path, json=change, headers={"If-Match": made.headers["etag"]})
    assert answered.status_code == 200, answered.text
    return path, made.json()["opportunity_id"]


def visit(world: TestClient, path: str, outcome: str, days_ago: int = 10, **more: Any) -> Any:
    visited_on = str(TODAY - dt.timedelta(days=days_ago))
    return world.post(f"{path}/visits", json={"visited_on": visited_on, "outcome": outcome} | more)


def test_a_referral_keeps_what_the_offer_was_judged_by(
    world: TestClient, slate: dict[str, Any], world_path: Path
) -> None:
    made = refer(world, slate)
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "sent"
    with Database(f"sqlite:///{world_path}").reading() as session:
        row = session.get(Referral, made.json()["referral_id"])
    assert row is not None
    shown = next(
        offer for offer in slate["suggestions"] if offer["opportunity_id"] == row.opportunity_id
    )
    assert row.features == {line["feature"]: line["value"] for line in shown["reasons"]}
    assert (row.position, row.propensity) == (shown["position"], shown["propensity"])
    assert row.model_version == slate["model_version"]


@pytest.mark.parametrize("consented", [False, None, "perhaps"])
def test_nothing_is_sent_without_consent(
    world: TestClient, slate: dict[str, Any], consented: object
) -> None:
    refused = refer(world, slate, consented=consented)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "consented"


def test_an_offer_of_another_slate_is_not_found_in_this_one(
    world: TestClient, slate: dict[str, Any]
) -> None:
    assert refer(world, slate, slate_id="no-such-slate").status_code == 404


def test_a_forbidden_offer_is_refused_with_its_reasons(world: TestClient) -> None:
    for number in range(1, 60):
        path = f"/v1/clients/{CLIENT}/opportunities/V-{number:06d}/why-not"
        told = world.get(path)
        if told.status_code == 200 and not told.json()["offered"]:
            chosen = {"opportunity_id": f"V-{number:06d}", "consented": True}
            refused = world.post(f"/v1/clients/{CLIENT}/referrals", json=chosen)
            assert refused.status_code == 409
            assert refused.json()["reasons"] == told.json()["reasons"]
            return
    raise AssertionError("the demo forbids nothing to the first client")


def test_an_answer_moves_forward_only(world: TestClient, started: tuple[str, str]) -> None:
    path, _ = started
    back = world.patch(path, json={"state": "sent"}, headers={"If-Match": '"2"'})
    assert (back.status_code, back.json()["errors"][0]["field"]) == (422, "state")
    revoked = world.patch(path, json={"state": "revoked"}, headers={"If-Match": '"2"'})
    assert (revoked.status_code, revoked.json()["started_on"]) == (200, None)
    again = world.patch(path, json={"state": "accepted"}, headers={"If-Match": '"3"'})
    assert again.status_code == 422


def test_visits_are_recorded_and_told(world: TestClient, started: tuple[str, str]) -> None:
    path, _ = started
    made = visit(world, path, "retained", income_usd=180.0, warnings=["wage_arrears"])
    assert (made.status_code, made.json()["day"]) == (201, 90)
    told = world.get(path.rsplit("/", 1)[0]).json()["items"]
    assert told[0]["visits"] == [made.json()]
    twice = visit(world, path, "retained")
    assert (twice.status_code, twice.json()["type"].split(":")[-1]) == (409, "already-there")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("visited_on", {"outcome": "retained", "days_ago": 101}),
        ("visited_on", {"outcome": "retained", "days_ago": -1}),
        ("outcome", {"outcome": "fine"}),
        ("ended_on", {"outcome": "retained", "ended_on": str(TODAY - dt.timedelta(days=20))}),
        ("ended_on", {"outcome": "ended", "ended_on": str(TODAY)}),
        ("employer_reported", {"outcome": "ended", "employer_reported": True}),
        ("warnings[0]", {"outcome": "retained", "warnings": ["bad mood"]}),
        ("income_usd", {"outcome": "retained", "income_usd": -1}),
    ],
)
def test_a_visit_that_can_t_be_is_refused(
    world: TestClient, started: tuple[str, str], field: str, values: dict[str, Any]
) -> None:
    refused = visit(world, started[0], **values)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["field"] == field


def test_a_credible_report_pauses_every_offer_of_the_employer(
    world: TestClient, started: tuple[str, str], slate: dict[str, Any]
) -> None:
    path, offer = started
    why_not = f"/v1/clients/{slate['client_id']}/opportunities/{offer}/why-not"
    assert world.get(why_not).json()["offered"]
    assert visit(world, path, "harm", employer_reported=True).status_code == 201
    told = world.get(why_not).json()
    assert not told["offered"]
    assert any(
        "harm" in reason["code"] or "harm" in reason["message"] for reason in told["reasons"]
    )


def test_what_is_due_leaves_when_it_is_done_or_over(
    world: TestClient, started: tuple[str, str]
) -> None:
    path, _ = started
    windows = [item["window_days"] for item in world.get("/v1/visits/due").json()["items"]]
    assert windows == [30, 90]
    visit(world, path, "retained", days_ago=65)
    assert [one["window_days"] for one in world.get("/v1/visits/due").json()["items"]] == [90]
    visit(world, path, "ended", days_ago=5)
    assert world.get("/v1/visits/due").json()["items"] == []


def test_the_command_line_does_the_same(world_path: Path) -> None:
    def run(*words: str) -> Any:
        where = ["--database", str(world_path), "--json"]
        done = CliRunner().invoke(app, [*words, *where], env={"PLACEMENT_TODAY": str(TODAY)})
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    slate = run("suggest", CLIENT)
    offer = slate["suggestions"][0]
    steps = [offer["steps"][0], *(["--then", offer["steps"][1]] if offer["steps"][1:] else [])]
    chosen = ["--slate", slate["slate_id"], "--consented", "--on", "2026-08-01"]
    referral = run("follow-up", "refer", CLIENT, *steps, *chosen)["referral_id"]
    started = run("follow-up", "answer", CLIENT, referral, "accepted", "--started-on", "2026-08-10")
    assert started["state"] == "accepted"
    assert [one["window_days"] for one in run("follow-up", "due")["items"]] == [30, 90]
    on = ["--on", "2026-11-10", "--outcome", "retained", "--warning", "broker_contact"]
    assert run("follow-up", "visit", CLIENT, referral, *on)["day"] == 92
    assert len(run("follow-up", "list", CLIENT)["items"][0]["visits"]) == 1


def test_without_consent_the_command_says_so(world_path: Path) -> None:
    words = ["follow-up", "refer", CLIENT, "V-000001", "--database", str(world_path)]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 1
    assert "consented" in refused.stderr

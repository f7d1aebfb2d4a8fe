"""Plans as an officer and a manager work with them: made, read, overridden, applied, given back."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import select
from starlette.testclient import TestClient

from api.db import Database
from models.audit import Audit

COHORT = {"cohort": "malaysia-august"}


def make(world: TestClient, **terms: Any) -> dict[str, Any]:
    answer = world.post("/v1/plans", json=terms or COHORT)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def apply(world: TestClient, plan: dict[str, Any], **headers: str) -> Any:
    return world.post(f"/v1/plans/{plan['plan_id']}/apply", json={}, headers=headers)


def placed(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in plan["lines"] if line["opportunity_id"]]


def actions(path: Path, client_id: str) -> list[str]:
    with Database(f"sqlite:///{path}").reading() as session:
        query = select(Audit).where(Audit.client_id == client_id).order_by(Audit.audit_id)
        return [row.action for row in session.exec(query)]


def run_sql(path: Path, statement: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_plan_is_made_and_read_again_as_made(world: TestClient, world_path: Path) -> None:
    plan = make(world)
    figures = plan["figures"]
    assert len(plan["lines"]) == figures["clients"] == 15
    assert len(placed(plan)) == figures["placed"] > 0
    total = sum(line["value"] for line in placed(plan))
    assert total == pytest.approx(figures["objective"], abs=1e-6)
    assert figures["objective"] <= figures["bound"] + 1e-9
    assert plan["proof"] == "optimal"
    assert plan["status"] == "proposed"
    assert world.get(f"/v1/plans/{plan['plan_id']}").json() == plan
    assert actions(world_path, "C-000001") == ["client.import", "plan.make", "plan.read"]


def test_the_same_inputs_give_the_same_plan(world: TestClient) -> None:
    first, second = make(world), make(world)
    assert first["plan_id"] != second["plan_id"]
    assert first["inputs_hash"] == second["inputs_hash"]
    assert first["lines"] == second["lines"]
    assert make(world, **COHORT, fund_usd=300)["inputs_hash"] != first["inputs_hash"]


def test_a_value_is_the_chance_a_slate_shows(world: TestClient) -> None:
    line = next(line for line in placed(make(world)) if line["kind"] != "pathway")
    path = f"/v1/clients/{line['client_id']}/opportunities/{line['opportunity_id']}/why"
    assert world.get(path).json()["retention_90d"] == pytest.approx(line["value"], abs=1e-8)


def test_the_fund_is_kept(world: TestClient) -> None:
    free = make(world)["figures"]["spent_usd"]
    fund = free / 2
    plan = make(world, **COHORT, fund_usd=fund)
    assert free > 0
    assert sum(line["cost_usd"] for line in plan["lines"]) == plan["figures"]["spent_usd"] <= fund


def test_a_plan_for_an_officer_is_for_that_officers_clients(world: TestClient) -> None:
    for client_id in ("C-000002", "C-000003"):
        etag = world.get(f"/v1/clients/{client_id}").headers["etag"]
        headers = {"If-Match": etag}
        change = world.patch(f"/v1/clients/{client_id}", json={"officer": "sok"}, headers=headers)
        assert change.json()["officer"] == "sok"
    plan = make(world, officer="sok")
    assert [line["client_id"] for line in plan["lines"]] == ["C-000002", "C-000003"]
    missing = world.post("/v1/plans", json={"officer": "nobody"})
    assert (missing.status_code, missing.json()["detail"]) == (
        404,
        "There is no officer with clients nobody.",
    )


def test_an_override_plans_again_and_names_its_parent(world: TestClient) -> None:
    plan = make(world)
    line = placed(plan)[0]
    pair = {"client_id": line["client_id"], "opportunity_id": line["opportunity_id"]}
    path = f"/v1/plans/{plan['plan_id']}/overrides"
    banned = world.post(path, json={"bans": [pair]})
    assert banned.status_code == 201, banned.text
    other = banned.json()
    assert other["parent_id"] == plan["plan_id"]
    assert pair in other["asked"]["bans"]
    assert other["figures"]["objective"] <= plan["figures"]["objective"] + 1e-9
    changed = next(x for x in other["lines"] if x["client_id"] == line["client_id"])
    assert changed["opportunity_id"] != line["opportunity_id"]
    back = world.post(f"/v1/plans/{other['plan_id']}/overrides", json={"pins": [pair]}).json()
    again = next(x for x in back["lines"] if x["client_id"] == line["client_id"])
    assert (again["opportunity_id"], again["standing"]) == (line["opportunity_id"], "pinned")
    assert back["asked"]["bans"] == []


def test_a_keyed_plan_is_made_once(world: TestClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = world.post("/v1/plans", json=COHORT, headers=headers)
    second = world.post("/v1/plans", json=COHORT, headers=headers)
    assert first.json() == second.json()
    assert second.headers["idempotent-replay"] == "true"


def test_applying_takes_the_seats_once(world: TestClient, world_path: Path) -> None:
    plan = make(world)
    applied = apply(world, plan)
    assert applied.status_code == 200, applied.text
    assert applied.json()["status"] == "applied"
    assert applied.json()["applied_by"] == "officer.sok"
    again = apply(world, plan)
    assert again.json() == applied.json()
    engine = create_engine(f"sqlite:///{world_path}")
    with engine.connect() as connection:
        held = connection.execute(text("SELECT client_id FROM placement")).scalars().all()
    engine.dispose()
    assert sorted(held) == [line["client_id"] for line in placed(plan)]
    assert "plan.apply" in actions(world_path, held[0])


def test_who_holds_a_seat_is_not_planned_for_again(world: TestClient) -> None:
    plan = make(world)
    apply(world, plan)
    rest = make(world)
    assert rest["figures"]["already_placed"] == plan["figures"]["placed"]
    assert placed(rest) == []


def test_seats_given_back_can_be_planned_again(world: TestClient) -> None:
    plan = make(world)
    apply(world, plan)
    path = f"/v1/plans/{plan['plan_id']}"
    assert world.post(f"{path}/overrides", json={}).status_code == 409
    released = world.post(f"{path}/release", json={})
    assert released.json()["status"] == "released"
    assert world.post(f"{path}/release", json={}).json() == released.json()
    assert make(world)["lines"] == plan["lines"]
    assert apply(world, plan).status_code == 409


def test_a_plan_that_no_longer_holds_takes_nothing_and_says_each_reason(
    world: TestClient, world_path: Path
) -> None:
    plan = make(world)
    first, second = placed(plan)[:2]
    run_sql(
        world_path,
        f"UPDATE client SET consent_to_match = false WHERE client_id = '{first['client_id']}'",
    )
    run_sql(
        world_path,
        f"UPDATE opportunity SET seats = 0 WHERE opportunity_id = '{second['opportunity_id']}'",
    )
    run_sql(world_path, "UPDATE market_revision SET number = number + 1")
    refused = apply(world, plan)
    assert refused.status_code == 409
    body = refused.json()
    assert body["type"] == "urn:placement:problem:plan-conflict"
    found = {(c["client_id"], c["code"]) for c in body["conflicts"]}
    assert {(first["client_id"], "forbidden"), (second["client_id"], "no_seat")} <= found
    assert any("consent refused" in conflict["message"] for conflict in body["conflicts"])
    assert world.get(f"/v1/plans/{plan['plan_id']}").json()["status"] == "proposed"
    assert "plan.apply" in actions(world_path, first["client_id"])


def test_two_plans_for_the_same_clients_do_not_both_apply(world: TestClient) -> None:
    first, second = make(world), make(world)
    assert apply(world, first).status_code == 200
    refused = apply(world, second)
    assert refused.status_code == 409
    assert {conflict["code"] for conflict in refused.json()["conflicts"]} >= {"placed"}


@pytest.mark.parametrize(
    ("terms", "status", "said"),
    [
        ({"cohort": "nowhere"}, 404, "There is no cohort nowhere."),
        ({**COHORT, "officer": "sok"}, 422, None),
        ({**COHORT, "floor": "equal"}, 422, None),
        ({**COHORT, "fund_usd": -1}, 422, None),
        (
            {**COHORT, "pins": [{"client_id": "C-NONE", "opportunity_id": "V-NONE"}]},
            404,
            "There is no client C-NONE.",
        ),
        (
            {**COHORT, "bans": [{"client_id": "C-000002", "opportunity_id": "V-NONE"}]},
            404,
            "There is no offer V-NONE.",
        ),
        (
            {**COHORT, "pins": [{"client_id": "C-000060", "opportunity_id": "V-NONE"}]},
            409,
            "C-000060 is not among the clients this plan is for.",
        ),
    ],
)
def test_terms_that_name_nothing_are_refused(
    world: TestClient, terms: dict[str, Any], status: int, said: str | None
) -> None:
    answer = world.post("/v1/plans", json=terms)
    assert answer.status_code == status, answer.text
    assert said is None or answer.json()["detail"] == said


def test_a_pin_that_a_gate_forbids_gives_its_reasons(world: TestClient, world_path: Path) -> None:
    blocked = world.get("/v1/opportunities", params={"verdict": "block", "limit": 1}).json()
    pair = {"client_id": "C-000002", "opportunity_id": blocked["items"][0]["opportunity_id"]}
    answer = world.post("/v1/plans", json={**COHORT, "pins": [pair]})
    assert answer.status_code == 409
    assert {reason["code"] for reason in answer.json()["reasons"]} & {"unsafe"}
    assert "plan.refused" in actions(world_path, "C-000002")


def test_pins_that_contradict_each_other_are_named(world: TestClient) -> None:
    line = placed(make(world))[0]
    pair = {"client_id": line["client_id"], "opportunity_id": line["opportunity_id"]}
    answer = world.post("/v1/plans", json={**COHORT, "pins": [pair], "bans": [pair]})
    assert answer.status_code == 409
    assert line["client_id"] in answer.json()["detail"]
    assert line["opportunity_id"] in answer.json()["detail"]


def test_a_plan_is_told_in_khmer(world: TestClient) -> None:
    headers = {"Accept-Language": "km"}
    plan = world.post("/v1/plans", json=COHORT, headers=headers).json()
    assert all(any("\u1780" <= s <= "\u17ff" for s in line["reason"]) for line in plan["lines"])


def test_the_employer_side_does_not_see_that_a_seat_is_held(world: TestClient) -> None:
    plan = make(world)
    path = f"/v1/opportunities/{placed(plan)[0]['opportunity_id']}"
    before = world.get(path)
    apply(world, plan)
    after = world.get(path)
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])

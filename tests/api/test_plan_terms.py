"""Every term of a plan over HTTP, why a stored plan reads so, and who is refused what."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

COHORT = {"cohort": "malaysia-august"}


def make(world: TestClient, **terms: Any) -> dict[str, Any]:
    answer = world.post("/v1/plans", json=COHORT | terms)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def placed(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in plan["lines"] if line["opportunity_id"]]


def run_sql(path: Path, *statements: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_every_term_is_kept_with_the_plan(world: TestClient) -> None:
    line = placed(make(world))[0]
    asked = {
        "fund_usd": 900.0,
        "floors": {"female": 0.1},
        "households": True,
        "reserved": [{"opportunity_id": line["opportunity_id"], "seats": 1, "group": None}],
        "must_place": False,
        "cases_a_week": 3,
    }
    plan = make(world, **asked)
    assert {name: plan["asked"][name] for name in asked} == asked
    assert world.get(f"/v1/plans/{plan['plan_id']}").json() == plan


def test_officers_weeks_are_kept_and_told(world: TestClient, world_path: Path) -> None:
    run_sql(world_path, "UPDATE client SET officer = 'sok' WHERE client_id <> 'C-000001'")
    free = make(world)
    plan = make(world, cases_a_week=1)
    weeks = plan["figures"]["officers"]
    assert weeks
    assert all(week["officer"] == "sok" and week["cases"] <= week["room"] for week in weeks)
    counted = sum(line["client_id"] != "C-000001" for line in placed(plan))
    assert sum(week["cases"] for week in weeks) == counted
    assert plan["figures"]["unaccompanied"] == 1
    assert plan["figures"]["objective"] <= free["figures"]["objective"] + 1e-9
    assert world.post(f"/v1/plans/{plan['plan_id']}/apply", json={}).status_code == 200
    run_sql(world_path, "UPDATE client SET cohort = 'malaysia-august' WHERE officer = 'sok'")
    later = make(world, cases_a_week=1)
    both = {week["monday"]: week["cases"] for week in weeks}
    for week in later["figures"]["officers"]:
        assert both.get(week["monday"], 0) + week["cases"] <= 1
    missing = world.post("/v1/plans", json={**COHORT, "cases_of": {"nobody": 2}})
    assert missing.status_code == 404


def test_plans_are_listed_the_newest_first(world: TestClient) -> None:
    ids = [make(world, fund_usd=fund)["plan_id"] for fund in (100, 200, 300)]
    first = world.get("/v1/plans", params={"limit": 2})
    assert [item["plan_id"] for item in first.json()["items"]] == ids[:0:-1]
    assert first.json()["items"][0]["asked"] == COHORT | {"fund_usd": 300.0}
    following = first.headers["link"].split(";")[0].strip("<>")
    assert [item["plan_id"] for item in world.get(following).json()["items"]] == ids[:1]


def test_why_is_told_of_a_stored_plan_also_while_it_holds_seats(world: TestClient) -> None:
    plan = make(world)
    line = placed(plan)[0]
    path = f"/v1/plans/{plan['plan_id']}/clients/{line['client_id']}/why"
    told = world.get(path)
    assert told.status_code == 200, told.text
    assert told.json()["line"] == line
    choices = told.json()["choices"]
    assert choices
    assert all(one["own"] == pytest.approx(one["value"] - line["value"]) for one in choices)
    assert all(one["own"] + one["others"] <= 1e-6 for one in choices if one["others"] is not None)
    world.post(f"/v1/plans/{plan['plan_id']}/apply", json={})
    assert world.get(path).json()["choices"] == choices
    assert world.get(f"/v1/plans/{plan['plan_id']}/clients/C-000060/why").status_code == 404


def test_an_override_gives_what_why_said_it_would(world: TestClient) -> None:
    plan = make(world)
    line = placed(plan)[0]
    path = f"/v1/plans/{plan['plan_id']}"
    choice = world.get(f"{path}/clients/{line['client_id']}/why").json()["choices"][0]
    pair = {"client_id": line["client_id"], "opportunity_id": choice["opportunity_id"]}
    other = world.post(f"{path}/overrides", json={"pins": [pair]}).json()
    change = other["figures"]["objective"] - plan["figures"]["objective"]
    assert change == pytest.approx(choice["own"] + choice["others"], abs=1e-6)
    lifted = world.post(f"/v1/plans/{other['plan_id']}/overrides", json={"lifted": [pair]}).json()
    assert lifted["lines"] == plan["lines"]


def test_reasons_that_hold_no_longer_are_not_told(world: TestClient, world_path: Path) -> None:
    plan = make(world)
    client_id = placed(plan)[0]["client_id"]
    run_sql(
        world_path,
        "UPDATE opportunity SET seats = seats + 1",
        "UPDATE market_revision SET number = number + 1",
    )
    answer = world.get(f"/v1/plans/{plan['plan_id']}/clients/{client_id}/why")
    assert answer.status_code == 409
    assert "has changed since" in answer.json()["detail"]


def test_seats_are_left_to_those_to_come(world: TestClient) -> None:
    plan = make(world, to_come=30)
    free = make(world)
    assert plan["figures"]["placed"] == free["figures"]["placed"]
    assert plan["figures"]["objective"] <= free["figures"]["objective"] + 1e-9
    assert plan["figures"]["bound"] == pytest.approx(free["figures"]["bound"])
    assert make(world, to_come=30)["lines"] == plan["lines"]


@pytest.mark.parametrize("aim", ["stable", "nash"])
def test_an_aim_that_hears_employers_shows_them_nothing(world: TestClient, aim: str) -> None:
    offers = world.get("/v1/opportunities").content
    plan = make(world, aim=aim)
    assert plan["figures"]["placed"] > 0
    assert world.get("/v1/opportunities").content == offers


@pytest.mark.parametrize(
    ("terms", "status", "said"),
    [
        ({"aim": "stable", "fund_usd": 5}, 422, None),
        ({"to_come": 3, "cases_a_week": 3}, 422, None),
        ({"to_come": 501}, 422, None),
        ({"together": [["C-000001", "C-000001"]]}, 422, None),
        ({"floor": "maxmin", "floors": {"female": 0.1}}, 422, None),
        ({"funds": [{"employer_id": "E-NONE", "usd": 1}]}, 404, "There is no provider of grants"),
        ({"floors": {"nobody": 0.1}}, 404, "There is no group with a client nobody."),
        ({"reserved": [{"opportunity_id": "V-NONE", "seats": 1}]}, 404, "There is no offer V-NONE"),
        ({"must_place": True, "fund_usd": 0}, None, "No plan keeps these terms."),
    ],
)
def test_terms_that_cannot_be_are_refused(
    world: TestClient, terms: dict[str, Any], status: int | None, said: str | None
) -> None:
    answer = world.post("/v1/plans", json=COHORT | terms)
    assert answer.status_code in ((status,) if status else (201, 409)), answer.text
    if said and answer.status_code != 201:
        assert said in answer.json()["detail"]


def test_more_seats_than_are_free_are_not_kept(world: TestClient) -> None:
    offer = placed(make(world))[0]["opportunity_id"]
    kept = [{"opportunity_id": offer, "seats": 1_000_000}]
    answer = world.post("/v1/plans", json={**COHORT, "reserved": kept})
    assert answer.status_code == 409
    assert "fewer than are to be kept" in answer.json()["detail"]


def test_a_household_sees_what_it_could_live_from(world: TestClient) -> None:
    path = "/v1/clients/C-000005/livelihoods"
    poor, helped = (world.get(path, params={"grant_usd": usd}).json() for usd in (0, 600))
    assert len(helped["items"]) >= len(poor["items"])
    incomes = [item["income_usd"] for item in helped["items"]]
    risks = [item["risk"] for item in helped["items"]]
    assert incomes == sorted(incomes, reverse=True)
    assert risks == sorted(risks, reverse=True)
    assert world.get("/v1/clients/C-NONE/livelihoods").status_code == 404


def test_a_week_that_another_plan_has_filled_is_a_conflict(
    world: TestClient, world_path: Path
) -> None:
    run_sql(
        world_path,
        "UPDATE client SET officer = 'sok'",
        "UPDATE client SET cohort = CASE rowid % 2 WHEN 0 THEN 'even' ELSE 'odd' END",
        "UPDATE opportunity SET starts_on = '2026-12-01', seats = 5",
        "UPDATE market_revision SET number = number + 1",
    )
    first, second = (make(world, cohort=cohort, cases_a_week=2) for cohort in ("even", "odd"))
    assert len(placed(first)) == len(placed(second)) == 2
    assert world.post(f"/v1/plans/{first['plan_id']}/apply", json={}).status_code == 200
    refused = world.post(f"/v1/plans/{second['plan_id']}/apply", json={})
    assert refused.status_code == 409
    assert {conflict["code"] for conflict in refused.json()["conflicts"]} == {"no_time"}
    assert "sok has no time left in the week of 2026-11-30" in refused.text
    again = make(world, cohort="odd", cases_a_week=2)
    assert placed(again) == []
    offered = [line for line in again["lines"] if line["standing"] == "no_time"]
    assert offered

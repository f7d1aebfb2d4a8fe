"""From outcomes to the model that answers: train, compare, a second person, slates, back again."""

import datetime as dt
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert
from sqlmodel import select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.analyst import jobs, judging, training
from api.analyst.queries import course
from api.cli import app
from api.context import Context
from api.db import Database
from api.failures import Refused
from api.services import Services
from api.visit import Visit as Asker
from matcher.learning.registry import ArtefactRefused, NotAllowed, Training
from matcher.learning.retraining import SCHEMA, expert_model
from models.client import Client
from models.follow_up import Referral, Visit
from models.opportunity import Opportunity
from models.registry import METADATA
from models.training_run import TrainingRun
from tests.api.conftest import JSON, TODAY

ROOT = Path(__file__).parents[2]
COUNT = 700


def write_placements(path: Path, count: int = COUNT, seed: int = 3) -> None:
    """Write placements whose outcome hangs on income far more than the expert thinks."""
    dice = np.random.default_rng(seed)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        clients = session.exec(select(Client.client_id)).all()
        offer = session.exec(select(Opportunity.opportunity_id)).first()
        referrals, visits = [], []
        for number in range(count):
            income = float(dice.uniform(-0.5, 1.5))
            stays = dice.random() < 1 / (1 + np.exp(-4 * (income - 0.5)))
            started = TODAY - dt.timedelta(days=int(dice.integers(95, 900)))
            key = f"R-{number:05d}"
            referrals.append(
                {
                    "referral_id": key,
                    "client_id": str(dice.choice(clients)),
                    "opportunity_id": offer,
                    "kind": "vacancy",
                    "consented": True,
                    "state": "accepted",
                    "sent_on": started,
                    "started_on": started,
                    "model_version": "expert",
                    "score": 0.0,
                    "propensity": 1.0,
                    "features": dict.fromkeys(SCHEMA) | {"net_income": income},
                    "version": 1,
                    "created_at": dt.datetime.now(dt.UTC),
                    "updated_at": dt.datetime.now(dt.UTC),
                }
            )
            visits.append(
                {
                    "referral_id": key,
                    "visited_on": started + dt.timedelta(days=90),
                    "outcome": "retained" if stays else "ended",
                    "warnings": [],
                    "employer_reported": False,
                    "who": "tests",
                    "created_at": dt.datetime.now(dt.UTC),
                }
            )
        for table, rows in ((Referral, referrals), (Visit, visits)):
            named = METADATA.tables[str(table.__tablename__)]
            session.connection().execute(insert(named), rows)
    database.close()


@pytest.fixture
def lived(world_path: Path) -> Path:
    write_placements(world_path)
    return world_path


@pytest.fixture
def visit(lived: Path, services: Services) -> Asker:
    return Asker(services, "dara", "r-1", "en")


def made(visit: Asker, **more: Any) -> str:
    placements = training.placements_seen(visit, "model.train")
    return training.train(visit.services, placements, "dara", **more).version


def shown(world: TestClient) -> dict[str, Any]:
    answer = world.post("/v1/clients/C-000001/slates", json={"k": 3})
    return {"status": answer.status_code, **answer.json()}


def test_a_model_answers_after_a_second_person_and_until_somebody_goes_back(
    visit: Asker, start: Callable[..., TestClient], lived: Path
) -> None:
    version = made(visit)
    verdict = judging.compare(visit, version)
    assert verdict.passed, verdict.reasons
    world = start(lived)
    expert = shown(world)["model_version"]
    assert expert.startswith("expert-")
    with pytest.raises(NotAllowed, match="second person"):
        judging.promote(visit.services, version, " DARA")
    assert shown(world)["model_version"] == expert
    judging.promote(visit.services, version, "vanna")
    slate = shown(world)
    assert slate["model_version"] == version == world.get("/ready").json()["model_version"]
    for offer in slate["suggestions"]:
        total = offer["base"] + sum(offer["contributions"].values())
        assert total == pytest.approx(offer["score"])
    told = world.get("/v1/models").json()
    assert told["active"] == version
    assert (told["items"][0]["passed"], told["items"][0]["approved_by"]) == (True, "vanna")
    card = f"/v1/models/{version}/card"
    assert world.get(card).json()["title"] == version
    page = world.get(card, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    assert f"<h1>{version}</h1>" in page.text
    judging.roll_back(visit.services, "vanna")
    assert shown(world)["model_version"] == expert


def test_a_changed_byte_stops_answers_and_says_so(
    visit: Asker, start: Callable[..., TestClient], lived: Path
) -> None:
    version = made(visit)
    judging.compare(visit, version)
    judging.promote(visit.services, version, "vanna")
    stored = training.registry_of(visit.services).folder(version) / "model.skops"
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.write_bytes(bytes(content))
    world = start(lived)
    refused = shown(world)
    assert (refused["status"], "SHA-256" in refused["detail"]) == (503, True)
    assert world.get("/ready").status_code == 503
    assert world.get("/v1/opportunities").status_code == 200
    assert "SHA-256" in world.get("/v1/models").json()["items"][0]["problem"]
    assert world.get(f"/v1/models/{version}/card").status_code == 409
    assert world.get("/v1/models/no-such/card").status_code == 404
    judging.roll_back(visit.services, "vanna")
    assert shown(world)["status"] == 201


def test_the_gate_refuses_a_changed_file_before_anybody_can_promote_it(visit: Asker) -> None:
    version = made(visit)
    rows = training.registry_of(visit.services).folder(version) / "training-rows.txt"
    rows.write_text(rows.read_text() + "0\n")
    verdict = judging.compare(visit, version)
    assert not verdict.passed
    with pytest.raises(ArtefactRefused):
        judging.promote(visit.services, version, "vanna")


def test_a_model_that_saw_what_it_is_judged_on_is_refused(visit: Asker) -> None:
    placements = training.placements_seen(visit, "model.train")
    registry = training.registry_of(visit.services)
    honest = registry.read(made(visit))
    seen = Training.of(
        placements.features,
        placements.retained(90),
        placements.row_id,
        placements.placed_on,
        np.minimum(placements.known_on, np.datetime64(honest.training.last_known)),
    )
    description = honest.manifest.description
    leaked = registry.add(expert_model(visit.services.reference.scorecard), description, seen)
    verdict = judging.compare(visit, leaked.version)
    assert any("are among those it was trained on" in reason for reason in verdict.reasons)
    with pytest.raises(NotAllowed, match="the gate refused it"):
        judging.promote(visit.services, leaked.version, "vanna")


def test_what_is_held_out_starts_after_anything_the_model_knew(visit: Asker) -> None:
    placements = training.placements_seen(visit, "model.train")
    parts = training.split(placements, TODAY)
    assert parts.known.known_on.max() < parts.day <= parts.later.placed_on.min()
    assert not set(parts.known.row_id) & set(parts.later.row_id)
    with pytest.raises(Refused, match="name a later day"):
        training.split(placements, TODAY, dt.date(2000, 1, 1))


def test_nothing_to_learn_from_is_said(services: Services) -> None:
    with pytest.raises(Refused, match="nothing to learn"):
        made(Asker(services, "dara", "r-1", "en"))


START = dt.date(2026, 1, 1)


def visits(*told: tuple[Any, ...]) -> list[Visit]:
    return [
        Visit(
            visited_on=START + dt.timedelta(days=day),
            outcome=outcome,
            ended_on=START + dt.timedelta(days=ended[0]) if ended else None,
        )
        for day, outcome, *ended in told
    ]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ([], (0, 0)),  # nobody has looked
        ([(30, "not_reached")], (0, 0)),  # lost is neither safe nor gone
        ([(31, "retained"), (90, "not_reached")], (31, 0)),
        ([(78, "retained")], (90, 0)),  # the visit of day 90, made when it was shown as due
        ([(75, "retained")], (75, 0)),
        ([(30, "retained"), (92, "ended", 41)], (41, 2)),
        ([(92, "better")], (92, 1)),  # the day it ended was not told
        ([(30, "harm", 0)], (1, 3)),
        ([(30, "ended", 20), (90, "retained")], (20, 2)),  # an end is an end
        ([(365, "retained"), (700, "ended", 600)], (365, 0)),  # after the last visit
        ([(500, "retained")], (365, 0)),
    ],
)
def test_visits_tell_how_far_a_placement_is_known(
    told: list[tuple[Any, ...]], known: tuple[int, int]
) -> None:
    assert course(START, visits(*told)) == known


def cli(*arguments: str, path: Path, code: int = 0) -> str:
    folder = {"PLACEMENT_MODELS_FOLDER": str(path.parent / "models"), "COLUMNS": "100"}
    options = ["--database", str(path)]
    result = CliRunner().invoke(app, ["model", *arguments, *options], env=folder)
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_the_same_from_the_command_line(lived: Path) -> None:
    day = ("--as-of", str(TODAY))
    run = json.loads(cli("train", "--by", "dara", "--json", *day, path=lived))
    assert (run["state"], run["progress"], run["who"]) == ("done", 1.0, "dara")
    version = run["made_version"]
    assert "not been proposed" in cli("promote", version, "--by", "vanna", path=lived, code=1)
    assert json.loads(cli("compare", version, "--by", "dara", "--json", *day, path=lived))["passed"]
    found = json.loads(cli("evaluate", version, "--json", *day, path=lived))
    assert found["figures"]["log_loss"] < found["expert"]["log_loss"]
    assert found["figures"]["outcomes"] == found["expert"]["outcomes"] > 100
    refused = cli("promote", version, "--by", "Dara", path=lived, code=1)
    assert refused.count("\n") == 1
    assert json.loads(cli("promote", version, "--by", "vanna", "--json", path=lived)) == {
        "active": version
    }
    assert version in cli("list", path=lived)
    assert cli("card", version, path=lived).startswith(f"# {version}")
    page = lived.with_name("card.html")
    assert cli("card", version, "--page", str(page), path=lived) == ""
    assert f"<h1>{version}</h1>" in page.read_text(encoding="utf-8")
    assert "moves" in json.loads(cli("drift", "--json", *day, path=lived))
    assert json.loads(cli("rollback", "--by", "vanna", "--json", path=lived)) == {"active": None}
    assert "no model was active" in cli("rollback", "--by", "vanna", path=lived, code=1)
    assert "no-such" in cli("card", "no-such", path=lived, code=1)


Answer = tuple[int, dict[str, Any]]


def ask(world: TestClient, path: str, by: str | None, key: str | None = None) -> Answer:
    """Post to a model's route as somebody, or as nobody."""
    headers = JSON | ({"X-Actor": by} if by else {})
    headers |= {"Idempotency-Key": key} if key else {}
    with_nobody = TestClient(world.app, base_url="http://localhost")
    answer = with_nobody.post(f"/v1/models/{path}", headers=headers)
    return answer.status_code, answer.json()


def test_the_same_over_http_with_a_second_person(
    visit: Asker, start: Callable[..., TestClient], lived: Path
) -> None:
    version, world = made(visit), start(lived)
    status, refused = ask(world, f"{version}/promotions", "vanna")
    assert (status, "not been proposed" in refused["detail"]) == (409, True)
    status, verdict = ask(world, f"{version}/comparisons", "dara", key="one")
    assert (status, verdict["passed"], verdict["candidate"]) == (201, True, version)
    assert {check["status"] for check in verdict["checks"]} <= {"passed", "unsure"}
    assert ask(world, f"{version}/comparisons", "dara", key="one") == (201, verdict)
    for first_person in ("dara", " DARA "):
        status, refused = ask(world, f"{version}/promotions", first_person)
        assert (status, "a second person approves" in refused["detail"]) == (409, True)
    status, answering = ask(world, f"{version}/promotions", "vanna", key="two")
    assert (status, answering["active"], answering["by"]) == (201, version, "vanna")
    assert ask(world, f"{version}/promotions", "vanna", key="two") == (201, answering)
    assert shown(world)["model_version"] == version
    status, back = ask(world, f"{version}/rollbacks", "sok")
    assert (status, back["active"], back["by"]) == (201, None, "sok")
    status, refused = ask(world, f"{version}/rollbacks", "sok")  # sent twice, one step back
    assert (status, "is not active" in refused["detail"]) == (409, True)
    assert shown(world)["model_version"].startswith("expert-")


@pytest.mark.parametrize("step", ["comparisons", "promotions", "rollbacks"])
def test_no_step_of_promotion_is_anonymous(
    visit: Asker, start: Callable[..., TestClient], lived: Path, step: str
) -> None:
    version, world = made(visit), start(lived)
    if step != "comparisons":
        judging.compare(visit, version)
    if step == "rollbacks":
        judging.promote(visit.services, version, "vanna")
    before = judging.listing(visit.services)
    for nobody in (None, "anonymous", "Anonymous", " "):
        status, refused = ask(world, f"{version}/{step}", nobody)
        assert (status, refused["type"]) == (409, "urn:placement:problem:refused")
        assert "name of who does it" in refused["detail"]
    assert judging.listing(visit.services) == before
    assert "name of who does it" in cli(
        *{
            "comparisons": ("compare", version),
            "promotions": ("promote", version),
            "rollbacks": ("rollback",),
        }[step], "--by", "anonymous", path=lived, code=1,
    )  # fmt: skip


def test_a_model_is_evaluated_and_watched_over_http(
    visit: Asker, start: Callable[..., TestClient], lived: Path
) -> None:
    version, world = made(visit), start(lived)
    found = world.get(f"/v1/models/{version}/evaluation").json()
    assert found["figures"]["log_loss"] < found["expert"]["log_loss"]
    assert found["first_day"] <= found["last_day"]
    assert {row["attribute"] for row in found["groups"]} > {"sex", "province"}
    moved = world.get("/v1/models/drift", params={"since": "2026-01-01"}).json()
    assert moved["messages"]
    assert world.get("/v1/models/drift", params={"since": "soon"}).status_code == 422
    for path in ("evaluation", "comparisons", "promotions", "rollbacks"):
        method = world.get if path == "evaluation" else world.post
        assert method(f"/v1/models/no-such/{path}", headers=JSON).status_code == 404


def state(path: Path, run_id: str) -> TrainingRun:
    database = Database(f"sqlite:///{path}")
    with database.reading() as session:
        found = session.get(TrainingRun, run_id)
    database.close()
    assert found is not None
    return found


def queued(services: Services) -> str:
    with services.database.writing() as session:
        context = Context(session, services, "dara", "r-1", "en")
        return jobs.queue(context).run_id


def test_a_run_that_lost_its_process_is_queued_once_more_and_then_failed(
    services: Services, lived: Path
) -> None:
    run_id = queued(services)
    later = dt.datetime.now(dt.UTC) + jobs.STALE + dt.timedelta(seconds=5)
    for expected in ("queued", "failed"):
        assert jobs.claim(services, run_id) is not None
        assert jobs.claim(services, run_id) is None  # one process has it
        assert jobs.sweep(services) == []  # its heart beats
        assert jobs.sweep(services, later) == [run_id]
        assert state(lived, run_id).state == expected
    assert state(lived, run_id).problem_kind == "interrupted"


def test_a_process_thought_dead_stores_nothing(services: Services, lived: Path) -> None:
    run_id = queued(services)

    def given_away(step: str, share: float) -> None:
        if step == "storing":
            jobs.released(services, run_id)

    assert jobs.work(services, run_id, given_away).state == "queued"
    assert training.registry_of(services).versions == []


def test_why_a_run_failed_is_kept(services: Services, world_path: Path) -> None:
    run = jobs.work(services, queued(services))
    assert (run.state, run.problem_kind) == ("failed", "refused")
    assert "nothing to learn" in str(run.problem)


def wait_for(path: Path, run_id: str, *states: str) -> TrainingRun:
    until = time.monotonic() + 60
    while (run := state(path, run_id)).state not in states:
        assert time.monotonic() < until, run
        time.sleep(0.02)
    return run


def test_a_killed_training_leaves_what_answers_alone_and_is_done_again(
    start: Callable[..., TestClient], lived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    world = start(lived)
    before = shown(world)["model_version"]
    made = world.post("/v1/training-runs", json={"seed": 4})
    assert (made.status_code, made.json()["state"]) == (202, "queued")
    where = made.headers["location"]
    run_id = made.json()["run_id"]
    wait_for(lived, run_id, "running")
    os.kill(world.app.state.runner.child, signal.SIGKILL)  # type: ignore[attr-defined]
    assert wait_for(lived, run_id, "done").attempts == 2
    told = world.get(where).json()
    assert (told["state"], told["progress"], told["seed"]) == ("done", 1.0, 4)
    artefacts = [p.name for p in (lived.parent / "models" / "artefacts").iterdir()]
    assert artefacts == [told["made_version"]]
    assert shown(world)["model_version"] == before
    assert world.get("/v1/training-runs/T-none").status_code == 404

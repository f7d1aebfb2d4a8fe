"""The demo: loaded once, in one step, never over anything else; what it shows."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from api.cli import app
from api.db import Database
from api.intake.demo import DemoSize, loaded
from api.officer.slate_schemas import SuggestionOut
from models.client import Client
from models.follow_up import Referral
from models.slate import Slate, SlateOffer

SIZE = ["--clients", "30", "--opportunities", "200", "--seed", "7"]
DAY = ["--as-of", "2026-11-23"]
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.setenv("PLACEMENT_DATABASE_URL", f"sqlite:///{tmp_path / 'var' / 'demo.db'}")
    monkeypatch.setenv("PLACEMENT_REFERENCE_FOLDER", str(tmp_path / "reference"))
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


def test_the_demo_loads_once_and_shows_three_clients(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "var" / "demo.db"
    first = run("demo", *SIZE, *DAY)
    assert first.exit_code == 0, first.output
    assert "30 generated clients" in first.stderr
    for client_id in ("malaysia-august", "What would help", "Why not"):
        assert client_id in first.stdout
    again = run("demo", *SIZE, *DAY)
    assert again.exit_code == 0
    assert "generated clients" not in again.stderr
    assert again.stdout == first.stdout
    other_day = run("demo", *SIZE, "--as-of", "2026-11-24")
    assert "30 generated clients" in other_day.stderr
    found = loaded(Database(f"sqlite:///{path}"))
    assert found is not None
    assert (found[0], found[1].isoformat()) == (DemoSize(30, 200, 7), "2026-11-24")
    assert [file.name for file in path.parent.iterdir()] == ["demo.db"]


def test_the_same_seed_gives_the_same_world(run: Run, tmp_path: Path) -> None:
    worlds = []
    for name in ("a.db", "b.db"):
        run("demo", "load", *SIZE, *DAY, "--database", tmp_path / name)
        with Database(f"sqlite:///{tmp_path / name}").reading() as session:
            clients = session.exec(select(Client).order_by(Client.client_id)).all()
            worlds.append([c.model_dump(exclude={"created_at", "updated_at"}) for c in clients])
    assert worlds[0] == worlds[1]
    assert len(worlds[0]) == 30


def test_what_is_no_demo_is_never_replaced(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "var" / "demo.db"
    run("demo", "load", *SIZE, *DAY)
    with Database(f"sqlite:///{path}").writing() as session:
        session.add(Client(client_id="C-REAL"))
    before = path.read_bytes()
    refused = run("demo", "load", *SIZE, *DAY)
    assert refused.exit_code == 1
    assert "more than a demo world" in refused.stderr
    assert path.read_bytes() == before
    shown = run("demo", *SIZE, "--as-of", "2026-11-25")
    assert shown.exit_code == 0, shown.output
    assert "more than the demo world of 2026-11-23" in " ".join(shown.stderr.split())


def test_a_drawn_history_keeps_the_slates_of_its_last_year(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "var" / "demo.db"
    run("demo", "load", *SIZE, *DAY)
    drawn = run("demo", "history", "--placements", 80, "--json", *DAY)
    assert json.loads(drawn.stdout)["placements"] == 80
    with Database(f"sqlite:///{path}").reading() as session:
        referrals = session.exec(select(Referral)).all()
        slates = {slate.slate_id: slate for slate in session.exec(select(Slate)).all()}
        offers = session.exec(select(SlateOffer).order_by(SlateOffer.position)).all()
    year_ago = dt.date(2025, 11, 23)
    for one in referrals:
        assert (one.slate_id in slates) == (one.started_on >= year_ago), one
    for one in (referral for referral in referrals if referral.slate_id):
        shown = [offer for offer in offers if offer.slate_id == one.slate_id]
        put = shown[0]
        assert (put.opportunity_id, put.propensity) == (one.opportunity_id, one.propensity)
        assert sum(offer.propensity for offer in shown) == pytest.approx(1.0)
        for offer in shown:
            total = offer.base + sum(offer.contributions.values())
            assert total == pytest.approx(offer.score)
            SuggestionOut.model_validate(offer.shown)


def test_the_demo_as_json_and_in_khmer(run: Run) -> None:
    run("demo", "load", *SIZE, *DAY)
    shown = json.loads(run("demo", "show", "--json", *DAY).stdout)
    assert len(shown["cases"]) == 3
    assert shown["why_not"]["reasons"]
    khmer = run("demo", "show", "--lang", "km", *DAY)
    assert "អ្វីដែលអាចជួយបាន" in khmer.stdout

"""The command line: what it prints, in both languages, and how it refuses."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from rich.cells import cell_len
from sqlmodel import select
from typer.testing import CliRunner, Result

from api.cli import app
from api.db import Database
from models.employer import Employer

ROOT = Path(__file__).parents[2]
DAY = ["--as-of", "2026-11-23"]
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.setenv("PLACEMENT_REFERENCE_FOLDER", str(tmp_path / "reference"))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def on_world(run: Run, world_path: Path) -> Run:
    return lambda *arguments: run(*arguments, "--database", world_path)


def refused(result: Result) -> str:
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("placement: ")
    return last


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_slate_fits_the_screen_in_both_languages(on_world: Run, language: str) -> None:
    result = on_world("suggest", "C-000002", "-k", 3, "--lang", language, *DAY)
    assert result.exit_code == 0, result.output
    assert max(cell_len(line) for line in result.stdout.splitlines()) <= 90
    assert "C-000002" in result.stdout
    assert ("certain:" if language == "en" else "ច្បាស់លាស់៖") in result.stdout
    assert "%" in result.stdout


def test_json_is_alone_on_stdout(on_world: Run) -> None:
    result = on_world("suggest", "C-000002", "-k", 2, "--json", *DAY)
    slate = json.loads(result.stdout)
    assert slate["client_id"] == "C-000002"
    first = slate["suggestions"][0]["opportunity_id"]
    why = json.loads(on_world("why", "C-000002", first, "--json", *DAY).stdout)
    assert why["base"] + sum(why["contributions"].values()) == pytest.approx(why["score"])
    why_not = json.loads(on_world("why-not", "C-000002", first, "--json", *DAY).stdout)
    assert why_not["offered"] is True
    helps = json.loads(on_world("what-would-help", "C-000001", "--json", *DAY).stdout)
    assert helps["client_id"] == "C-000001"
    listed = json.loads(on_world("clients", "--cohort", "malaysia-august", "--json").stdout)
    assert len(listed["items"]) == 15
    counted = json.loads(on_world("screen", "--json", *DAY).stdout)
    assert counted["clear"] + counted["review"] + counted["block"] == 400


def test_why_adds_up_and_why_not_names_each_reason(on_world: Run) -> None:
    slate = json.loads(on_world("suggest", "C-000002", "--json", *DAY).stdout)
    plain = next(s for s in slate["suggestions"] if len(s["steps"]) == 1)
    why = on_world("why", "C-000002", plain["opportunity_id"], *DAY)
    assert plain["title"] in why.stdout
    for line in plain["reasons"][:3]:
        assert line["text"][:30] in why.stdout
    why_not = on_world("why-not", "C-000002", plain["opportunity_id"], *DAY)
    assert why_not.exit_code == 0


def test_why_explains_a_pathway_as_the_slate_showed_it(on_world: Run) -> None:
    ids = [c["client_id"] for c in json.loads(on_world("clients", "--json").stdout)["items"]]
    pathways = (
        (client, suggestion)
        for client in ids
        for suggestion in json.loads(on_world("suggest", client, "--json", *DAY).stdout)[
            "suggestions"
        ]
        if suggestion["kind"] == "pathway"
    )
    client, shown = next(pathways)
    first, second = shown["steps"]
    why = json.loads(on_world("why", client, first, "--then", second, "--json", *DAY).stdout)
    assert why["steps"] == [first, second]
    assert why["contributions"] == pytest.approx(shown["contributions"])


def test_an_employer_is_vetted(on_world: Run, world_path: Path) -> None:
    with Database(f"sqlite:///{world_path}").reading() as session:
        known = session.exec(select(Employer.employer_id)).first()
    vetted = on_world("vet", known, "--until", "2027-06-30", "--json")
    assert json.loads(vetted.stdout) == {"employer_id": known, "vetted_until": "2027-06-30"}
    refusal = refused(on_world("vet", "E-NONE", "--until", "2027-06-30"))
    assert "E-NONE" in refusal


def test_the_screen_is_summed_up_and_a_flag_cleared(on_world: Run) -> None:
    summary = on_world("screen", *DAY)
    assert "blocked" in summary.stdout
    assert "block" in summary.stdout
    pages = json.loads(on_world("screen", "--json", *DAY).stdout)
    assert pages["flags"]
    refusal = refused(on_world("clear", "V-NONE", "live_in", "--by", "Dara", "--note", "seen"))
    assert "V-NONE" in refusal


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["suggest", "C-NONE"], "There is no client C-NONE."),
        (["why", "C-000001", "V-NONE"], "There is no offer V-NONE."),
        (["why-not", "C-NONE", "V-NONE"], "There is no client C-NONE."),
        (["screen", "V-NONE"], "There is no offer V-NONE."),
        (["suggest", "C-NONE", "--lang", "km"], "គ្មានអតិថិជន C-NONE ទេ។"),
        (["import", "vacancies", "nowhere.csv"], "nowhere.csv"),
        (["import", "clients", "nowhere.xlsx"], "nowhere.xlsx"),
        (["import", "job-postings", "nowhere.json"], "nowhere.json"),
    ],
)
def test_a_refusal_is_one_clear_line(on_world: Run, arguments: list[str], said: str) -> None:
    assert said in refused(on_world(*arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        ["suggest"],
        ["suggest", "C-1", "-k", "0"],
        ["suggest", "C-1", "--lang", "fr"],
        ["suggest", "C-1", "--as-of", "yesterday"],
        ["nonsense"],
        ["import", "esco"],
        ["serve", "--port", "70000"],
    ],
)
def test_wrong_usage_ends_with_two(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_without_a_database_it_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    line = refused(run("suggest", "C-1", "--database", tmp_path / "none.db"))
    assert "placement demo" in line
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("this is no database at all, but a text of some length")
    assert "database" in refused(run("clients", "--database", tmp_path / "text.db"))
    (tmp_path / "blank.db").touch()
    assert "placement db upgrade" in refused(run("clients", "--database", tmp_path / "blank.db"))


def test_a_typing_error_in_the_environment_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACEMENT_DATABSE_URL", "x")
    assert "PLACEMENT_DATABSE_URL" in refused(run("clients"))


def test_an_unforeseen_failure_shows_no_trace(
    on_world: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a client's own words")

    monkeypatch.setattr("api.officer.slates.make", fails)
    result = on_world("suggest", "C-000001")
    assert "RuntimeError" in refused(result)
    assert "own words" not in result.output


def test_a_database_is_made_checked_and_found(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "var" / "own.db"
    assert run("db", "upgrade", "--database", path).exit_code == 0
    assert path.stat().st_mode & 0o077 == 0
    assert run("db", "check", "--database", path).exit_code == 0
    shown = json.loads(run("db", "path", "--database", path, "--json").stdout)
    assert shown == {"path": str(path), "present": True}


def test_every_command_that_prints_data_knows_json_and_every_one_a_language() -> None:
    from typer.main import get_command

    def leaves(command: Any, name: str = "") -> dict[str, Any]:
        commands = getattr(command, "commands", None)
        if not commands:
            return {name: command}
        return {k: v for one, c in commands.items() for k, v in leaves(c, f"{name} {one}").items()}

    for name, command in leaves(get_command(app)).items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert "--lang" in options, name
        assert "--json" in options or name == " serve", name


def test_a_port_that_is_taken_is_named(on_world: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        line = refused(on_world("serve", "--port", taken.getsockname()[1]))
    assert "in use" in line


def test_the_service_starts_answers_and_stops(world_path: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    code = "from api.cli import main; main()"
    arguments = ["serve", "--port", str(port), "--database", str(world_path), *DAY]
    service = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    with service:
        assert service.stderr is not None
        assert str(port) in service.stderr.readline()
        with urlopen(f"http://127.0.0.1:{port}/ready", timeout=30) as answer:
            assert json.load(answer)["status"] == "ready"
        service.send_signal(signal.SIGTERM)
        service.wait(30)
        assert "Traceback" not in service.stderr.read()


def test_the_program_runs_as_a_program(world_path: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    environment["PLACEMENT_DATABASE_URL"] = f"sqlite:///{world_path}"
    code = "from api.cli import main; main()"
    command = [sys.executable, "-c", code, "suggest", "C-000002", "--json", *DAY]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["client_id"] == "C-000002"
    assert done.stderr


def test_what_a_compiled_library_prints_does_not_reach_standard_output() -> None:
    lines = "import os; from api.cli.app import keep_output; keep_output(); "
    lines += "os.write(1, b'stray'); print('ours')"
    ran = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("ours\n", "stray")

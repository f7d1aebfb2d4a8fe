"""`placement plan` and what follows it, at a terminal and for programs."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from api.cli import app

DAY = ("--as-of", "2026-11-23")
COHORT = ("--cohort", "malaysia-august")


@pytest.fixture
def path(world_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.setenv("PLACEMENT_REFERENCE_FOLDER", str(tmp_path / "reference"))
    return world_path


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--database", str(path), *DAY])


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_plan_fits_the_screen_and_says_how_good_it_is(path: Path, language: str) -> None:
    result = run(path, "plan", *COHORT, "--fund", "300", "--floor", "maxmin", "--lang", language)
    assert result.exit_code == 0, result.output
    assert max(cell_len(line) for line in result.stdout.splitlines()) <= 90
    assert "C-000015" in result.stdout
    assert "P-000001" in result.stdout
    if language == "en":
        assert "No plan on these terms can be better" in result.stdout
        assert "The floor (maxmin) costs" in result.stdout


def test_json_is_alone_on_stdout_and_the_plan_is_applied_once(path: Path) -> None:
    plan = json.loads(run(path, "plan", *COHORT, "--json").stdout)
    applied = json.loads(run(path, "apply-plan", plan["plan_id"], "--json").stdout)
    assert applied["status"] == "applied"
    said = run(path, "apply-plan", plan["plan_id"])
    assert f"{plan['figures']['placed']} seats are held" in said.stdout
    assert run(path, "release-plan", plan["plan_id"]).exit_code == 0
    refused = run(path, "apply-plan", plan["plan_id"])
    assert refused.exit_code == 1
    assert refused.stderr.strip().splitlines()[-1].startswith("placement: ")


def test_why_says_what_another_choice_would_do_to_the_others(path: Path) -> None:
    plan = json.loads(run(path, "plan", *COHORT, "--why", "C-000002", "--json").stdout)
    choices = plan["why"]["choices"]
    assert choices
    assert all(choice["own"] <= 1e-9 or choice["others"] < 0 for choice in choices)
    assert all(choice["own"] + (choice["others"] or 0) <= 1e-6 for choice in choices)
    shown = run(path, "plan", *COHORT, "--why", "C-000002")
    assert "C-000002 is referred to" in shown.stdout
    assert choices[0]["opportunity_id"] in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--cohort", "nowhere"), "There is no cohort nowhere."),
        (("--officer", "nobody"), "There is no officer with clients nobody."),
        ((*COHORT, "--pin", "C-000002"), "expected CLIENT=OPPORTUNITY, got C-000002"),
        ((*COHORT, "--pin", "C-NONE=V-NONE"), "There is no client C-NONE."),
        ((*COHORT, "--ban", "C-000002=V-NONE"), "There is no offer V-NONE."),
        ((*COHORT, "--why", "C-NONE"), "There is no client C-NONE."),
        ((*COHORT, "--officer", "sok"), "cohort or officer"),
    ],
)
def test_a_refusal_is_one_clear_line(path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run(path, "plan", *arguments)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert said in result.stderr.strip().splitlines()[-1]


def test_a_plan_that_is_not_there_is_said_so(path: Path) -> None:
    for command in ("apply-plan", "release-plan"):
        result = run(path, command, "P-999999")
        assert result.exit_code == 1
        assert "There is no plan P-999999." in result.stderr

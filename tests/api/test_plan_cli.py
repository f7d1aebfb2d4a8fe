"""`placement plan` and what follows it, at a terminal and for programs."""

import json
import shlex
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from api.cli import app
from api.cli.plan_list import terms_asked

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
    assert ("female" in result.stdout) == (language == "en")
    assert ("ស្រី" in result.stdout) == (language == "km")


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


def test_every_term_can_be_typed(path: Path) -> None:
    assert "accompanies 15 clients more" in run(path, "accompany", "sok", *COHORT).stdout
    first = json.loads(run(path, "plan", *COHORT, "--json").stdout)
    offer = next(line["opportunity_id"] for line in first["lines"] if line["opportunity_id"])
    typed = (
        "--fund", "900", "--floor", "female=0.1", "--floor", "male=0.1", "--households",
        "--reserve", f"{offer}=1", "--load", "3", "--load", "sok=2",
    )  # fmt: skip
    plan = json.loads(run(path, "plan", "--officer", "sok", *typed, "--json").stdout)
    asked = plan["asked"]
    assert (asked["fund_usd"], asked["floors"]) == (900, {"female": 0.1, "male": 0.1})
    assert (asked["cases_a_week"], asked["cases_of"]) == (3, {"sok": 2})
    assert asked["reserved"] == [{"opportunity_id": offer, "seats": 1, "group": None}]
    assert asked["households"]
    shown = run(path, "show-plan", plan["plan_id"])
    assert shown.exit_code == 0, shown.output
    assert "Week of" in shown.stdout
    assert "sok" in shown.stdout


def test_a_plan_is_found_overridden_and_explained_later(path: Path) -> None:
    plan = json.loads(run(path, "plan", *COHORT, "--json").stdout)
    line = next(line for line in plan["lines"] if line["opportunity_id"])
    pair = f"{line['client_id']}={line['opportunity_id']}"
    assert plan["plan_id"] in run(path, "plans").stdout
    banned = run(path, "override-plan", plan["plan_id"], "--ban", pair, "--json")
    other = json.loads(banned.stdout)
    assert other["parent_id"] == plan["plan_id"]
    lifted = run(path, "override-plan", other["plan_id"], "--lift", pair, "--json")
    assert json.loads(lifted.stdout)["lines"] == plan["lines"]
    why = run(path, "show-plan", plan["plan_id"], "--why", line["client_id"])
    assert f"{line['client_id']} is referred to" in why.stdout


@pytest.mark.parametrize("language", ["en", "km"])
def test_what_is_left_to_others_fits_the_screen(path: Path, language: str) -> None:
    result = run(path, "plan", *COHORT, "--to-come", "30", "--lang", language)
    assert result.exit_code == 0, result.output
    assert max(cell_len(line) for line in result.stdout.splitlines()) <= 90
    assert "30" in result.stdout


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_household_is_shown_what_it_could_live_from(path: Path, language: str) -> None:
    result = run(path, "livelihoods", "C-000005", "--grant", "600", "--lang", language)
    assert result.exit_code == 0, result.output
    assert max(cell_len(line) for line in result.stdout.splitlines()) <= 90
    assert len(result.stdout.splitlines()) > 5


def test_prices_are_not_told_as_people_while_a_floor_is_missed(path: Path) -> None:
    result = run(path, "plan", *COHORT, "--floor", "female=1")
    assert "The floor is not met for female" in result.stdout
    assert "they are not told" in result.stdout


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--fund", "-5"), "expected --fund USD, PROVIDER=USD, got -5"),
        (("--fund", "5", "--fund", "6"), "--fund is given twice: 6"),
        (("--floor", "maxmin", "--floor", "random"), "got maxmin random"),
        (("--floor", "female=2"), "floors.female"),
        (("--reserve", "V-1"), "expected --reserve OPPORTUNITY=SEATS[:LABEL], got V-1"),
        (("--load", "1.5"), "expected --load CASES, OFFICER=CASES, got 1.5"),
        (("--together", "C-000001,C-000001"), "expected each client once"),
        (("--aim", "stable", "--fund", "5"), "aim: expected without fund_usd"),
        (("--to-come", "5", "--load", "5"), "to_come: expected without cases_a_week"),
    ],
)
def test_what_is_typed_wrongly_is_refused_in_one_line(
    path: Path, typed: tuple[str, ...], said: str
) -> None:
    result = run(path, "plan", *COHORT, *typed)
    assert result.exit_code == 1
    assert said in result.stderr.strip().splitlines()[-1]
    assert "Value error" not in result.stderr


def test_the_list_tells_terms_as_the_options_that_ask_for_them_again(path: Path) -> None:
    plain = json.loads(run(path, "plan", *COHORT, "--json").stdout)
    assert run(path, "accompany", "dara", "C-000002").exit_code == 0
    placed = [line for line in plain["lines"] if line["opportunity_id"]]
    ban = f"{placed[0]['client_id']}={placed[0]['opportunity_id']}"
    terms = (
        f"--fund 400.5 --floor female=0.5 --load 3 --load dara=2 --households --ban {ban}"
        f" --together {placed[1]['client_id']},{placed[2]['client_id']}"
        f" --reserve {placed[1]['opportunity_id']}=1"
    )
    first = json.loads(run(path, "plan", *COHORT, *terms.split(), "--json").stdout)
    told = terms_asked(
        json.loads(run(path, "show-plan", first["plan_id"], "--json").stdout)["asked"]
    )
    again = json.loads(run(path, "plan", *shlex.split(told), "--json").stdout)
    assert again["inputs_hash"] == first["inputs_hash"] != plain["inputs_hash"]
    assert "--floor female=0.5" in told

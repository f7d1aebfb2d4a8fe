"""Imports: all rows or none, whatever is wrong with the file and whatever kills the program."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlmodel import func, select
from typer.testing import CliRunner, Result

from api.cli import app
from api.db import Database
from models.audit import Audit
from models.client import Client
from models.employer import Employer
from models.intake import Intake
from models.opportunity import Opportunity

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
DAY = ["--as-of", "2026-11-23"]
GOOD = {
    "opportunity_id": "V-1",
    "kind": "vacancy",
    "title": "Tailor",
    "employer_name": "Sovann Sewing",
    "places": "Prey Veng",
    "monthly_wage_usd": "215",
    "seats": "2",
}
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_path: Path) -> Run:
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.setenv("PLACEMENT_REFERENCE_FOLDER", str(tmp_path / "reference"))
    monkeypatch.setenv("PLACEMENT_DATABASE_URL", f"sqlite:///{empty_path}")
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


def vacancies(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(GOOD))
        writer.writeheader()
        writer.writerows(rows)
    return path


def many(count: int) -> list[dict[str, Any]]:
    return [GOOD | {"opportunity_id": f"V-{number}"} for number in range(1, count + 1)]


def count(path: Path, model: type) -> int:
    with Database(f"sqlite:///{path}").reading() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def test_good_rows_are_written_counted_and_screened(
    run: Run, tmp_path: Path, empty_path: Path
) -> None:
    rows = [
        *many(3),
        GOOD | {"opportunity_id": "V-9", "monthly_wage_usd": "", "places": "Provinces"},
    ]
    file = vacancies(tmp_path / "offers.csv", rows)
    result = run("import", "vacancies", file, *DAY)
    assert result.exit_code == 0, result.output
    assert "Rows read: 4. Written: 4." in result.stdout
    assert "for review 4" in result.stdout
    assert "Wages not told: 1." in result.stdout
    assert "Provinces" in result.stdout
    assert count(empty_path, Opportunity) == 4
    assert count(empty_path, Employer) == 1
    assert count(empty_path, Intake) == 1


def test_a_second_import_changes_nothing(run: Run, tmp_path: Path, empty_path: Path) -> None:
    file = vacancies(tmp_path / "offers.csv", many(3))
    run("import", "vacancies", file, *DAY)
    told = json.loads(run("import", "vacancies", file, "--json", *DAY).stdout)
    assert (told["written"], told["already_there"]) == (0, 3)
    assert told["screen"]["review"] == 3
    assert count(empty_path, Opportunity) == 3


def test_one_bad_row_refuses_all_and_names_every_fault(
    run: Run, tmp_path: Path, empty_path: Path
) -> None:
    rows = [*many(2), GOOD | {"opportunity_id": "V-3", "monthly_wage_usd": "-5", "seats": "many"}]
    file = vacancies(tmp_path / "offers.csv", rows)
    result = run("import", "vacancies", file, "--rejects", tmp_path / "bad.csv", *DAY)
    assert result.exit_code == 1
    assert "nothing was written" in result.stderr
    assert "monthly_wage_usd" in result.stdout
    assert "seats" in result.stdout
    assert count(empty_path, Opportunity) == count(empty_path, Intake) == 0
    assert len((tmp_path / "bad.csv").read_text(encoding="utf-8-sig").splitlines()) == 3

    kept = run("import", "vacancies", file, "--skip-bad", *DAY)
    assert kept.exit_code == 0, kept.output
    assert "Written: 2." in kept.stdout
    assert count(empty_path, Opportunity) == 2


def test_an_id_or_a_text_the_store_cannot_take_is_a_bad_row(
    run: Run, tmp_path: Path, empty_path: Path
) -> None:
    rows = [*many(1), GOOD | {"opportunity_id": "../x"}, GOOD | {"title": "t" * 501}]
    file = vacancies(tmp_path / "offers.csv", rows)
    result = run("import", "vacancies", file, "--json", *DAY)
    assert result.exit_code == 1
    faults = {problem["column"] for problem in json.loads(result.stdout)["problems"]}
    assert faults >= {"opportunity_id"}
    assert count(empty_path, Opportunity) == 0


def test_what_the_store_refuses_late_undoes_everything(
    run: Run, tmp_path: Path, empty_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = vacancies(tmp_path / "offers.csv", many(3))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.intake.imports.note_intake", full)
    result = run("import", "vacancies", file, *DAY)
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert count(empty_path, Opportunity) == count(empty_path, Employer) == 0


def killed_after_a_batch(arguments: list[str], path: Path, batch: int) -> None:
    """Run the program, and kill -9 it once it has written a batch inside its transaction."""
    code = (
        "import sys, time\n"
        "import api.intake.writing as writing\n"
        f"writing.ROWS_AT_ONCE = {batch}\n"
        "insert = writing._insert\n"
        "def slow(session, table, records, progress=None):\n"
        "    def told(rows):\n"
        "        print('written', table.__name__, flush=True)\n"
        "        time.sleep(60)\n"
        "    insert(session, table, records, told)\n"
        "writing._insert = slow\n"
        "from api.cli import main\n"
        "main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment["PLACEMENT_DATABASE_URL"] = f"sqlite:///{path}"
    program = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    )
    with program:
        assert program.stdout is not None
        assert program.stdout.readline().startswith("written")
        program.send_signal(signal.SIGKILL)
        assert program.wait(30) == -signal.SIGKILL


def test_kill_9_in_the_middle_of_an_import_leaves_nothing(
    run: Run, tmp_path: Path, empty_path: Path
) -> None:
    file = vacancies(tmp_path / "offers.csv", many(50))
    killed_after_a_batch(["import", "vacancies", str(file), *DAY], empty_path, batch=10)
    assert run("db", "check").exit_code == 0
    assert count(empty_path, Opportunity) == count(empty_path, Employer) == 0
    assert run("import", "vacancies", file, *DAY).exit_code == 0
    assert count(empty_path, Opportunity) == 50


def test_kill_9_in_the_middle_of_a_demo_load_leaves_the_old_world(
    world_template: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(world_template, tmp_path / "world.db"))
    before = path.read_bytes()
    load = ["demo", "load", "--clients", "20", "--opportunities", "30", *DAY]
    killed_after_a_batch(load, path, batch=10)
    assert path.read_bytes() == before
    assert len(list(tmp_path.glob("world.db.loading-*"))) >= 1
    reloaded = CliRunner().invoke(app, [*load, "--database", str(path)])
    assert reloaded.exit_code == 0, reloaded.output
    assert [file.name for file in tmp_path.iterdir()] == ["world.db"]


def oscar(path: Path, rows: list[list[Any]]) -> Path:
    head = ["Client ID", "* Gender", "Date of Birth", "Current Province", "Given Name (English)"]
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, row in enumerate([head, *rows]):
        for column, value in enumerate(row):
            sheet.write_string(number, column, str(value))
    book.close()
    return path


def test_clients_come_without_their_names(run: Run, tmp_path: Path, empty_path: Path) -> None:
    file = oscar(
        tmp_path / "clients.xlsx",
        [["A-1", "Female", "1999-05-03", "Prey Veng", "Pisey"], ["A-2", "male", "", "", "Dara"]],
    )
    result = run("import", "clients", file, *DAY)
    assert result.exit_code == 0, result.output
    assert "Written: 2." in result.stdout
    assert count(empty_path, Client) == 2
    assert b"Pisey" not in empty_path.read_bytes()
    with Database(f"sqlite:///{empty_path}").reading() as session:
        trail = session.exec(select(Audit.client_id).where(Audit.action == "client.import")).all()
    assert sorted(trail) == ["A-1", "A-2"]
    listed = json.loads(run("clients", "--json", *DAY).stdout)["items"]
    ages = {item["client_id"]: item["age_years"] for item in listed}
    assert sorted(ages) == ["A-1", "A-2"]
    assert ages["A-1"] == pytest.approx(27, abs=1)


def test_job_postings_come_from_json(run: Run, tmp_path: Path, empty_path: Path) -> None:
    posting = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": "Waiter",
        "datePosted": "2026-11-20",
        "hiringOrganization": {"@type": "Organization", "name": "Riverside"},
        "jobLocation": {"@type": "Place", "address": {"addressRegion": "Siem Reap"}},
    }
    file = tmp_path / "jobs.json"
    file.write_text(json.dumps([posting]), encoding="utf-8")
    result = run("import", "job-postings", file, *DAY)
    assert result.exit_code == 0, result.output
    assert count(empty_path, Opportunity) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("binary.csv", bytes(range(256)) * 4),
        ("bomb.xlsx", b"PK\x03\x04" + b"\x00" * 100),
    ],
)
def test_a_hostile_file_is_refused_on_one_line(
    run: Run, tmp_path: Path, empty_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    result = run("import", "vacancies", file, *DAY)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.stderr.strip().splitlines()[-1].startswith("placement: ")
    assert count(empty_path, Opportunity) == 0


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_real_reference_tables_replace_the_built_in_ones(run: Run, tmp_path: Path) -> None:
    prism = run("import", "prism", SHARED / "prism" / "flood-hazard-index.json", "--json")
    assert prism.exit_code == 0, prism.output
    assert json.loads(prism.stdout)["communes"] > 1500
    assert (tmp_path / "reference" / "hazards_communes.csv").is_file()
    lost = run("import", "esco", tmp_path)
    assert lost.exit_code == 1
    assert lost.stderr.strip().splitlines()[-1].startswith("placement: ")


def test_a_file_cannot_vouch_for_an_employer(run: Run, tmp_path: Path, empty_path: Path) -> None:
    path = tmp_path / "vouching.csv"
    row = GOOD | {"employer_vetted": "yes", "vetted_until": "2030-01-01"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    assert run("import", "vacancies", path, "--mapping", "template", *DAY).exit_code == 0
    with Database(f"sqlite:///{empty_path}").reading() as session:
        employer = session.exec(select(Employer)).one()
    assert employer.employer_vetted is None
    assert employer.vetted_until is None


def test_flags_of_an_imported_offer_are_cleared_in_one_go(run: Run, tmp_path: Path) -> None:
    assert run("import", "vacancies", vacancies(tmp_path / "one.csv", many(1)), *DAY).exit_code == 0
    found = json.loads(run("screen", "V-1", "--json", *DAY).stdout)
    review = [flag["code"] for flag in found["flags"] if flag["action"] == "review"]
    assert found["verdict"] == "review"
    assert len(review) > 5
    said = ["--by", "Dara", "--note", "Visited"]
    refused = run("clear", "V-1", *review, "no_such_flag", *said, "--json", *DAY)
    assert refused.exit_code == 1
    assert json.loads(run("screen", "V-1", "--json", *DAY).stdout)["verdict"] == "review"
    cleared = run("clear", "V-1", *review, *said, "--json", *DAY)
    assert json.loads(cleared.stdout)["verdict"] == "clear"

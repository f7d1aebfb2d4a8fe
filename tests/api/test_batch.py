"""`placement batch`: a database or Parquet in, Parquet out, refusals on one line."""

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app

pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'scale' is not installed")
distributed = pytest.importorskip("distributed", reason="the extra 'scale' is not installed")

Run = Callable[..., Result]
DAY = ("--as-of", "2026-11-23")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("PLACEMENT_REFERENCE_FOLDER", str(tmp_path / "reference"))
    monkeypatch.chdir(tmp_path)

    def ask(clients: Any, offers: Any, *more: Any) -> Result:
        inputs = ("--clients", clients, "--opportunities", offers, "--out", "out", *DAY)
        return CliRunner().invoke(app, ["batch", *(str(one) for one in (*inputs, *more))])

    return ask


def refusal(result: Result) -> str:
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.stderr.strip().splitlines()[-1]


@pytest.fixture
def scheduler() -> Any:
    options = {"processes": False, "host": "127.0.0.1", "protocol": "tcp"}
    with distributed.LocalCluster(
        1, threads_per_worker=1, dashboard_address="127.0.0.1:0", **options
    ) as on:
        yield on.scheduler_address


def test_a_database_becomes_parquet_and_the_same_again_is_done_already(
    run: Run, world_path: Path, tmp_path: Path, scheduler: str
) -> None:
    first = run(world_path, world_path, "--scheduler", scheduler, "--k", 3)
    assert first.exit_code == 0, first.output
    assert "60 clients, 400 offers, 2026-11-23" in first.stdout.replace("\n", " ")
    found = pq.read_table(tmp_path / "out" / "parts")
    assert 0 < max(found["position"].to_pylist()) <= 3
    again = run(world_path, world_path, "--k", 3, "--json")
    summary = json.loads(again.stdout)
    assert (summary["clients"], summary["blocks"], summary["blocks_done_before"]) == (60, 1, 1)
    with sqlite3.connect(world_path) as database:
        query = "SELECT count(DISTINCT client_id) FROM audit WHERE action = 'client.batch'"
        assert database.execute(query).fetchone() == (60,)


def test_other_inputs_into_the_same_folder_are_refused(
    run: Run, world_path: Path, scheduler: str
) -> None:
    assert run(world_path, world_path, "--scheduler", scheduler).exit_code == 0
    line = refusal(run(world_path, world_path, "--scheduler", scheduler, "--k", 2))
    assert "another run (k was 5, is 2)" in line


def test_a_file_that_is_not_there_is_one_line(run: Run, world_path: Path) -> None:
    line = refusal(run("none.parquet", world_path))
    assert line == "placement: none.parquet: there is no such file"


def test_a_missing_extra_is_one_line(
    run: Run, world_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("matcher.batch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    line = refusal(run("none.parquet", world_path))
    assert "install the extra 'scale'" in line

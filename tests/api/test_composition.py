"""Settings, services and the market in memory: nothing shared, nothing read early."""

import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

import data.vocabulary
import matcher.vocabulary
from api.context import Context
from api.employer.opportunities import whole_market
from api.kernels import LARGEST, KernelsBeside
from api.services import Services
from api.settings import Settings, UnknownSettings, from_environment
from data import read_reference
from matcher import Engine, Market
from matcher.kept_kernels import is_kept
from models import revision, vocabulary


def test_importing_everything_reads_and_writes_nothing(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "own = ('.csv', '.db', '.toml', '.env')\n"
        "def watch(event, args):\n"
        "    if event == 'open' and str(args[0]).endswith(own): opened.append(args[0])\n"
        "    if event == 'sqlite3.connect': opened.append(args)\n"
        "sys.addaudithook(watch)\n"
        "import api.app, api.cli.commands\n"
        "from importlib import import_module\n"
        "for place in api.cli.commands.COMMANDS.values():\n"
        "    import_module('api.cli.' + place.split(':')[0])\n"
        "assert not opened, opened\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PLACEMENT_TYPO": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


def test_settings_are_frozen_and_typos_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="extra"):
        Settings(databse_url="sqlite:///x.db")  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]
    with pytest.raises(UnknownSettings, match="PLACEMENT_DATABSE_URL"):
        from_environment({"PLACEMENT_DATABSE_URL": "x"})
    monkeypatch.setenv("PLACEMENT_LANGUAGE", "km")
    monkeypatch.setenv("PLACEMENT_TODAY", "2026-11-23")
    found = from_environment(port=9000)
    assert (found.language, found.today, found.port) == ("km", dt.date(2026, 11, 23), 9000)
    assert from_environment(language="en").language == "en"


def test_two_services_in_one_process_share_nothing(
    start: Any, world_path: Path, empty_path: Path
) -> None:
    first = start(world_path)
    second = start(empty_path, language="km", max_body_bytes=2000)
    assert len(first.get("/v1/clients").json()["items"]) == 50
    assert second.get("/v1/clients").json() == {"items": []}
    assert first.get("/v1/clients/X").json()["title"] == "Not found"
    assert second.get("/v1/clients/X").json()["title"] == "រកមិនឃើញ"
    long = {"cohort": "x", "skills": ["y" * 150] * 20}
    assert second.post("/v1/clients", json=long).status_code == 413
    assert first.post("/v1/clients", json=long).status_code == 422


def test_the_market_is_built_once_a_revision_and_day(services: Services) -> None:
    day = services.today()
    with services.database.reading() as session:
        view = services.markets.current(session, day)
        assert services.markets.current(session, day) is view
        assert services.markets.current(session, day + dt.timedelta(days=1)) is not view


def test_what_a_transaction_wrote_and_undid_is_not_remembered(services: Services) -> None:
    def context(session: Any) -> Context:
        return Context(session, services, "tests", "r-1", "en")

    with services.database.reading() as session:
        before = whole_market(context(session))

    def write_and_fail() -> None:
        with services.database.writing() as session:
            revision.move(session)
            assert whole_market(context(session)).revision == before.revision + 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with services.database.writing() as session:
        revision.move(session)
    with services.database.reading() as session:
        after = whole_market(context(session))
    assert after.revision == before.revision + 1
    assert after is not before


def test_the_words_are_the_same_everywhere() -> None:
    assert vocabulary.SEX == matcher.vocabulary.SEXES
    assert vocabulary.KIND == matcher.vocabulary.KINDS
    assert vocabulary.SCHOOLING == matcher.vocabulary.SCHOOLING
    assert vocabulary.SECTOR == matcher.vocabulary.SECTORS
    assert vocabulary.SETTING == matcher.vocabulary.SETTINGS
    assert vocabulary.DOCUMENT == matcher.vocabulary.DOCUMENTS
    assert vocabulary.DIFFICULTY == matcher.vocabulary.DIFFICULTIES
    assert data.vocabulary


def test_the_service_answers_more_writers_than_it_has_threads(world: TestClient) -> None:
    def ask(number: int) -> int:
        path = f"/v1/clients/C-{number % 15 + 1:06d}/slates"
        return int(world.post(path, json={"k": 2}).status_code)

    with ThreadPoolExecutor(60) as pool:  # more than the service has threads
        assert set(pool.map(ask, range(120))) == {201}


def test_kernels_are_compiled_beside_only_where_none_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Engine(read_reference(), compiled=True).warm_slates(Market.from_records([]))
    monkeypatch.setattr(sys, "executable", "false")  # a second process that fails at once
    assert KernelsBeside().wait()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))  # where nothing is kept
    with closing(KernelsBeside()) as kernels:
        assert not kernels.wait()


def test_the_second_process_does_what_it_is_for() -> None:
    ended = subprocess.run([sys.executable, "-m", "api.kernels"], timeout=300)
    assert ended.returncode == 0
    assert is_kept(LARGEST)

"""A small demo world, loaded once, copied for each test."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import api.services
from api.app import create_app
from api.db import Database
from api.intake.demo import DemoSize, load
from api.readiness import upgrade
from api.services import Services
from api.settings import Settings
from data import read_reference

TODAY = dt.date(2026, 11, 23)
SMALL = DemoSize(clients=60, opportunities=400, seed=7)
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="session", autouse=True)
def one_reading_of_the_reference() -> Iterator[None]:
    """Read the built-in tables once: they are frozen, and every application gets the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.services, "read_reference", cache(read_reference))
        yield


def settings_for(path: Path, **values: Any) -> Settings:
    folder = path.parent / "reference"
    given = {
        "database_url": f"sqlite:///{path}",
        "reference_folder": folder,
        "models_folder": path.parent / "models",
        "today": TODAY,
    }
    return Settings(**(given | values))


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "world.db"
    services = Services(settings_for(path))
    load(services, SMALL, TODAY, "tests", lambda key, total: lambda rows: None)
    services.close()
    return path


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def world_path(world_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(world_template, tmp_path / "world.db"))


@pytest.fixture
def empty_path(empty_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty_template, tmp_path / "empty.db"))


Start = Callable[..., TestClient]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a service over a database; all are stopped at the end."""
    running: list[TestClient] = []

    def open_client(path: Path, **values: Any) -> TestClient:
        app = create_app(settings_for(path, **values))
        client = TestClient(app, base_url="http://localhost", headers={"X-Actor": "officer.sok"})
        client.__enter__()
        running.append(client)
        return client

    yield open_client
    for client in running:
        client.__exit__(None, None, None)


@pytest.fixture
def world(start: Start, world_path: Path) -> TestClient:
    return start(world_path)


@pytest.fixture
def empty(start: Start, empty_path: Path) -> TestClient:
    return start(empty_path)


@pytest.fixture
def services(world_path: Path) -> Iterator[Services]:
    services = Services(settings_for(world_path))
    yield services
    services.close()

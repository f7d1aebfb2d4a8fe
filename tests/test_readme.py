"""The README tells what is there: its slate is real; no command, route or setting is missing."""

import datetime as dt
import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DAY = dt.date(2026, 11, 23)
SHOWN = {
    name: README.split(f"## A {name}, as it prints")[1].split("```")[1]
    for name in ("slate", "plan")
}


def commands() -> list[str]:
    found = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        found.append(name)
        found += getattr(command, "commands", ())
    return found


def between_blank_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


@pytest.fixture(scope="module")
def demo_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readme") / "demo.db"
    loaded = CliRunner().invoke(app, ["demo", "load", "--database", str(path), "--as-of", str(DAY)])
    assert loaded.exit_code == 0, loaded.stderr
    return path


@pytest.mark.parametrize(("name", "commands"), [("slate", 3), ("plan", 2)])
def test_what_is_shown_is_what_the_commands_print(
    demo_world: Path, monkeypatch: pytest.MonkeyPatch, name: str, commands: int
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    sessions = re.split(r"^\$ placement ", SHOWN[name], flags=re.MULTILINE)[1:]
    assert len(sessions) == commands
    for session in sessions:
        typed, _, printed = session.partition("\n")
        options = ["--database", str(demo_world), "--as-of", str(DAY)]
        result = CliRunner().invoke(app, [*typed.split(), *options])
        assert between_blank_lines(result.stdout) == between_blank_lines(printed)


def test_every_command_is_told() -> None:
    told = [name for name in commands() if not re.search(rf"\b{name}\b", README)]
    assert len(commands()) > 15
    assert told == []


def test_every_setting_is_told() -> None:
    assert [n for n in Settings.model_fields if f"`{PREFIX}{n.upper()}`" not in README] == []


def test_every_resource_is_told() -> None:
    paths = create_app(Settings(database_url="sqlite://")).openapi()["paths"]
    resources = {re.sub(r"/\{\w+\}$", "", path) for path in paths}
    assert len(resources) > 10
    assert [path for path in sorted(resources) if path not in README] == []


def test_the_python_example_runs() -> None:
    example = README.split("```python")[1].split("```")[0]
    names: dict[str, object] = {}
    exec(example, names)
    assert names["matrix"].shape == (20, 500)  # type: ignore[attr-defined]
    assert len(names["slates"]) == 20  # type: ignore[arg-type]


def test_the_targets_of_make_explain_themselves() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):.*## .+$", makefile, re.MULTILINE)
    assert {"demo", "test", "check", "bench", "serve", "clean", "help"} <= set(targets)

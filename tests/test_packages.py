"""The packages are found from anywhere, and the wheel holds the tables they read."""

import subprocess
import sys
from pathlib import Path

import pytest

import matcher

ROOT = Path(__file__).parents[1]
TABLES = sorted(path.name for path in (ROOT / "data" / "reference").glob("*.csv"))


@pytest.mark.parametrize("package", ["matcher", "models", "data", "api"])
def test_a_package_is_imported_from_another_folder_as_this_project_s(
    package: str, tmp_path: Path
) -> None:
    code = f"import {package}; print({package}.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).parent == ROOT / package


def test_the_engine_is_loaded_when_a_name_of_it_is_asked_for() -> None:
    code = (
        "import sys, matcher; print('pandas' in sys.modules); "
        "print(all(getattr(matcher, name) for name in dir(matcher)), len(dir(matcher)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True", str(len(matcher.__all__))]


def test_a_name_the_engine_has_not_is_refused() -> None:
    with pytest.raises(AttributeError, match="'matcher' has no attribute 'Engines'"):
        getattr(matcher, "Engines")  # noqa: B009


def test_the_tables_lie_inside_the_package_that_reads_them() -> None:
    assert len(TABLES) >= 18
    assert all((ROOT / "data" / "reference" / name).stat().st_size for name in TABLES)
    assert "data" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_no_lock_names_an_address() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--find-links" not in text

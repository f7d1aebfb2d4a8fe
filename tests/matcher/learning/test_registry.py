"""The registry: whole artefacts or none, nothing that does not match, two people to activate."""

import dataclasses
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from matcher.learning import registry as reg
from matcher.learning.registry import ArtefactRefused, Description, NotAllowed, Registry, Training
from matcher.learning.registry import artefact as artefacts

DESCRIPTION = Description(
    name="retention",
    schema=("skills", "minutes"),
    trained_by="Sok",
    created_at="2026-11-01T08:00:00+00:00",
    seed=3,
    directions={"skills": 1},
    metrics={"log_loss": 0.61},
)


class Foreign(ClassifierMixin, BaseEstimator):
    """A model of a type that nobody has put on the list."""

    def predict_proba(self, X: Any) -> Any:  # noqa: N803
        return np.full((len(X), 2), 0.5)


def rows(n: int = 40) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "features": rng.standard_normal((n, 2)),
        "outcome": np.arange(n) % 2.0,
        "row_id": [f"P-{i}" for i in range(n)],
        "placed_on": np.datetime64("2025-01-01") + np.arange(n),
        "known_on": np.datetime64("2025-04-01") + np.arange(n),
    }


def model() -> LogisticRegression:
    told = rows()
    return LogisticRegression().fit(told["features"], told["outcome"])


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "registry")


@pytest.fixture
def stored(registry: Registry) -> reg.Artefact:
    return registry.add(model(), DESCRIPTION, Training.of(**rows()))


def verdict(candidate: str, current: str = "", passed: bool = True) -> dict[str, Any]:
    reasons = [] if passed else ["worse for women"]
    return {"candidate": candidate, "current": current, "passed": passed, "reasons": reasons}


def test_a_model_comes_back_as_it_was_with_its_manifest_and_its_rows(registry, stored):
    again = registry.read(stored.version, schema=("skills", "minutes"))
    asked = rows()["features"]
    assert (again.model.predict_proba(asked) == model().predict_proba(asked)).all()
    assert again.manifest == stored.manifest
    assert again.training == Training.of(**rows())
    assert again.manifest.description == DESCRIPTION
    assert registry.versions == [stored.version]


def test_the_same_model_twice_is_one_artefact_where_its_bytes_are_the_same(registry, stored):
    folder = stored.folder
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    registry.add(model(), DESCRIPTION, Training.of(**rows()))
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@pytest.mark.parametrize("name", [artefacts.MODEL, artefacts.MANIFEST, artefacts.ROWS])
def test_one_byte_changed_anywhere_is_refused(registry, stored, name):
    path = stored.folder / name
    whole = path.read_bytes()
    for at in np.linspace(0, len(whole) - 1, 9).astype(int):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(ArtefactRefused, match="SHA-256 of " + name):
            registry.read(stored.version)
    path.write_bytes(whole)
    assert registry.read(stored.version)


def test_a_file_too_many_or_missing_is_refused(registry, stored):
    (stored.folder / "extra.pkl").write_bytes(b"")
    with pytest.raises(ArtefactRefused, match=r"extra\.pkl"):
        registry.read(stored.version)
    (stored.folder / "extra.pkl").unlink()
    (stored.folder / artefacts.ROWS).unlink()
    with pytest.raises(ArtefactRefused, match="files"):
        registry.read(stored.version)


def test_another_schema_is_refused_and_both_are_named(registry, stored):
    with pytest.raises(ArtefactRefused, match=r"schema.*'minutes', 'skills'.*'skills', 'minutes'"):
        registry.read(stored.version, schema=("minutes", "skills"))


def test_another_library_version_is_refused(registry, stored, monkeypatch):
    other = {**artefacts.library_versions(), "scikit-learn": "9.9"}
    monkeypatch.setattr(artefacts, "library_versions", lambda: other)
    with pytest.raises(ArtefactRefused, match=r"library versions.*9\.9"):
        registry.read(stored.version)


def test_a_type_that_is_not_on_the_list_is_refused_before_anything_is_written(registry):
    fitted = Foreign()
    with pytest.raises(ArtefactRefused, match=r"types in the model.*Foreign"):
        registry.add(fitted, DESCRIPTION, Training.of(**rows()))
    assert registry.versions == []


def test_a_type_on_the_list_is_kept_and_refused_where_it_is_off_again(tmp_path):
    name = f"{Foreign.__module__}.{Foreign.__qualname__}"
    stored = Registry(tmp_path, trusted={name}).add(Foreign(), DESCRIPTION, Training.of(**rows()))
    assert stored.manifest.types == (name,)
    with pytest.raises(ArtefactRefused, match="types in the model"):
        Registry(tmp_path).read(stored.version)


def test_a_version_that_is_not_there_is_refused(registry, stored):
    for version in ("retention-0", "../..", ".writing-1"):
        with pytest.raises(ArtefactRefused, match="version"):
            registry.read(version)


KILLED_IN_THE_MIDDLE = """
    import dataclasses, os, signal
    from pathlib import Path
    from matcher.learning.registry import Registry, artefact
    from tests_registry import DESCRIPTION, Training, model, rows

    def killed(path, content):
        path.write_bytes(content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    {moment}
    Registry(Path({root!r})).add(
        model(), dataclasses.replace(DESCRIPTION, seed=4), Training.of(**rows())
    )
"""

MOMENTS = {
    "while a file is written": "artefact.write_file = killed",
    "before the folder has its name": (
        "Path.rename = lambda self, to: os.kill(os.getpid(), signal.SIGKILL)"
    ),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_a_writer_that_is_killed_leaves_no_half_artefact(registry, stored, tmp_path, moment):
    (tmp_path / "tests_registry.py").write_text(Path(__file__).read_text("utf-8"), "utf-8")
    later = textwrap.dedent(KILLED_IN_THE_MIDDLE).format(moment=moment, root=str(registry.root))
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    died = subprocess.run(
        [sys.executable, "-c", later], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert died.returncode == -signal.SIGKILL
    assert registry.versions == [stored.version]
    other = dataclasses.replace(DESCRIPTION, seed=4)
    added = registry.add(model(), other, Training.of(**rows()))
    assert set(registry.versions) == {stored.version, added.version}
    assert not list(registry.artefacts.glob(".*"))


def test_the_expert_scorecard_answers_until_a_second_person_approves(registry, stored):
    assert registry.active() is None
    registry.propose(verdict(stored.version), by="Dara", at="2026-11-02")
    for person, role in (("sok ", "trained"), ("DARA", "proposed")):
        with pytest.raises(NotAllowed, match=f"{role} it; a second person approves"):
            registry.approve(stored.version, by=person, at="2026-11-02")
    assert registry.active() is None
    registry.approve(stored.version, by="Chan", at="2026-11-02")
    active = registry.active()
    assert active is not None
    assert active.version == stored.version


def test_what_the_gate_refused_or_never_saw_is_not_activated(registry, stored):
    with pytest.raises(NotAllowed, match="not been proposed"):
        registry.approve(stored.version, by="Chan", at="2026-11-02")
    registry.propose(verdict(stored.version, passed=False), by="Dara", at="2026-11-02")
    with pytest.raises(NotAllowed, match="worse for women"):
        registry.approve(stored.version, by="Chan", at="2026-11-02")
    assert registry.ledger.events[-1].verdict["reasons"] == ["worse for women"]


def test_a_verdict_against_a_model_that_is_no_longer_active_is_stale(registry, stored):
    registry.propose(verdict(stored.version, current="retention-old"), by="Dara", at="2026-11-02")
    with pytest.raises(NotAllowed, match="compare it again"):
        registry.approve(stored.version, by="Chan", at="2026-11-02")


def test_a_model_changed_after_the_verdict_is_not_activated(registry, stored):
    registry.propose(verdict(stored.version), by="Dara", at="2026-11-02")
    path = stored.folder / artefacts.MODEL
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ArtefactRefused, match="SHA-256"):
        registry.approve(stored.version, by="Chan", at="2026-11-02")
    assert registry.active() is None


def test_roll_back_is_one_call_and_goes_back_step_by_step(registry, stored):
    second = registry.add(model(), dataclasses.replace(DESCRIPTION, seed=4), Training.of(**rows()))
    for one, before in ((stored, ""), (second, stored.version)):
        registry.propose(verdict(one.version, current=before), by="Dara", at="2026-11-02")
        registry.approve(one.version, by="Chan", at="2026-11-02")
    assert registry.roll_back(by="Dara", at="2026-11-03").active == stored.version
    assert registry.roll_back(by="Dara", at="2026-11-03").active == reg.EXPERT
    with pytest.raises(NotAllowed, match="nothing to roll back"):
        registry.roll_back(by="Dara", at="2026-11-03")
    assert [str(e.action) for e in registry.ledger.events][-2:] == ["rolled_back"] * 2


def test_a_step_needs_a_name(registry, stored):
    with pytest.raises(NotAllowed, match="expected the name"):
        registry.propose(verdict(stored.version), by=" ", at="2026-11-02")


def test_training_rows_are_described_whatever_their_order(registry):
    told = rows()
    turned = {name: np.asarray(values)[::-1] for name, values in told.items()}
    one, other = Training.of(**told), Training.of(**turned)
    assert one == other
    assert (one.n, one.first_placed, one.last_known) == (40, "2025-01-01", "2025-05-10")
    assert Training.of(**{**told, "outcome": told["outcome"] + 1}).sha256 != one.sha256


def test_rows_without_an_id_each_are_refused():
    with pytest.raises(ValueError, match="one id and two days for each"):
        Training.of(**{**rows(), "row_id": ["P-1"]})

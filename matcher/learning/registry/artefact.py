"""A stored model: one folder, written whole or not at all, read only where everything matches.

.. code-block:: text

    VERSION/manifest.json       all that must match; VERSION ends with its digest
    VERSION/model.skops         the model; never a pickle
    VERSION/training-rows.txt   digests of the rows it has seen
"""

import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from matcher.learning.registry.manifest import (
    ArtefactRefused,
    Description,
    Manifest,
    library_versions,
)
from matcher.learning.registry.training import Training, file_digest

MANIFEST, MODEL, ROWS = "manifest.json", "model.skops", "training-rows.txt"

TEMPORARY: Final = ".writing-"
"""Folders of this prefix were being written when their writer died; they are no artefacts."""

TRUSTED: Final = frozenset(
    {
        "matcher.learning.additive.Additive",
        "matcher.learning.prior.Prior",
        "matcher.learning.retention.RetentionModel",
        "matcher.learning.terms.Shapes",
        "matcher.scoring.scorecard.Term",
    }
)
"""Types of ours that a model may hold, by full name, beside those that skops trusts by itself."""


@dataclass(frozen=True)
class Artefact:
    """A model with its manifest.

    Parameters
    ----------
    model
        With scikit-learn's ``predict_proba``.
    manifest
        What it says of itself.
    training
        What it was trained on.
    folder
        Where it was read from.
    """

    model: Any
    manifest: Manifest
    training: Training
    folder: Path

    @property
    def version(self) -> str:
        """Its version."""
        return self.manifest.version


def write(
    root: Path,
    model: Any,
    description: Description,
    training: Training,
    trusted: Collection[str] = TRUSTED,
) -> Artefact:
    """Write a model into a folder of its own under ``root`` and return it as read again.

    A writer that dies at any moment leaves either the whole artefact or none.

    Raises
    ------
    ArtefactRefused
        Where the model holds types that are not trusted, so that it could never be read.
    """
    root.mkdir(parents=True, exist_ok=True)
    content = _skops().dumps(model)
    types = _types(description.name, content, trusted)
    files = {MODEL: content, ROWS: training.rows_text().encode()}
    manifest = Manifest.of(description, training, files, types)
    final = root / manifest.version
    if not final.exists():
        _write_whole(final, {**files, MANIFEST: manifest.as_bytes()})
    return read(final, trusted=trusted)


def read(
    folder: Path,
    schema: Sequence[str] | None = None,
    trusted: Collection[str] = TRUSTED,
) -> Artefact:
    """Read a model where everything matches its manifest, this process and what is asked for.

    Parameters
    ----------
    folder
        Of the artefact; its name is its version.
    schema
        Columns, in order, that the model has to take; not asked without.
    trusted
        Types that it may hold beside those that skops trusts by itself.

    Raises
    ------
    ArtefactRefused
        Names what does not match, and both sides. Nothing of the model was run.
    """
    files = verified_files(folder)
    manifest = Manifest.from_bytes(files[MANIFEST])
    asked = {
        "library versions": (library_versions(), dict(manifest.versions)),
        "schema": (
            tuple(schema) if schema is not None else manifest.description.schema,
            manifest.description.schema,
        ),
        "types in the model": (manifest.types, _types(folder.name, files[MODEL], trusted)),
    }
    for what, (expected, found) in asked.items():
        if expected != found:
            raise ArtefactRefused(folder.name, what, expected, found)
    model = _skops().loads(files[MODEL], trusted=list(manifest.types))
    training = Training.from_parts(manifest.training, files[ROWS].decode())
    return Artefact(model, manifest, training, folder)


def verified_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of an artefact's files after checking every digest.

    Raises
    ------
    ArtefactRefused
        Where a file is missing, changed by a byte, or one too many.
    """
    found = {p.name for p in folder.iterdir()} if folder.is_dir() else set()
    if found != {MANIFEST, MODEL, ROWS}:
        raise ArtefactRefused(folder.name, "files", [MANIFEST, MODEL, ROWS], sorted(found))
    files = {name: (folder / name).read_bytes() for name in (MANIFEST, MODEL, ROWS)}
    end = file_digest(files[MANIFEST])[:16]
    if not folder.name.endswith(f"-{end}"):
        raise ArtefactRefused(folder.name, f"SHA-256 of {MANIFEST}", folder.name[-16:], end)
    for name, expected in Manifest.from_bytes(files[MANIFEST]).files.items():
        digest = file_digest(files[name])
        if digest != expected:
            raise ArtefactRefused(folder.name, f"SHA-256 of {name}", expected, digest)
    return files


def clear_unfinished(root: Path) -> None:
    """Remove what writers that died have left; for whoever holds the lock on ``root``."""
    for leftover in root.glob(f"{TEMPORARY}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _skops() -> ModuleType:
    """Return skops, imported when a model is first written or read: it takes seconds."""
    return import_module("skops.io")


def _types(artefact: str, content: bytes, trusted: Collection[str]) -> tuple[str, ...]:
    types = tuple(sorted(_skops().get_untrusted_types(data=content)))
    if strange := [name for name in types if name not in trusted]:
        raise ArtefactRefused(artefact, "types in the model", sorted(trusted), strange)
    return types


def _write_whole(final: Path, files: dict[str, bytes]) -> None:
    partial = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=final.parent))
    for name, content in files.items():
        write_file(partial / name, content)
    partial.chmod(0o755)
    sync_folder(partial)
    partial.rename(final)
    sync_folder(final.parent)

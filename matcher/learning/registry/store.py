"""The registry: a folder of artefacts and the ledger of which one is active."""

import fcntl
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matcher.learning.registry.artefact import (
    TRUSTED,
    Artefact,
    clear_unfinished,
    read,
    sync_folder,
    write,
    write_file,
)
from matcher.learning.registry.ledger import EXPERT, Ledger
from matcher.learning.registry.manifest import ArtefactRefused, Description
from matcher.learning.registry.training import Training

LEDGER, ARTEFACTS = "ledger.json", "artefacts"


class Registry:
    """Models of one programme.

    Parameters
    ----------
    root
        The folder; made where it is missing.
    trusted
        Types that a model may hold beside those that skops trusts by itself.
    """

    def __init__(self, root: Path, trusted: Collection[str] = TRUSTED) -> None:
        self.root, self.trusted = root, frozenset(trusted)
        self.artefacts = root / ARTEFACTS
        self.artefacts.mkdir(parents=True, exist_ok=True)

    def add(self, model: Any, description: Description, training: Training) -> Artefact:
        """Write a model; it is not active yet.

        Raises
        ------
        ArtefactRefused
            Where it holds types that are not trusted.
        """
        with self._held():
            clear_unfinished(self.artefacts)
            return write(self.artefacts, model, description, training, self.trusted)

    @property
    def versions(self) -> list[str]:
        """Versions of all models, by name."""
        return sorted(p.name for p in self.artefacts.iterdir() if not p.name.startswith("."))

    def folder(self, version: str) -> Path:
        """Return where a model lies.

        Raises
        ------
        ArtefactRefused
            Where there is none of this version.
        """
        if version not in self.versions:
            raise ArtefactRefused(version, "version", self.versions or "no model yet", version)
        return self.artefacts / version

    def read(self, version: str, schema: Sequence[str] | None = None) -> Artefact:
        """Read a model where everything matches.

        Raises
        ------
        ArtefactRefused
            Names what does not.
        """
        return read(self.folder(version), schema, self.trusted)

    def active(self, schema: Sequence[str] | None = None) -> Artefact | None:
        """Read the active model; None where the expert scorecard answers.

        Raises
        ------
        ArtefactRefused
            Names what does not match.
        """
        version = self.ledger.active
        return None if version == EXPERT else self.read(version, schema)

    @property
    def ledger(self) -> Ledger:
        """Every step so far."""
        path = self.root / LEDGER
        return Ledger.from_list(json.loads(path.read_text("utf-8"))) if path.exists() else Ledger()

    def propose(self, verdict: Mapping[str, Any], by: str, at: str) -> Ledger:
        """Keep the gate's verdict, as plain values; a refusal is kept too.

        Raises
        ------
        ArtefactRefused
            Where there is no such model.
        """
        version = str(verdict["candidate"])
        self.folder(version)
        with self._held():
            return self._keep(self.ledger.proposed(version, verdict, by, at))

    def approve(self, version: str, by: str, at: str) -> Ledger:
        """Make a model active that the gate has passed; its files are checked once more.

        Raises
        ------
        NotAllowed
            Where a rule of promotion forbids it.
        ArtefactRefused
            Where anything does not match.
        """
        with self._held():
            trained_by = self.read(version).manifest.description.trained_by
            return self._keep(self.ledger.approved(version, trained_by, by, at))

    def roll_back(self, by: str, at: str, leaving: str | None = None) -> Ledger:
        """Go back to the model that was active before, in one call.

        Parameters
        ----------
        by, at
            Who and when.
        leaving
            Version that is to be active no longer; whichever is where None.

        Raises
        ------
        NotAllowed
            Where there was none, or another version is active.
        ArtefactRefused
            Where its files have changed since.
        """
        with self._held():
            back = self.ledger.rolled_back(by, at, leaving)
            if back.active != EXPERT:
                self.read(back.active)
            return self._keep(back)

    def _keep(self, ledger: Ledger) -> Ledger:
        partial = self.root / f".{LEDGER}"
        write_file(partial, (json.dumps(ledger.as_list(), indent=2) + "\n").encode())
        partial.replace(self.root / LEDGER)
        sync_folder(self.root)
        return ledger

    @contextmanager
    def _held(self) -> Iterator[None]:
        """One writer at a time; the lock falls with the process that held it."""
        with (self.root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

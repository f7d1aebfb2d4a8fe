"""The model that answers: the expert's, or the one that the ledger of models names as active."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from api.failures import NotReady
from data.reference import Reference
from matcher import Engine

LEDGER = "ledger.json"
"""Its file in the folder of models; while there is none, the expert's model answers."""

Mark = tuple[int, int, int]


class Answering(NamedTuple):
    """An engine, and the reference tables with the scorecard it ranks by."""

    engine: Engine
    reference: Reference


class AnsweringModel:
    """Follows the ledger: a promotion or a roll-back by any process counts from the next request.

    A model whose files do not match is never replaced by another in silence: nothing that scores
    is answered until somebody rolls back.

    Parameters
    ----------
    folder
        The folder of models.
    expert
        Builds, or returns, the expert's engine.
    reference
        Reads, or returns, the reference tables with the expert's scorecard.
    compiled
        Whether scores come from compiled kernels, as in :class:`matcher.Engine`.
    """

    def __init__(
        self,
        folder: Path,
        expert: Callable[[], Engine],
        reference: Callable[[], Reference],
        compiled: bool | None = False,
    ) -> None:
        self._compiled = compiled
        self._folder, self._expert, self._reference = folder, expert, reference
        self._ledger = os.fspath(folder / LEDGER)
        self._lock = Lock()
        self._read_at: Mark | None = None
        self._answering: Answering | None = None

    def current(self) -> Answering:
        """Return the engine that answers now, with the tables that it stands on.

        Raises
        ------
        NotReady
            Where the active model is not what it was when it was promoted.
        """
        with self._lock:
            mark = self._mark()
            if self._answering is None or mark != self._read_at:
                self._answering, self._read_at = self._read(mark), mark
            return self._answering

    def _mark(self) -> Mark | None:
        try:
            found = os.stat(self._ledger)  # asked with every answer
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _read(self, mark: Mark | None) -> Answering:
        if mark is None:
            return Answering(self._expert(), self._reference())
        # where nothing was ever promoted, nothing that learns is imported
        from matcher.learning.registry import Registry
        from matcher.learning.retraining import SCHEMA, learned_scorecard

        try:
            active = Registry(self._folder).active(SCHEMA)
        except (OSError, ValueError) as refused:
            raise NotReady(
                f"the active model is refused: {refused}; "
                "put its files back, or go back with 'placement model rollback'"
            ) from None
        reference = self._reference()
        if active is None:
            return Answering(self._expert(), reference)
        table = learned_scorecard(active.model, reference.scorecard, active.version)
        learned = replace(reference, scorecard=table)
        return Answering(Engine(learned, compiled=self._compiled), learned)

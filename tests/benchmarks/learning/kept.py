"""Losses of peers kept in a file: a run that was stopped goes on where it was."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Self


class Fit(NamedTuple):
    """One model fitted to one draw of some rows of a data set."""

    data: str
    n: int
    model: str
    draw: int


class Kept:
    """Held-out losses by fit, each written down as soon as it is known.

    Parameters
    ----------
    path
        A file of one JSON array a line; None to keep nothing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._losses: dict[Fit, float] = {}

    @classmethod
    def at(cls, path: Path | None) -> Self:
        """Return what a file holds, if there is one already."""
        kept = cls(path)
        if path is not None and path.exists():
            for line in path.read_text().splitlines():
                *fit, loss = json.loads(line)
                kept._losses[Fit(*fit)] = loss
        return kept

    def loss(self, fit: Fit, measure: Callable[[], float]) -> float:
        """Return the loss that is kept, or else measured now."""
        if fit not in self._losses:
            self._losses[fit] = measure()
            self._write(fit)
        return self._losses[fit]

    def _write(self, fit: Fit) -> None:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a") as lines:
                lines.write(json.dumps([*fit, self._losses[fit]]) + "\n")

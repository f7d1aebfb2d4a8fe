"""The folder of results: what is done stays done, and belongs to one run alone.

.. code-block:: text

    manifest.json               all that the results depend on
    parts/part-000000.parquet   results of the first block, and so on
    rejects/part-000000.csv     bad rows of that block, where there are any
    rejects/opportunities.csv   bad opportunities, where there are any
    rejects.csv                 all bad rows, written last: the batch is complete
"""

import csv
import fcntl
import hashlib
import io
import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matcher.batch.errors import BatchRefused
from matcher.batch.parts import counts_in
from matcher.batch.work import Done
from matcher.table import Problem

REJECT_COLUMNS = ("table", "row", "field", "value", "expected")
_TEMPORARY = ".writing"


class Folder:
    """Results of one run, each file written whole or not at all.

    Parameters
    ----------
    path
        The folder.
    manifest
        All that the results depend on.
    """

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self.manifest = manifest
        self.run = hashlib.sha256(_json(manifest)).hexdigest()
        self.counts: dict[int, dict[str, int]] = {}

    @contextmanager
    def opened(self) -> Iterator["Folder"]:
        """Hold the folder for this run alone, and see what is done already.

        Raises
        ------
        BatchRefused
            Where it holds anything else, or another process works in it.
        """
        self._require_own_run()
        for name in ("parts", "rejects"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as lock:
            self._hold(lock)
            self._require_own_run()
            for leftover in self.path.rglob(f"*{_TEMPORARY}"):
                leftover.unlink()
            if not self._manifest.exists():
                _write(self._manifest, _json(self.manifest))
            found = (
                (index, counts_in(self._part(index), self.run))
                for index in range(self.manifest["blocks"])
            )
            self.counts = {index: counts for index, counts in found if counts is not None}
            yield self

    @property
    def missing(self) -> Collection[int]:
        """Blocks that are still to be done."""
        return range(self.manifest["blocks"]) - self.counts.keys()

    def keep(self, done: Done) -> None:
        """Write the results of a block; its part comes last and makes it done."""
        self.reject(f"part-{done.number:06}", "clients", done.problems)
        _write(self._part(done.number), done.part)
        self.counts[done.number] = done.counts

    def reject(self, name: str, table: str, problems: Collection[Problem]) -> None:
        """Write what is wrong with some rows, where anything is; values as JSON."""
        if problems:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(
                (
                    table,
                    p.row,
                    p.field,
                    json.dumps(p.value, ensure_ascii=False, default=str),
                    p.expected,
                )
                for p in problems
            )
            _write(self.path / "rejects" / f"{name}.csv", text.getvalue().encode())

    @contextmanager
    def scratch(self, name: str) -> Iterator[Path]:
        """Lend a file that is gone afterwards, at the latest when the folder is opened again."""
        path = self.path / f"{name}{_TEMPORARY}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def finish(self) -> int:
        """Write all bad rows into one file, opportunities first, and return their number."""
        bodies = [path.read_text("utf-8") for path in sorted((self.path / "rejects").glob("*.csv"))]
        whole = ",".join(REJECT_COLUMNS) + "\n" + "".join(bodies)
        _write(self.path / "rejects.csv", whole.encode())
        rows = csv.DictReader(io.StringIO(whole))
        return len({(row["table"], row["row"]) for row in rows})

    @property
    def _manifest(self) -> Path:
        return self.path / "manifest.json"

    def _part(self, index: int) -> Path:
        return self.path / "parts" / f"part-{index:06}.parquet"

    def _require_own_run(self) -> None:
        if self._manifest.exists():
            there = json.loads(self._manifest.read_text("utf-8"))
            if differing := list(_differences(there, json.loads(_json(self.manifest)))):
                raise BatchRefused(
                    f"{self.path} holds the results of another run ({'; '.join(differing)}): "
                    "name another folder, or ask again what was asked there"
                )
        elif self.path.exists() and any(p.name != ".lock" for p in self._holdings()):
            raise BatchRefused(f"{self.path}: expected an empty folder, or one of a batch")

    def _holdings(self) -> Iterator[Path]:
        """What lies in the folder beside empty folders and files half written."""
        if not self.path.is_dir():
            yield self.path
            return
        yield from (p for p in self.path.rglob("*") if p.is_file() and p.suffix != _TEMPORARY)

    def _hold(self, lock: Any) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BatchRefused(f"{self.path}: another process works in this folder") from None


def _write(path: Path, content: Any) -> None:
    """Write a file under another name and rename it: nobody ever sees half of it."""
    partial = path.with_name(path.name + _TEMPORARY)
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _differences(there: Any, here: Any, name: str = "") -> Iterator[str]:
    """Say where two manifests differ."""
    if isinstance(there, dict) and isinstance(here, dict):
        for key in sorted(there.keys() | here.keys()):
            yield from _differences(there.get(key), here.get(key), f"{name}.{key}".lstrip("."))
    elif there != here:
        yield f"{name} was {_short(there)}, is {_short(here)}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 24 else f"{text[:12]}…"

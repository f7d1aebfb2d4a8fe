"""Files that appear whole or not at all."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from data.exchange.problem import ImportRefused, shorten

__all__ = ["write_tables", "written_whole"]


@contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path in the same folder; it takes the name `path` when all went well.

    Parameters
    ----------
    path
        File to write.

    Raises
    ------
    ImportRefused
        The folder cannot be written to.
    """
    target = Path(path)
    try:
        folder = Path(tempfile.mkdtemp(prefix=".part-", dir=target.parent))
    except OSError as error:
        raise ImportRefused(f"cannot write {shorten(target.name)}: {error.strerror}") from None
    try:
        part = folder / target.name
        yield part
        os.replace(part, target)
    except OSError as error:
        raise ImportRefused(f"cannot write {shorten(target.name)}: {error.strerror}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_tables(
    folder: str | os.PathLike[str],
    tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]]],
) -> None:
    """Write CSV tables into a folder: all are complete before the first takes its name.

    Parameters
    ----------
    folder
        Folder; made where absent. Other files in it stay.
    tables
        Header and rows by file name.

    Raises
    ------
    ImportRefused
        The folder cannot be written to; it holds what it held before.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=target) as temporary:
            for name, (header, rows) in tables.items():
                with (Path(temporary) / name).open("w", encoding="utf-8", newline="") as file:
                    writer = csv.writer(file, lineterminator="\n")
                    writer.writerow(header)
                    writer.writerows(rows)
            for name in tables:
                os.replace(Path(temporary) / name, target / name)
    except OSError as error:
        raise ImportRefused(f"cannot write to the folder: {error.strerror}") from None

"""The market's rows read by a second process, while this one loads what answers from them.

Both cores work at a start: reading 100,000 offers takes about as long as loading the libraries.
"""

import gc
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.market_columns import Columns


class MarketBeside:
    """A second process that reads the market once and hands it over once.

    Where it fails, or read another revision than is asked for, nothing is lost but its help.

    Parameters
    ----------
    database_url
        The store.
    """

    def __init__(self, database_url: str) -> None:
        command = [sys.executable, "-m", "api.market_beside"]
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        self._reader = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet)
        assert self._reader.stdin is not None
        self._reader.stdin.write(database_url.encode())  # no argument: it may hold a password
        self._reader.stdin.close()
        self._asked = False

    def columns(self, revision: int) -> "Columns | None":
        """Return the market of a revision, the first time; None where it was not read."""
        if self._asked:
            return None
        self._asked = True
        assert self._reader.stdout is not None
        with self._reader, self._reader.stdout as told:
            try:
                found, columns = pickle.load(told)
            except (EOFError, pickle.UnpicklingError):
                return None
        return columns if found == revision else None

    def close(self) -> None:
        """End the process where it still reads."""
        with self._reader:
            self._reader.kill()


def _read(database_url: str) -> tuple[int, Any]:
    from api.db import Database
    from api.market_columns import market_columns
    from models import revision

    database = Database(database_url)
    if database.path is not None and not database.path.exists():
        sys.exit(1)
    with database.reading() as session:
        return revision.current(session), market_columns(session)


if __name__ == "__main__":
    gc.disable()  # millions of cells come, and all stay
    pickle.dump(_read(sys.stdin.read()), sys.stdout.buffer, protocol=5)

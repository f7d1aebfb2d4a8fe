"""The database: one engine a process, readers that wait for nobody, writers one at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlmodel import Session

from api import standing
from api.failures import NotReady
from api.plain_json import dumped

PAGES_KIB = 32 * 1024
"""Most of the file that a connection of SQLite keeps in memory, in KiB."""

JOURNAL_BYTES = 4 * 1024 * 1024
"""Size to which a journal that is kept is cut after a transaction that needed more."""

_KEEPS_JOURNAL = "keeps_journal"


class Database:
    """The store behind one URL.

    On SQLite a rollback journal is used (the interpreter's own SQLite may predate the fix of
    WAL); where transactions are shared, and so one follows another, its file is kept between them
    with its head overwritten, which is cheaper than to make and remove one each time. Foreign
    keys are enforced, and a writing transaction takes its lock at the start, so that it cannot
    fail half-way for another writer. A file that is not there is never created by reading it:
    :meth:`create` alone creates it.

    Parameters
    ----------
    url
        As SQLAlchemy writes it, such as ``sqlite:///var/placement.db``.
    busy_seconds
        How long a writer waits for another.
    """

    def __init__(self, url: str, busy_seconds: float = 10.0) -> None:
        self.url = make_url(url)
        self.engine = _engine(self.url, busy_seconds)
        self._writers = self.engine.execution_options(writes=True)
        self._sharers = self.engine.execution_options(writes=True, tells_changes=True)

    @property
    def path(self) -> Path | None:
        """The database's file; None where it is not a file."""
        is_file = self.url.get_backend_name() == "sqlite" and self.url.database
        return Path(str(self.url.database)) if is_file else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that writes: committed at the end, undone as a whole on any error."""
        with Session(self._writers) as session, session.begin():
            yield session

    def create(self) -> None:
        """Create the database's file where it is not there, readable by its owner only."""
        if self.path is not None and not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))

    @contextmanager
    def connected(self, writes: bool = False) -> Iterator[Connection]:
        """Open one transaction below the tables: for the schema, not for rows."""
        with (self._writers if writes else self.engine).begin() as connection:
            yield connection

    @contextmanager
    def shared(self) -> Iterator[Connection]:
        """Open a transaction that writes; who opens it tells :mod:`api.standing` of changes."""
        with self._sharers.begin() as connection:
            yield connection

    def require_present(self) -> None:
        """Raise where the database's file is not there.

        Raises
        ------
        NotReady
            Naming the commands that create one.
        """
        if self.path is not None and not self.path.exists():
            raise NotReady(
                f"no database at {self.path}; make one with 'placement demo' "
                "or 'placement db upgrade'"
            )

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: URL, busy_seconds: float) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"hide_parameters": True, "json_serializer": _json}
    if sqlite and url.database:
        # the connection used last: what it has read of the file, and its marks, still stand
        options["pool_use_lifo"] = True
        location = f"file:{quote(url.database)}"
        url = url.set(database=location, query={"uri": "true", "mode": "rw"})
        options["connect_args"] = {"timeout": busy_seconds}
    engine = create_engine(url, **options)
    if sqlite:
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _json(values: Any) -> str:
    return dumped(values).decode()


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{PAGES_KIB}")


def _begin(connection: Connection) -> None:
    asked = connection.get_execution_options()
    writes = asked.get("writes", False)
    if writes and not asked.get("tells_changes", False):
        standing.change(connection)
    elif writes and not connection.info.get(_KEEPS_JOURNAL):
        connection.info[_KEEPS_JOURNAL] = True
        connection.exec_driver_sql("PRAGMA journal_mode = PERSIST")
        connection.exec_driver_sql(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

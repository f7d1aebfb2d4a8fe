"""The service's hand on training runs: each in a process of its own, so that answers never wait."""

import logging
import os
import subprocess
import sys
from contextlib import suppress
from threading import Event, Thread
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from api.analyst import jobs, queries
from api.failures import NotFound
from api.services import Services
from api.settings import as_environment

LOG = logging.getLogger("placement")
LOOK_SECONDS: Final = 2.0
STOP_SECONDS: Final = 10.0


class Runner:
    """Starts queued runs one at a time, and gives back those whose process died.

    Parameters
    ----------
    services
        What the process shares.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopped = Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._run_id = ""
        self._thread = Thread(target=self._watch, name="training-runs", daemon=True)

    def start(self) -> None:
        """Begin to look for queued runs."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking, and give back the run that is under way."""
        self._stopped.set()
        self._thread.join()
        if self._child is not None:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(STOP_SECONDS)
            self._child.kill()
            self._child.wait()
            with suppress(SQLAlchemyError):
                self._finish()

    @property
    def child(self) -> int | None:
        """Process id of the run under way."""
        return self._child.pid if self._child else None

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            # a store that is absent, old or busy has no runs for now
            with suppress(SQLAlchemyError):
                self._look()

    def _look(self) -> None:
        database = self._services.database
        if database.path is not None and not database.path.exists():
            return
        if self._child is not None and self._child.poll() is not None:
            self._finish()
        jobs.sweep(self._services)
        if self._child is None:
            self._start_next()

    def _finish(self) -> None:
        """Give back a run whose process ended and left it running."""
        self._child = None
        with suppress(NotFound):
            jobs.released(self._services, self._run_id)

    def _start_next(self) -> None:
        with self._services.database.reading() as session:
            queued = [run.run_id for run in queries.runs_in(session, "queued")]
        if not queued:
            return
        self._run_id = queued[0]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "model", "work", self._run_id],
            env={**os.environ, **as_environment(self._services.settings)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        LOG.info("training run %s: process %s", self._run_id, self._child.pid)

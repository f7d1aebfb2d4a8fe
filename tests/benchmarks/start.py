"""How long a service takes from its command to its first answer.

``python -m tests.benchmarks.start [OFFERS]``: with the kernels compiled, and with them kept. A
store is made first; imports, the market and one answer of ``/health`` are counted.
"""

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from api.intake.demo import DemoSize, load
from api.services import Services
from api.settings import Settings

DAY = dt.date(2026, 9, 1)
LONGEST_SECONDS = 120.0


def stored(folder: Path, offers: int) -> Path:
    """Return a store of so many offers."""
    path = folder / "start.db"
    services = Services(Settings(database_url=f"sqlite:///{path}"))
    size = DemoSize(clients=1, opportunities=offers)
    load(services, size, DAY, "benchmark", lambda key, total: lambda rows: None)
    services.close()
    return path


def started(store: Path, kernels: Path) -> float:
    """Return the seconds until a service answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "api.cli", "serve", "--database", str(store), "--port", port]
    quiet, given = subprocess.DEVNULL, os.environ | {"NUMBA_CACHE_DIR": str(kernels)}
    began = time.perf_counter()
    asked = [*command, "--as-of", DAY.isoformat()]
    with subprocess.Popen(asked, env=given, stdout=quiet, stderr=quiet) as service:
        try:
            _await_answer(f"http://127.0.0.1:{port}/health", service, began)
            return time.perf_counter() - began
        finally:
            service.terminate()


def _await_answer(url: str, service: "subprocess.Popen[bytes]", began: float) -> None:
    while service.poll() is None and time.perf_counter() - began < LONGEST_SECONDS:
        try:
            urllib.request.urlopen(url, timeout=LONGEST_SECONDS).read()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the service did not answer")


def measure(offers: int) -> dict[str, float]:
    """Return the seconds of a start with kernels compiled, and with kernels kept."""
    facts = {}
    with tempfile.TemporaryDirectory() as folder:
        store = stored(Path(folder), offers)
        for name in ("kernels compiled", "kernels kept"):
            seconds = started(store, Path(folder) / "kernels")
            facts[f"start with {offers:,} offers, {name}, s"] = seconds
    return facts


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), sys.stdout)

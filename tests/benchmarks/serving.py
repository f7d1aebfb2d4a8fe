"""Requests a second of the service, each as a share of the same server's empty route.

``python -m tests.benchmarks.serving [--offers N] [--seconds S] [--rounds N] [--connections N]
[--database FILE]`` needs ``wrk`` and two cores: one for the server, one for the load. Every round
asks each route in turn, so that a slow minute of the machine meets them all; medians of rounds are
told. Each route is asked of many clients in turn. The processor's time a request tells what the
service itself costs, however long the disk is waited for.
"""

import argparse
import datetime as dt
import math
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from api.context import Context
from api.intake.demo import DemoSize, load
from api.officer import slates
from api.services import Services
from api.settings import Settings

DAY, CLIENTS, ASKED, CONNECTIONS = dt.date(2026, 11, 23), 500, 60, 8
TICKS = os.sysconf("SC_CLK_TCK")
START = "from api.cli import main; main()"
EMPTY = "GET health, the empty route"
BARS = {"GET why, computed": 0.30, "POST slate, computed and stored": 0.20}
SCRIPT = """
local paths, at = {{{paths}}}, 0
request = function()
  at = at % #paths + 1
  return wrk.format("{method}", paths[at], {{["Content-Type"]="application/json"}}, {body})
end
done = function(summary)
  io.write("failed ", summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout, "\\n")
end
"""


def world(path: Path, offers: int) -> Services:
    """Return services over a demo world at `path`, drawn where it is not there."""
    services = Services(Settings(database_url=f"sqlite:///{path}", today=DAY))
    if not path.exists():
        load(
            services, DemoSize(CLIENTS, offers), DAY, "bench", lambda key, total: lambda rows: None
        )
    return services


def scripts(services: Services, folder: Path) -> dict[str, Path]:
    """Write what the load asks of each route, of pairs that may be offered; return the files."""
    pairs = []
    with services.database.reading() as session:
        context = Context(session, services, "bench", "bench", "en")
        for number in range(1, ASKED + 1):
            shown = slates.computed(context, f"C-{number:06d}", 5)[1]
            firsts = [s.opportunity_id for s in shown.suggestions if len(s.steps) == 1]
            pairs += [(shown.client_id, offer) for offer in firsts[:1]]
    asked = {
        EMPTY: ("GET", ["/health"]),
        "GET client, read": ("GET", [f"/v1/clients/{client}" for client, _ in pairs]),
        "GET why, computed": (
            "GET",
            [f"/v1/clients/{client}/opportunities/{offer}/why" for client, offer in pairs],
        ),
        "POST slate, computed and stored": (
            "POST",
            [f"/v1/clients/{client}/slates" for client, _ in pairs],
        ),
    }
    return {
        name: _script(folder / f"{at}.lua", *what) for at, (name, what) in enumerate(asked.items())
    }


def _script(path: Path, method: str, paths: Sequence[str]) -> Path:
    listed = ", ".join(f'"{one}"' for one in paths)
    body = "'{\"k\": 5}'" if method == "POST" else "nil"
    path.write_text(SCRIPT.format(paths=listed, method=method, body=body), encoding="utf-8")
    return path


class Served(NamedTuple):
    """A server: its address and its process."""

    address: str
    pid: int

    def spent(self) -> float:
        """Return the processor's time that it has taken so far, in seconds."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / TICKS


class Rate(NamedTuple):
    """How one route was answered.

    Parameters
    ----------
    per_second
        Requests a second.
    share
        Of the empty route's.
    busy_ms
        Processor's time of the server a request, in ms.
    late_ms
        99th percentile, in ms.
    """

    per_second: float
    share: float
    busy_ms: float
    late_ms: float


@contextmanager
def serving(database: Path) -> Iterator[Served]:
    """Serve a database from a process of its own on the first core."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"PLACEMENT_TODAY": DAY.isoformat(), "PLACEMENT_DATABASE_URL": f"sqlite:///{database}"}
    command = [sys.executable, "-c", START, "serve", "--port", str(port)]
    core = min(os.sched_getaffinity(0))
    server = subprocess.Popen(["taskset", "-c", str(core), *command], env={**os.environ, **given})
    try:
        _wait(f"http://127.0.0.1:{port}", server)
        yield Served(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        try:
            urllib.request.urlopen(f"{address}/health").close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not answer within a minute")


def ask(served: Served, script: Path, seconds: float, connections: int) -> Rate:
    """Return how a route was answered, its share not yet known; no request may have failed."""
    core, before = max(os.sched_getaffinity(0)), served.spent()
    load = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", "-s", str(script)]
    told = subprocess.run(
        ["taskset", "-c", str(core), *load, served.address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    failed, answered = re.search(r"failed (\d+)", told), re.search(r"(\d+) requests in", told)
    if failed is None or int(failed[1]) or "nan" in told:
        raise SystemExit(f"requests failed:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    late = re.search(r"(?m)^\s+99%\s+(\S+)", told)
    assert rate is not None
    assert late is not None
    assert answered is not None
    busy_ms = 1e3 * (served.spent() - before) / int(answered[1])
    return Rate(float(rate[1]), math.nan, busy_ms, _milliseconds(late[1]))


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[unit]


def measure(
    database: Path, asked: Mapping[str, Path], seconds: float, rounds: int, connections: int
) -> dict[str, Rate]:
    """Return medians of rounds by route."""
    seen: dict[str, list[Rate]] = {name: [] for name in asked}
    with serving(database) as served:
        for script in asked.values():
            ask(served, script, 1, connections)
        for _ in range(rounds):
            found = {name: ask(served, one, seconds, connections) for name, one in asked.items()}
            empty = found[EMPTY].per_second
            for name, rate in found.items():
                seen[name].append(rate._replace(share=rate.per_second / empty))
    return {
        name: Rate(*map(statistics.median, zip(*rates, strict=True)))
        for name, rates in seen.items()
    }


def table(found: Mapping[str, Rate]) -> str:
    """Return the medians as a Markdown table."""
    lines = [
        "| route | requests/s | of the empty route | bar | processor, ms | p99, ms |",
        "|---|---|---|---|---|---|",
    ]
    for name, (rate, share, busy, late) in found.items():
        bar = f"{BARS[name]:.0%}" if name in BARS else ""
        lines.append(f"| {name} | {rate:,.0f} | {share:.1%} | {bar} | {busy:.2f} | {late:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving", description=__doc__)
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--database", type=Path, help="kept, and drawn where it is not there")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        database = (told.database or folder / "bench.db").resolve()
        services = world(database, told.offers)
        asked = scripts(services, folder)
        services.close()
        found = measure(database, asked, told.seconds, told.rounds, told.connections)
        sys.stdout.write(table(found) + "\n")


if __name__ == "__main__":
    main()

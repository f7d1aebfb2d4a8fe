"""The service is killed at work: whatever it has answered is in the store."""

import datetime as dt
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

SERVE = "from api.cli import main; main()"
ASKING, BEFORE_THE_KILL = 6, 60


def served(path: Path, port: int, today: dt.date) -> "subprocess.Popen[bytes]":
    given = {"PLACEMENT_DATABASE_URL": f"sqlite:///{path}", "PLACEMENT_TODAY": today.isoformat()}
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port)]
    return subprocess.Popen(command, env={**os.environ, **given}, stderr=subprocess.DEVNULL)


def asked(port: int, number: int) -> str | None:
    """Ask until answered or gone; return the id of the request that was answered."""
    method, tail = ("POST", "/slates") if number % 2 else ("GET", "")
    path = f"/v1/clients/C-{number % 9 + 1:06d}{tail}"
    body = '{"k": 3}' if method == "POST" else None
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    assert answer.status in (200, 201)
    return answer.getheader("x-request-id")


def test_all_that_was_answered_before_a_kill_is_in_the_store(world_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = served(world_path, port, dt.date(2026, 11, 23))
    try:
        _wait(port, server)
        answered: list[str] = []

        def ask(number: int) -> None:
            if (found := asked(port, number)) is not None:
                answered.append(found)
            if len(answered) == BEFORE_THE_KILL:
                server.send_signal(signal.SIGKILL)

        with ThreadPoolExecutor(ASKING) as pool:
            list(pool.map(ask, range(2 * BEFORE_THE_KILL)))
    finally:
        server.kill()
        server.wait()
    assert BEFORE_THE_KILL <= len(answered) < 2 * BEFORE_THE_KILL
    with sqlite3.connect(world_path) as store:
        kept = {row[0] for row in store.execute("SELECT request_id FROM audit")}
        made = store.execute("SELECT count(*) FROM audit WHERE action = 'slate.make'").fetchone()
        slates = store.execute("SELECT count(*) FROM slate").fetchone()
        sound = store.execute("PRAGMA integrity_check").fetchone()
    store.close()
    assert set(answered) <= kept
    assert slates == made
    assert sound == ("ok",)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not listen within a minute")

"""What is killed on the way costs time, never a result, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster

from matcher.batch import (
    Batch,
    BatchFailed,
    BatchRefused,
    Summary,
    Unwatched,
    local_cluster,
    run,
    running_cluster,
)
from matcher.batch.work import answer

Make = Callable[..., Batch]
Open = Callable[[], Any]
ROOT = Path(__file__).parents[3]

RUN_SLOWLY = """
import datetime as dt, sys, time
from pathlib import Path
from data import read_reference
from matcher.batch import Batch, ParquetRows, Unwatched, job, local_cluster, run

class Slow(Unwatched):
    def advanced(self, clients):
        time.sleep(0.5)

if __name__ == "__main__":
    inputs, out, day = sys.argv[1:]
    job.MOST_CLIENTS = 20
    clients, offers = (Path(inputs) / f"{name}.parquet" for name in ("clients", "opportunities"))
    rows = ParquetRows(clients), ParquetRows(offers)
    batch = Batch(read_reference(), *rows, dt.date.fromisoformat(day))
    run(batch, Path(out), lambda: local_cluster(2), Slow())
"""

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1])
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


class Killing(Unwatched):
    """Kills a worker after each of the first blocks."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.client: Any = None

    @contextmanager
    def cluster(self, workers: int) -> Iterator[Any]:
        with local_cluster(workers) as self.client:
            yield self.client

    def advanced(self, clients: int) -> None:
        if self.times > 0 and (pids := self.client.run(os.getpid, on_error="ignore")):
            self.times -= 1
            os.kill(sorted(pids.values())[0], signal.SIGKILL)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_worker_loses_nothing(
    workers: int, make_batch: Make, ran: tuple[Path, Summary], contents: Any, tmp_path: Path
) -> None:
    killing = Killing(times=2)
    summary = run(make_batch(), tmp_path / "out", lambda: killing.cluster(workers), killing)
    assert killing.times == 0
    assert summary.clients == 210
    assert contents(tmp_path / "out") == contents(ran[0])


def test_a_killed_run_is_continued_and_nothing_is_done_twice(
    make_batch: Make,
    here: Open,
    folder: Path,
    ran: tuple[Path, Summary],
    contents: Any,
    tmp_path: Path,
) -> None:
    script, out = tmp_path / "run.py", tmp_path / "out"
    script.write_text(RUN_SLOWLY)
    command = [sys.executable, str(script), str(folder), str(out), make_batch().as_of.isoformat()]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}) as process:
        wait_for(lambda: len(list(out.glob("parts/*.parquet"))) >= 3, process)
        process.kill()
    before = {path: path.stat() for path in out.glob("parts/*.parquet")}
    (out / "parts" / "part-000009.parquet.writing").write_bytes(b"half")
    summary = run(make_batch(), out, here)
    assert 3 <= len(before) < summary.blocks
    assert summary.blocks_done_before == len(before)
    for path, then in before.items():
        now = path.stat()
        assert (now.st_ino, now.st_mtime_ns) == (then.st_ino, then.st_mtime_ns)
    assert contents(out) == contents(ran[0])
    found = pq.read_table(out / "parts").to_pandas()
    assert not found.duplicated(["client_id", "position"]).any()


def wait_for(happened: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while not happened():
        assert process.poll() is None, "ended by itself"
        assert time.monotonic() < until, "took too long"
        time.sleep(0.02)


def test_a_finished_run_is_not_run_again(
    make_batch: Make, ran: tuple[Path, Summary], contents: Any
) -> None:
    def never() -> Any:
        raise AssertionError("no workers are needed")

    before = contents(ran[0])
    again = run(make_batch(), ran[0], never)
    assert (again.full, again.without) == (ran[1].full, ran[1].without)
    assert again.blocks_done_before == again.blocks
    assert contents(ran[0]) == before


def test_another_question_in_the_same_folder_is_refused(
    make_batch: Make, here: Open, ran: tuple[Path, Summary], world: Any
) -> None:
    with pytest.raises(BatchRefused, match=r"another run \(k was 5, is 4\)"):
        run(make_batch(k=4), ran[0], here)
    with pytest.raises(BatchRefused, match=r"clients\.sha256 was"):
        run(make_batch(clients=list(world.clients[1:])), ran[0], here)


def test_a_folder_of_other_things_is_refused(make_batch: Make, here: Open, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(BatchRefused, match="expected an empty folder"):
        run(make_batch(), tmp_path, here)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_two_processes_do_not_work_in_one_folder(
    make_batch: Make, here: Open, ran: tuple[Path, Summary]
) -> None:
    command = [sys.executable, "-c", HOLD, str(ran[0] / ".lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(BatchRefused, match="another process works in this folder"):
            run(make_batch(), ran[0], here)
        process.kill()


def test_no_scheduler_is_one_clear_line(make_batch: Make, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.batch.clusters.CONNECT_SECONDS", 0.2)
    with pytest.raises(BatchFailed, match="no scheduler answers at tcp://127"):
        run(make_batch(), tmp_path / "out", lambda: running_cluster("tcp://127.0.0.1:9"))


class Leaving:
    """A cluster whose only worker leaves in the midst of a block."""

    cluster: LocalCluster
    over = threading.Event()


def leave_in_block_3(prepared: Any, *told: Any) -> Any:
    if prepared.number == 3:
        time.sleep(0.5)  # until no more is sent before this block is done
        Leaving.cluster.scale(0)
        Leaving.over.wait(20)
    return answer(prepared, *told)


def test_a_worker_that_leaves_for_good_ends_a_run_that_can_be_continued(
    make_batch: Make,
    here: Open,
    ran: tuple[Path, Summary],
    contents: Any,
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    with (
        pytest.MonkeyPatch.context() as patch,
        LocalCluster(1, processes=False, threads_per_worker=1, dashboard_address=":0") as cluster,
    ):
        Leaving.cluster = cluster
        patch.setattr("matcher.batch.crew.WAIT_SECONDS", 1)
        patch.setattr("matcher.batch.crew.answer", leave_in_block_3)
        with pytest.raises(BatchFailed, match="no worker has come in 1 seconds"):
            run(make_batch(), out, lambda: Client(cluster))
        Leaving.over.set()
    summary = run(make_batch(), out, here)
    assert 2 <= summary.blocks_done_before < summary.blocks  # block 3 is sent when two are done
    assert contents(out) == contents(ran[0])


def test_a_worker_with_other_code_is_refused(
    make_batch: Make, here: Open, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("matcher.batch.job.build", lambda: {"numpy": "1.0"})
    with pytest.raises(BatchRefused, match="install the same version on every machine"):
        run(make_batch(), tmp_path / "out", here)

"""Requests that wait together share a commit: each answered once it is kept, each undone alone."""

import sqlite3
from asyncio import Lock, gather, run
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.commits import SharedCommits
from api.db import Database
from api.failures import NotFound
from models import revision
from models.household import Household

Act = Callable[[Session], Any]


def adding(name: str, *, fails: Exception | None = None, moves: bool = False) -> Act:
    def act(session: Session) -> str:
        session.add(Household(household_id=name))
        session.flush()
        if moves:
            revision.move(session)
        if fails is not None:
            raise fails
        return name

    return act


def together(path: Path, *acts: Act) -> tuple[list[Any], list[str], int]:
    """Answers, households on disk afterwards, and transactions committed."""
    database = Database(f"sqlite:///{path}")
    commits = []
    event.listen(database.engine, "commit", commits.append)

    async def ask() -> list[Any]:
        shared = SharedCommits(database, Lock())
        return await gather(*map(shared.run, acts), return_exceptions=True)

    answers, committed = run(ask()), len(commits)
    with database.reading() as session:
        kept = session.exec(select(Household.household_id).order_by(col(Household.household_id)))
        found = list(kept)
    database.close()
    return answers, found, committed


def test_those_who_wait_together_share_one_commit(empty_path: Path) -> None:
    names = [f"H-{number}" for number in range(8)]
    assert together(empty_path, *map(adding, names)) == (names, names, 1)


def test_what_one_does_wrong_undoes_that_one_alone(empty_path: Path) -> None:
    wrong = NotFound("client", "X")
    answers, kept, _ = together(
        empty_path, adding("H-1"), adding("H-2", fails=wrong), adding("H-1"), adding("H-4")
    )
    assert answers[:2] == ["H-1", wrong]
    assert type(answers[2]).__name__ == "IntegrityError"
    assert (answers[3], kept) == ("H-4", ["H-1", "H-4"])


def test_a_market_that_moved_is_on_disk_before_the_next_looks_at_it(empty_path: Path) -> None:
    acts = adding("H-1", moves=True), adding("H-2"), adding("H-3")
    answers, kept, committed = together(empty_path, *acts)
    assert answers == kept == ["H-1", "H-2", "H-3"]
    assert committed == 2


def test_a_store_that_fails_one_of_them_keeps_what_the_others_were_told(empty_path: Path) -> None:
    def undone_by_the_store(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")  # as SQLite does when a disk is full
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("disk is full"))

    answers, kept, _ = together(empty_path, adding("H-1"), undone_by_the_store, adding("H-3"))
    assert (answers[0], answers[2]) == ("H-1", "H-3")
    assert isinstance(answers[1], OperationalError)
    assert kept == ["H-1", "H-3"]


@pytest.mark.parametrize("many", [1, 40])
def test_an_answer_stands_on_disk_when_it_comes(
    world: TestClient, world_path: Path, many: int
) -> None:
    def ask(number: int) -> bool:
        answer = world.get(f"/v1/clients/C-{number % 9 + 1:06d}")
        with sqlite3.connect(world_path) as other:
            query = "SELECT count(*) FROM audit WHERE request_id = ?"
            found = other.execute(query, (answer.headers["x-request-id"],)).fetchone()
        other.close()
        return bool(found == (1,))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(many)))

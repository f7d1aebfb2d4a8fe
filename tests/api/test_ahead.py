"""Work done ahead counts where its transaction finds the store as it was, and nowhere else."""

import shutil
import sqlite3
from asyncio import Lock, gather, run
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, func, select
from starlette.testclient import TestClient

from api import standing
from api.commits import SharedCommits
from api.db import Database
from api.failures import NotOffered
from models import appended
from models.audit import Audit
from models.base import now
from models.household import Household

HOME = "H-1"
Seen = tuple[int | None, bool]


class Shop:
    """A store, those who share its transactions, and a memory that keeps what marks let it."""

    def __init__(self, path: Path) -> None:
        self.path, self.database = path, Database(f"sqlite:///{path}")
        self.commits = SharedCommits(self.database, Lock())
        self.kept: tuple[standing.Mark | None, int | None] = None, None
        with self.database.writing() as session:
            session.add(Household(household_id=HOME, household_size=1))

    def look(self, session: Session) -> Seen:
        """The household's size, and whether it was told without the store; leaves a row."""
        row = {"at": now(), "who": "sok", "action": "why", "client_id": "C-1", "request_id": "r"}
        appended.add(session, Audit, [row])
        mark = standing.mark_of(session)
        if mark is not None and self.kept[0] == mark:
            return self.kept[1], True
        found = session.get(Household, HOME)
        self.kept = mark, None if found is None else found.household_size
        return self.kept[1], False

    def ask(self, *acts: Callable[[Session], Any]) -> list[Any]:
        async def all_of_them() -> list[Any]:
            return await gather(*(self._run(act) for act in acts), return_exceptions=True)

        return run(all_of_them())

    async def _run(self, act: Callable[[Session], Any]) -> Any:
        looks = act == self.look
        return await self.commits.run(act, adds=looks, ahead=looks)

    def by_another_program(self) -> None:
        with sqlite3.connect(self.path) as other:
            other.execute("UPDATE household SET household_size = household_size + 1")
        other.close()

    @property
    def size(self) -> int | None:
        with self.database.reading() as session:
            found = session.get(Household, HOME)
            return None if found is None else found.household_size

    @property
    def rows(self) -> int:
        with self.database.reading() as session:
            return session.exec(select(func.count()).select_from(Audit)).one()


def grow(session: Session) -> None:
    home = session.get(Household, HOME)
    assert home is not None
    home.household_size = (home.household_size or 0) + 1


@pytest.fixture
def shop(empty_path: Path) -> Shop:
    return Shop(empty_path)


def test_work_is_done_ahead_once_the_store_has_stood_still(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def within(commits: SharedCommits, act: object) -> list[Seen]:
        ahead: list[Seen] = []
        work = commits._ahead.work

        def told(act: Any) -> Any:
            found = work(act)
            ahead.extend([] if found is None else [found.outcome.made])
            return found

        monkeypatch.setattr(commits._ahead, "work", told)
        shop.ask(shop.look)
        monkeypatch.undo()
        return ahead

    assert within(shop.commits, shop.look) == []
    assert within(shop.commits, shop.look) == []
    assert within(shop.commits, shop.look) == [(1, True)]
    shop.ask(grow)
    assert within(shop.commits, shop.look) == []
    assert shop.rows == 4


def test_what_changes_between_work_and_transaction_is_seen(shop: Shop) -> None:
    for _ in range(3):
        shop.ask(shop.look)
    first, _, last = shop.ask(shop.look, grow, shop.look)
    assert (first, last) == ((1, True), (2, False))
    shop.ask(shop.look, shop.look)
    shop.by_another_program()
    assert shop.ask(shop.look) == [(3, False)]
    assert shop.rows == 8


def test_those_who_come_together_are_all_read_before_any_is_worked_on(shop: Shop) -> None:
    for _ in range(2):
        shop.ask(shop.look)
    told: list[str] = []

    async def ask(name: str) -> None:
        told.append(f"read {name}")
        await shop.commits.run(lambda _: told.append(f"work {name}"), adds=True, ahead=True)

    async def both() -> None:
        await gather(ask("first"), ask("second"))

    run(both())
    assert told == ["read first", "read second", "work first", "work second"]


def test_a_failure_that_stands_leaves_its_row(shop: Shop) -> None:
    def forbidden(session: Session) -> None:
        shop.look(session)
        raise NotOffered([])

    async def ask() -> list[Any]:
        asked = [shop.commits.run(forbidden, adds=True, ahead=True) for _ in range(2)]
        return await gather(*asked, return_exceptions=True)

    for rows in (2, 4, 6):
        assert [type(one) for one in run(ask())] == [NotOffered, NotOffered]
        assert shop.rows == rows


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["look", "grow", "other"]), max_size=5), max_size=8))
def test_every_answer_is_that_of_its_transaction(
    tmp_path_factory: pytest.TempPathFactory, empty_template: Path, waves: list[list[str]]
) -> None:
    path = Path(shutil.copy(empty_template, tmp_path_factory.mktemp("shop") / "shop.db"))
    shop, size, looks = Shop(path), 1, 0
    for wave in waves:
        expected: list[int | None] = []
        for one in wave:
            size += one == "grow"
            expected.append(size if one == "look" else None)
        acts = [shop.look if one == "look" else grow for one in wave if one != "other"]
        found = shop.ask(*acts)
        told = [seen[0] for seen in found if seen is not None]
        assert told == [one for one in expected if one is not None]
        looks += len(told)
        if "other" in wave:
            shop.by_another_program()
            size += 1
    assert (shop.size, shop.rows) == (size, looks)
    shop.database.close()


@pytest.mark.parametrize("times", [6])
def test_reasons_computed_ahead_are_those_of_the_store(
    world: TestClient, world_path: Path, times: int
) -> None:
    """The same answer as the first, an audit row each, and another answer once the client moves."""
    client = world.get("/v1/clients/C-000001")
    slates = [world.post("/v1/clients/C-000001/slates", json={"k": 3}) for _ in range(times)]
    shown = [slate.json()["suggestions"] for slate in slates]
    assert shown == shown[:1] * times
    with sqlite3.connect(world_path) as other:
        listed = [f"'{slate.json()['slate_id']}'" for slate in slates]
        query = f"SELECT count(*) FROM slate WHERE slate_id IN ({', '.join(listed)})"
        assert other.execute(query).fetchone() == (times,)
    other.close()
    change = {"consent_to_match": False}
    tag = {"If-Match": client.headers["etag"]}
    assert world.patch("/v1/clients/C-000001", json=change, headers=tag).status_code == 200
    after = world.post("/v1/clients/C-000001/slates", json={"k": 3}).json()
    assert (after["suggestions"], after["client_version"]) == ([], 2)

"""While a mark of the store stands, nothing that was read has changed, whoever changes it."""

import shutil
import sqlite3
from asyncio import Lock, gather, run
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from api import standing
from api.commits import SharedCommits
from api.db import Database
from api.failures import NotFound
from models import appended
from models.audit import Audit
from models.base import now
from models.household import Household

HOME = "H-1"
ROW = {"at": now(), "who": "sok", "action": "why", "client_id": "C-1", "request_id": "r"}
Seen = tuple[standing.Mark | None, int | None]


def size_of(session: Session) -> int | None:
    found = session.get(Household, HOME)
    return None if found is None else found.household_size


def look(session: Session) -> Seen:
    """What a request that only adds reads, with its mark."""
    appended.add(session, Audit, [ROW])
    return standing.mark_of(session), size_of(session)


def grow(session: Session) -> None:
    home = session.get(Household, HOME)
    assert home is not None
    home.household_size = (home.household_size or 0) + 1
    session.flush()


def fails(session: Session) -> None:
    grow(session)
    raise NotFound("client", "X")


def undone(session: Session) -> None:
    grow(session)
    session.connection().exec_driver_sql("ROLLBACK")  # as SQLite does when a disk is full
    raise OperationalError("UPDATE", {}, sqlite3.OperationalError("disk is full"))


class Shop:
    """A store, those who share its transactions, and others who write to it."""

    def __init__(self, path: Path) -> None:
        self.path, self.database = path, Database(f"sqlite:///{path}")
        with self.database.writing() as session:
            session.add(Household(household_id=HOME, household_size=1))

    def shared(self, *acts: Callable[[Session], Any]) -> list[Any]:
        async def ask() -> list[Any]:
            commits = SharedCommits(self.database, Lock())
            asked = [commits.run(act, adds=act is look) for act in acts]
            return await gather(*asked, return_exceptions=True)

        return run(ask())

    def by_a_connection_of_its_own(self) -> None:
        with self.database.writing() as session:
            grow(session)

    def by_another_program(self) -> None:
        with sqlite3.connect(self.path) as other:
            other.execute("UPDATE household SET household_size = household_size + 1")
        other.close()


CHANGES: Mapping[str, Callable[[Shop], object]] = {
    "nobody": lambda shop: None,
    "a request": lambda shop: shop.shared(grow),
    "a request that failed": lambda shop: shop.shared(fails),
    "a store that failed": lambda shop: shop.shared(undone),
    "another thread": Shop.by_a_connection_of_its_own,
    "another program": Shop.by_another_program,
}


@pytest.fixture
def shop(empty_path: Path) -> Shop:
    return Shop(empty_path)


def test_a_mark_stands_while_rows_are_only_added(shop: Shop) -> None:
    first, second = shop.shared(look), shop.shared(look, look)
    assert first[0][0] is not None
    assert [first[0], first[0]] == second


@pytest.mark.parametrize("who", [name for name in CHANGES if name != "nobody"])
def test_no_mark_outlives_a_change(shop: Shop, who: str) -> None:
    before = shop.shared(look)[0]
    CHANGES[who](shop)
    assert shop.shared(look)[0][0] != before[0]


def test_who_changes_rows_has_no_mark(shop: Shop) -> None:
    def marked(session: Session) -> standing.Mark | None:
        grow(session)
        return standing.mark_of(session)

    assert shop.shared(marked) == [None]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(CHANGES)), max_size=6),
    st.lists(st.sampled_from([look, grow, fails, undone]), max_size=6),
)
def test_who_reads_under_equal_marks_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    empty_template: Path,
    changes: list[str],
    group: list[Callable[[Session], Any]],
) -> None:
    path = Path(shutil.copy(empty_template, tmp_path_factory.mktemp("shop") / "shop.db"))
    shop = Shop(path)
    seen: list[Seen] = [*shop.shared(look)]
    for who in changes:
        CHANGES[who](shop)
        found = shop.shared(look, *group, look)
        answers = zip([look, *group, look], found, strict=True)
        seen += [answer for act, answer in answers if act is look]
    shop.database.close()
    read: dict[object, set[int | None]] = {}
    for mark, size in seen:
        read.setdefault(mark, set()).add(size)
    assert all(len(sizes) == 1 for sizes in read.values())

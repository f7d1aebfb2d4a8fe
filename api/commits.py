"""Requests that wait for the store at the same time share one transaction, one sync to disk.

Each is answered when the transaction is on disk: nobody has an answer that a crash could make
untrue. One that writes acts behind a savepoint of its own, so that what it does wrong undoes it
alone; one that only adds rows has nothing to undo: the rows of all are gathered and added at once.
One that computes from memory may have done so ahead of its transaction (:mod:`api.ahead`).
"""

from asyncio import Future, Lock, Task, create_task, get_running_loop, sleep
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from api import standing
from api.ahead import Act, Ahead, Foreseen, Outcome, acted
from api.db import Database
from models import appended, revision

MOST = 64
"""Requests that share a transaction at most, so that the first does not wait for all others."""


@dataclass
class _Asked:
    """A request's work and where its answer is waited for."""

    act: Act
    adds: bool
    foreseen: Foreseen | None = None
    answer: "Future[Any]" = field(default_factory=lambda: get_running_loop().create_future())


class ChangedWhileAdding(RuntimeError):  # noqa: N818 - reads as what it is
    """A route that said it only adds rows changed one: a mistake of its author."""


class _StoreFailed(Exception):  # noqa: N818 - reads as what it is
    """The store failed in the midst of a transaction."""

    def __init__(self, error: DBAPIError) -> None:
        self.error = error
        super().__init__(error)


class SharedCommits:
    """Runs the transactions of requests, those that wait together as one.

    Parameters
    ----------
    database
        The store.
    turn
        Held while a transaction is open; who writes to the store otherwise takes it too.

    References
    ----------
    DeWitt, D. et al. (1984). Implementation techniques for main memory database systems.
    SIGMOD Record 14(2): group commit.
    """

    def __init__(self, database: Database, turn: Lock) -> None:
        self._database = database
        self._turn = turn
        self._ahead = Ahead()
        self._waiting: deque[_Asked] = deque()
        self._leader: Task[None] | None = None

    async def run(self, act: Act, adds: bool = False, ahead: bool = False) -> Any:
        """Return what `act` makes in a session, once that is on disk.

        A failure undoes all that `act` did, save one that is itself the answer (``stands``).

        Parameters
        ----------
        act
            Works in the session it is given.
        adds
            Whether it writes nothing but rows of :mod:`models.appended`, such as the audit trail.
        ahead
            Whether it only adds, and computes from what is in memory where that stands: soon done,
            and so done here and now.

        Raises
        ------
        Exception
            What `act` raises, or the store when it cannot commit.
        """
        await sleep(0)  # those who came with it are read first: like work in a row is quicker
        asked = _Asked(act, adds, self._ahead.work(act) if ahead else None)
        self._waiting.append(asked)
        if self._leader is None:
            self._leader = create_task(self._lead())
        return await asked.answer

    async def _lead(self) -> None:
        """Commit those who wait, group by group, until nobody does."""
        try:
            while self._waiting:
                async with self._turn:
                    group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                    await self._commit(group)
        finally:
            self._leader = None

    async def _commit(self, group: Sequence[_Asked]) -> None:
        try:
            outcomes = await run_in_threadpool(self._transact, group)
        except Exception as error:
            outcomes = [Outcome(error=error)] * len(group)
        self._waiting.extendleft(reversed(group[len(outcomes) :]))
        for asked, outcome in zip(group, outcomes, strict=False):
            _answer(asked.answer, outcome)

    def _transact(self, group: Sequence[_Asked]) -> list[Outcome]:
        """Act in one transaction, or each in its own where the store failed one of them."""
        try:
            return self._together(group)
        except _StoreFailed as failed:
            if len(group) == 1:
                return [Outcome(error=failed.error)]
            return self._transact(group[:1])

    def _together(self, group: Sequence[_Asked]) -> list[Outcome]:
        """Act in one transaction; a move of the market ends it, so that all others see it."""
        outcomes: list[Outcome] = []
        with self._database.shared() as connection, _Acting(connection) as acting:
            for asked in group:
                outcome, moved = acting.attempt(asked)
                outcomes.append(outcome)
                if moved:
                    break
            acting.write()
            self._ahead.saw(acting.mark)
        return outcomes


class _Acting:
    """One transaction in which requests act in turn.

    Those that only add rows share a session, until another has changed what it read.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._added: appended.Gathered = {}
        self._shared: Session | None = None
        self.mark: standing.Mark | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._part()
        if kind is not None:
            standing.change(self._connection)

    def attempt(self, asked: _Asked) -> tuple[Outcome, bool]:
        """Act; return the outcome and whether the market has moved, and gather rows that stand.

        Raises
        ------
        _StoreFailed
            Where the store itself failed: it may have undone the whole transaction by itself.
        """
        try:
            return self._adding(asked) if asked.adds else self._changing(asked)
        except OperationalError as error:
            raise _StoreFailed(error) from error
        except Exception as error:
            self._part()
            return Outcome(error=error), False

    def write(self) -> None:
        """Write what was gathered; where a row is refused, each is tried in a transaction alone."""
        try:
            appended.write_all(self._connection, self._added)
        except DBAPIError as error:
            raise _StoreFailed(error) from error

    def _adding(self, asked: _Asked) -> tuple[Outcome, bool]:
        if self.mark is None:
            self.mark = standing.read(self._connection)
        foreseen = asked.foreseen
        if foreseen is not None and foreseen.mark == self.mark:
            appended.join(self._added, foreseen.rows)
            return foreseen.outcome, False
        if self._shared is None:
            self._shared = Session(self._connection, join_transaction_mode="rollback_only")
            standing.give(self._shared, self.mark)
        session = self._shared
        found = self._gathered(session, asked)
        if session.new or session.dirty or session.deleted:
            raise ChangedWhileAdding
        return found

    def _changing(self, asked: _Asked) -> tuple[Outcome, bool]:
        self._part()
        mode: Literal["create_savepoint"] = "create_savepoint"
        try:
            with Session(self._connection, join_transaction_mode=mode) as session:
                found = self._gathered(session, asked)
                session.commit()
                return found
        finally:
            standing.change(self._connection)
            self.mark = None

    def _gathered(self, session: Session, asked: _Asked) -> tuple[Outcome, bool]:
        rows = appended.gather(session)
        outcome = acted(session, asked.act)
        appended.join(self._added, rows)
        return outcome, revision.moved(session)

    def _part(self) -> None:
        """Let no later request read what this session has read."""
        if self._shared is not None:
            self._shared.close()
        self._shared = None


def _answer(waiting: "Future[Any]", outcome: Outcome) -> None:
    if waiting.cancelled():
        return
    if outcome.error is not None:
        waiting.set_exception(outcome.error)
    else:
        waiting.set_result(outcome.made)

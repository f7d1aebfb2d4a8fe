"""Requests that wait for the store at the same time share one transaction, one sync to disk.

Each acts behind a savepoint of its own and is answered when the transaction is on disk: nobody has
an answer that a crash could make untrue, and what one request does wrong undoes that request alone.
"""

from asyncio import Future, Lock, Task, create_task, get_running_loop
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from api.db import Database
from api.failures import Failure
from models import revision

Made = TypeVar("Made")
Act = Callable[[Session], Any]
MOST = 64
"""Requests that share a transaction at most, so that the first does not wait for all others."""


@dataclass
class _Asked:
    """A request's work and where its answer is waited for."""

    act: Act
    answer: "Future[Any]" = field(default_factory=lambda: get_running_loop().create_future())


@dataclass(frozen=True)
class _Outcome:
    """What a request's work came to, not yet on disk."""

    made: Any = None
    error: Exception | None = None


class _StoreFailed(Exception):  # noqa: N818 - reads as what it is
    """The store failed in the midst of a transaction."""

    def __init__(self, error: OperationalError) -> None:
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
        self._waiting: deque[_Asked] = deque()
        self._leader: Task[None] | None = None

    async def run(self, act: Callable[[Session], Made]) -> Made:
        """Return what `act` makes in a session, once that is on disk.

        A failure undoes all that `act` did, save one that is itself the answer (``stands``).

        Raises
        ------
        Exception
            What `act` raises, or the store when it cannot commit.
        """
        asked = _Asked(act)
        self._waiting.append(asked)
        if self._leader is None:
            self._leader = create_task(self._lead())
        made: Made = await asked.answer
        return made

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
            outcomes = await run_in_threadpool(self._transact, [asked.act for asked in group])
        except Exception as error:
            outcomes = [_Outcome(error=error)] * len(group)
        self._waiting.extendleft(reversed(group[len(outcomes) :]))
        for asked, outcome in zip(group, outcomes, strict=False):
            _answer(asked.answer, outcome)

    def _transact(self, acts: Sequence[Act]) -> list[_Outcome]:
        """Act in one transaction, or each in its own where the store failed one of them."""
        try:
            return self._together(acts)
        except _StoreFailed as failed:
            if len(acts) == 1:
                return [_Outcome(error=failed.error)]
            return self._transact(acts[:1])

    def _together(self, acts: Sequence[Act]) -> list[_Outcome]:
        """Act in one transaction; a move of the market ends it, so that all others see it."""
        outcomes: list[_Outcome] = []
        with self._database.connected(writes=True) as connection:
            for act in acts:
                outcome, moved = _attempt(connection, act)
                outcomes.append(outcome)
                if moved:
                    break
        return outcomes


def _attempt(connection: Connection, act: Act) -> tuple[_Outcome, bool]:
    """Act behind a savepoint; return the outcome and whether the market has moved.

    Raises
    ------
    _StoreFailed
        Where the store itself failed: it may have undone the whole transaction by itself.
    """
    try:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            outcome = _kept(session, act)
            return outcome, revision.moved(session)
    except OperationalError as error:
        raise _StoreFailed(error) from error
    except Exception as error:
        return _Outcome(error=error), False


def _kept(session: Session, act: Act) -> _Outcome:
    """Act and release the savepoint; a failure that stands as an answer keeps its rows too."""
    try:
        outcome = _Outcome(act(session))
    except Failure as failure:
        if not failure.stands:
            raise
        outcome = _Outcome(error=failure)
    session.commit()
    return outcome


def _answer(waiting: "Future[Any]", outcome: _Outcome) -> None:
    if waiting.cancelled():
        return
    if outcome.error is not None:
        waiting.set_exception(outcome.error)
    else:
        waiting.set_result(outcome.made)

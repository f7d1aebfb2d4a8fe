"""Work done ahead of its transaction, from memory, kept where the store has stood still.

A request that computes reads rows which are in memory already. It need not wait for the store's
one writer before it computes: what it makes under a mark of the store counts in every transaction
that finds the same mark, since nothing that was read has changed between. Where the mark is
another, or the work asked for a row, the request acts in the transaction as any other does. So the
processor works while the disk is waited for, and every answer still is that of its transaction.

References
----------
Kung, H. T. and Robinson, J. T. (1981). On optimistic methods for concurrency control. ACM
Transactions on Database Systems 6(2).
"""

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from sqlmodel import Session

from api import standing
from api.failures import Failure
from models import appended

Act = Callable[[Session], Any]


class NotInMemory(LookupError):  # noqa: N818 - reads as what it is
    """Work ahead of a transaction asked for what only the store, or much time, could give."""


class Outcome(NamedTuple):
    """What a request's work came to, not yet on disk."""

    made: Any = None
    error: Exception | None = None


class Foreseen(NamedTuple):
    """What a request would come to in any transaction that finds a mark, and what it would add."""

    mark: standing.Mark
    outcome: Outcome
    rows: appended.Gathered


class Ahead:
    """Does work ahead while the store stands still; asked by one thread, told by another."""

    def __init__(self) -> None:
        self._seen: standing.Mark | None = None
        self._stands: standing.Mark | None = None

    def saw(self, mark: standing.Mark | None) -> None:
        """Hear the mark of a transaction; one seen twice running is worth working under."""
        self._stands, self._seen = (mark if mark == self._seen else None), mark

    def work(self, act: Act) -> Foreseen | None:
        """Return what a request that only adds rows comes to; None where a transaction must tell.

        A failure that is not itself the answer is no answer yet: the transaction may see another.
        """
        mark = self._stands
        if mark is None:
            return None
        session = _Unbound()
        standing.give(session, mark)
        rows = appended.gather(session)
        try:
            outcome = acted(session, act)
        except Exception:
            return None
        changed = session.new or session.dirty or session.deleted
        return None if changed else Foreseen(mark, outcome, rows)


def leave(session: Session) -> None:
    """Leave work to its transaction where it is done ahead: it would take long.

    Raises
    ------
    NotInMemory
        Where the work is done ahead.
    """
    if isinstance(session, _Unbound):
        raise NotInMemory


def acted(session: Session, act: Act) -> Outcome:
    """Act; a failure that stands as an answer is one."""
    try:
        return Outcome(act(session))
    except Failure as failure:
        if not failure.stands:
            raise
        return Outcome(error=failure)


class _Unbound(Session):
    """A session without a store."""

    def get_bind(self, *_args: Any, **_more: Any) -> NoReturn:
        """Refuse.

        Raises
        ------
        NotInMemory
            Always.
        """
        raise NotInMemory

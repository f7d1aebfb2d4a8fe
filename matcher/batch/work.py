"""What a worker does: one block of clients against the market it was given once."""

from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from matcher.batch.answers import ranks, slates
from matcher.batch.build import build
from matcher.batch.checks import check
from matcher.batch.columnar import unpacked
from matcher.batch.errors import BatchRefused
from matcher.batch.parts import encoded
from matcher.batch.rows import Block
from matcher.batch.sending import Sent
from matcher.batch.sending import unpacked as opened
from matcher.caseload import Caseload
from matcher.engine import Engine
from matcher.market import Market
from matcher.table import Problem


@dataclass(frozen=True, eq=False)
class World:
    """All that is the same for every block; sent to each worker once.

    Parameters
    ----------
    run
        Names the run: the SHA-256 of its manifest.
    engine, market
        The engine, and what it chooses from; folded once, before it is sent.
    k, slates, language
        As in the batch.
    """

    run: str
    engine: Engine
    market: Market
    k: int
    slates: bool
    language: str


class Parcel(NamedTuple):
    """One block on its way to a worker.

    Parameters
    ----------
    number, start
        Number of the block and the position of its first row.
    rows
        The clients, as an Arrow stream.
    again
        Rows of the block whose id stood before, with the row where it stood first.
    """

    number: int
    start: int
    rows: bytes
    again: dict[int, int]


class Done(NamedTuple):
    """One block, done.

    Parameters
    ----------
    number
        Number of the block.
    part
        The results, as a Parquet file.
    counts
        Clients of the block: ``clients`` that are good, with a ``full`` slate, ``without`` any
        suggestion, and ``rejected``.
    problems
        What is wrong with the others.
    """

    number: int
    part: bytes
    counts: dict[str, int]
    problems: tuple[Problem, ...]


class _Bench:
    """The world of the newest run, kept between the blocks of one worker."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._run: str | None = None
        self._kept: World | None = None

    def of(self, sent: Sent) -> World:
        """Return the world, opened once."""
        with self._lock:
            if self._run != sent.run or self._kept is None:
                _require_same_build(sent.build)
                self._kept, self._run = opened(sent.content), sent.run
            return self._kept


_BENCH = _Bench()


def work(parcel: Parcel, sent: Sent) -> Done:
    """Return the results of one block against the world that was sent.

    Raises
    ------
    BatchRefused
        Where this worker has other code or libraries than the process that runs the batch.
    """
    return answered(parcel, _BENCH.of(sent))


def answered(parcel: Parcel, world: World) -> Done:
    """Return the results of one block."""
    engine, market = world.engine, world.market
    block = Block(parcel.number, parcel.start, unpacked(parcel.rows))
    caseload, problems = check(block, Caseload, parcel.again)
    if world.slates:
        answer = slates(engine, caseload, market, world.k, world.language)
    else:
        answer = ranks(engine, caseload, market, world.k)
    counts = {
        "clients": len(caseload),
        "full": answer.full,
        "without": answer.without,
        "rejected": int(block.rows.num_rows) - len(caseload),
    }
    return Done(parcel.number, encoded(answer.rows, world.run, counts), counts, problems)


def _require_same_build(expected: dict[str, str]) -> None:
    mine = build()
    for name in sorted(expected.keys() | mine.keys()):
        if expected.get(name) != mine.get(name):
            raise BatchRefused(
                f"a worker has {name} {mine.get(name)}, the batch was started with "
                f"{expected.get(name)}: install the same version on every machine"
            )

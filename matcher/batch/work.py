"""What a worker does: one block of clients against the market it was given once."""

from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from matcher.batch.answers import ranks, slates
from matcher.batch.build import build
from matcher.batch.checks import check
from matcher.batch.columnar import unpacked
from matcher.batch.errors import BatchRefused
from matcher.batch.rows import Block
from matcher.caseload import Caseload
from matcher.engine import Engine
from matcher.market import Market
from matcher.reference import ReferenceTables
from matcher.table import Problem


@dataclass(frozen=True, eq=False)
class World:
    """All that is the same for every block; sent to each worker once.

    Parameters
    ----------
    run
        Names the run: the SHA-256 of its manifest.
    build
        Code and libraries that the results are promised for.
    reference, market
        What the engine is built of, and what it chooses from.
    k, slates, language
        As in the batch.
    """

    run: str
    build: dict[str, str]
    reference: ReferenceTables
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
    rows
        The results, as an Arrow table.
    counts
        Clients of the block: ``clients`` that are good, with a ``full`` slate, ``without`` any
        suggestion, and ``rejected``.
    problems
        What is wrong with the others.
    """

    number: int
    rows: Any
    counts: dict[str, int]
    problems: tuple[Problem, ...]


class _Bench:
    """The engine and the market of the newest run, kept between the blocks of one worker."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._run: str | None = None
        self._kept: tuple[Engine, Market] | None = None

    def of(self, world: World) -> tuple[Engine, Market]:
        """Return the engine, and a market that it has looked at already."""
        with self._lock:
            if self._run != world.run or self._kept is None:
                _require_same_build(world.build)
                engine = Engine(world.reference, compiled=None)
                engine.fold(world.market)
                self._kept, self._run = (engine, world.market), world.run
            return self._kept


_BENCH = _Bench()


def work(parcel: Parcel, world: World) -> Done:
    """Return the results of one block.

    Raises
    ------
    BatchRefused
        Where this worker has other code or libraries than the process that runs the batch.
    """
    engine, market = _BENCH.of(world)
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
    return Done(parcel.number, answer.rows, counts, problems)


def _require_same_build(expected: dict[str, str]) -> None:
    mine = build()
    for name in sorted(expected.keys() | mine.keys()):
        if expected.get(name) != mine.get(name):
            raise BatchRefused(
                f"a worker has {name} {mine.get(name)}, the batch was started with "
                f"{expected.get(name)}: install the same version on every machine"
            )

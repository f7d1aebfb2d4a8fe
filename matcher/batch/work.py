"""What a worker does: makes clients ready while the market is read, then answers for them."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from matcher.batch.answers import Answer, Listed, ranks, slates
from matcher.batch.build import build
from matcher.batch.checks import check
from matcher.batch.columnar import unpacked
from matcher.batch.errors import BatchRefused
from matcher.batch.parts import encoded
from matcher.batch.rows import Block
from matcher.batch.sending import Sent
from matcher.batch.sending import unpacked as opened
from matcher.caseload import NOBODY, Caseload
from matcher.columns import Objects
from matcher.engine import Engine
from matcher.market import Market
from matcher.reference import ReferenceTables
from matcher.scoring.ranker import Ranker
from matcher.table import Problem

Opened = TypeVar("Opened")


class Asked(NamedTuple):
    """What one run asks of every block.

    Parameters
    ----------
    run
        Names the run: the SHA-256 of its manifest.
    k, language
        As in the batch.
    """

    run: str
    k: int
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


class Prepared(NamedTuple):
    """One block, ready for the market.

    Parameters
    ----------
    number
        Number of the block.
    client_id
        Its good clients.
    folded
        The same for kernels that rank, or as the engine takes them.
    rejected, problems
        Clients that are not good, and what is wrong with them.
    """

    number: int
    client_id: Objects
    folded: Any
    rejected: int
    problems: tuple[Problem, ...]


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


class World(Protocol):
    """The market, folded for what is asked; sent to each worker once."""

    @property
    def offers(self) -> int:
        """Number of offers."""

    def answer(self, bench: "Bench", block: Prepared, asked: Asked) -> Answer:
        """Return what each client of a block gets."""


@dataclass(frozen=True, eq=False)
class ToRank:
    """A market of which kernels tell the best by score: a fifth of what slates take.

    Parameters
    ----------
    ranker
        Ranks folded clients.
    listed
        The offers.
    """

    ranker: Ranker
    listed: Listed

    @property
    def offers(self) -> int:
        """Number of offers."""
        return len(self.listed.kind)

    def answer(self, bench: "Bench", block: Prepared, asked: Asked) -> Answer:
        """Return the best offers of each client."""
        ranking = self.ranker.rank(block.folded, asked.k)
        return ranks(ranking, block.client_id, self.listed, bench.engine.scorecard)


@dataclass(frozen=True, eq=False)
class Whole:
    """A market with the engine that has folded it: for slates, and where no kernel ranks."""

    engine: Engine
    market: Market

    @property
    def offers(self) -> int:
        """Number of offers."""
        return len(self.market)

    def answer(self, bench: "Bench", block: Prepared, asked: Asked) -> Answer:
        """Return the slate, or the best offers, of each client."""
        engine, market = self.engine, self.market
        if bench.slates:
            return slates(engine, block.folded, market, asked.k, asked.language)
        ranking = engine.rank(block.folded, market, asked.k)
        return ranks(ranking, block.client_id, Listed.of(market), engine.scorecard)


class Bench:
    """Where blocks are worked on: made where the market is read, sent to each worker once.

    Many runs may share it.

    Parameters
    ----------
    reference, slates
        As in the batch.
    """

    def __init__(self, reference: ReferenceTables, slates: bool) -> None:
        self.engine = Engine(reference, compiled=None)
        self.slates = slates
        self._kernels_rank = not slates and not self.engine.compiled_reason

    def warmed(self) -> "Bench":
        """Return the same with its kernels loaded: it has answered about nobody."""
        nothing = Market.from_records([])
        nobody = Prepared(0, NOBODY.client_id, self._folded(NOBODY), 0, ())
        self.world(nothing).answer(self, nobody, Asked("", 1, "en"))
        return self

    def world(self, market: Market) -> World:
        """Return a market folded for what is asked."""
        if self._kernels_rank:
            return ToRank(self.engine.ranker(market), Listed.of(market))
        self.engine.fold(market)
        return Whole(self.engine, market)

    def prepared(self, parcel: Parcel) -> Prepared:
        """Return a block ready for the market, its bad rows set apart."""
        block = Block(parcel.number, parcel.start, unpacked(parcel.rows))
        caseload, problems = check(block, Caseload, parcel.again)
        rejected = int(block.rows.num_rows) - len(caseload)
        folded = self._folded(caseload)
        return Prepared(parcel.number, caseload.client_id, folded, rejected, problems)

    def done(self, block: Prepared, asked: Asked, world: World) -> Done:
        """Return the results of a block."""
        answer = world.answer(self, block, asked)
        counts = {
            "clients": len(block.client_id),
            "full": answer.full,
            "without": answer.without,
            "rejected": block.rejected,
        }
        part = encoded(answer.rows, asked.run, counts)
        return Done(block.number, part, counts, block.problems)

    def _folded(self, caseload: Caseload) -> Any:
        return self.engine.clients(caseload) if self._kernels_rank else caseload


class _Newest(Generic[Opened]):
    """What was sent last, opened once and kept between the blocks of one worker."""

    def __init__(self, made: Callable[[Any], Opened]) -> None:
        self._made = made
        self._lock = Lock()
        self._kept: tuple[str, Opened] | None = None

    def of(self, sent: Sent) -> Opened:
        """Return what was sent, opened."""
        with self._lock:
            if self._kept is None or self._kept[0] != sent.name:
                _require_same_build(sent.build)
                self._kept = None  # never two of them in memory
                self._kept = sent.name, self._made(opened(sent.content))
            return self._kept[1]


_BENCHES: _Newest[Bench] = _Newest(Bench.warmed)
_WORLDS: _Newest[World] = _Newest(lambda world: world)


def prepare(parcel: Parcel, bench: Sent) -> Prepared:
    """Return one block ready for the market.

    Raises
    ------
    BatchRefused
        Where this worker has other code or libraries than the process that runs the batch.
    """
    return _BENCHES.of(bench).prepared(parcel)


def answer(block: Prepared, asked: Asked, bench: Sent, world: Sent) -> Done:
    """Return the results of one block against the world that was sent; raises as above."""
    return _BENCHES.of(bench).done(block, asked, _WORLDS.of(world))


def _require_same_build(expected: dict[str, str]) -> None:
    mine = build()
    for name in sorted(expected.keys() | mine.keys()):
        if expected.get(name) != mine.get(name):
            raise BatchRefused(
                f"a worker has {name} {mine.get(name)}, the batch was started with "
                f"{expected.get(name)}: install the same version on every machine"
            )

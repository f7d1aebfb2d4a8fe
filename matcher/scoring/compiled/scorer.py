"""The compiled scorer: the same rankings, scores and candidates as the reference, faster."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.features import FEATURES, Feature, Fold
from matcher.gates import GATES, Gate
from matcher.kept import Kept
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.pairs import Indices
from matcher.profiles import Profiles
from matcher.scoring.compiled.arrays import PIECES, Ints, Own, Piece
from matcher.scoring.compiled.caseload import CompiledCaseload, FoldedClients, Folder
from matcher.scoring.compiled.choosing import WIDTH, choose_rows, labels_of
from matcher.scoring.compiled.market import CompiledMarket
from matcher.scoring.compiled.measuring import (
    LOST,
    MINUTES,
    NET,
    PART,
    SHOWN,
    board_of,
    measure_rows,
)
from matcher.scoring.compiled.notes import Desk, notes_for
from matcher.scoring.compiled.refusals import BY_PLACE, refusals, told_by
from matcher.scoring.compiled.select import may_offer, rank_rows, score_rows
from matcher.scoring.compiled.slates import slate_rows
from matcher.scoring.compiled.world import compile_world
from matcher.scoring.drafts import Step
from matcher.scoring.measures import Measures
from matcher.scoring.pathways import COURSES
from matcher.scoring.scorecard import Scorecard

CHUNK = 64
"""Clients that a thread takes at a time."""

MARKETS_KEPT = 4
"""Markets whose numbers of kinds and livelihoods are kept."""

CASES_KEPT = 1_000
"""Blocks of one client of whom it is kept what refusals are counted by."""


class Found(NamedTuple):
    """The slates of some clients, and what they were chosen from.

    Parameters
    ----------
    ways
        Training that comes first (-1: none) and offer of all candidates, of shape (n, most, 3).
    picked
        Where those chosen stand among the candidates, best first, of shape (n, k).
    chosen, admissible
        How many are chosen, and how many offers no gate forbids, each of shape (n,).
    unsure
        Whether the reference must decide, of shape (n,).
    refused
        Offers refused to each client for each of ``REASONS``, of shape (n, reasons).
    """

    ways: NDArray[np.int32]
    picked: NDArray[np.int32]
    chosen: NDArray[np.int64]
    admissible: NDArray[np.int64]
    unsure: NDArray[np.bool_]
    refused: NDArray[np.int64]

    def steps(self) -> list[list[Step]]:
        """Return the steps of what is chosen for each client, best first."""
        rows = zip(self.ways, self.picked, self.chosen.tolist(), strict=True)
        return [[*map(tuple, ways[picked[:n], :2].tolist())] for ways, picked, n in rows]


def reason_against(features: Sequence[Feature], gates: Sequence[Gate]) -> str:
    """Return why features and gates can't be compiled; nothing where they can.

    Features that fold into the client or the offer alone may be anything; all others must be
    registered ones, which have kernels of their own, and the gates all of the registered ones.
    """
    for feature in features:
        own = feature.fold in (Fold.CLIENT, Fold.OFFER) and feature.name not in PIECES
        if not own and feature not in FEATURES:
            return f"feature {feature.name!r} does not fold: no kernel for {feature.fold.value}"
    if tuple(gates) != GATES:
        return "the gates are not the registered ones: no kernel for others"
    return ""


class Scorer:
    """Ranks and scores prepared clients against compiled markets.

    Parameters
    ----------
    knowledge, scorecard
        What the engine knows and how it weighs.
    """

    def __init__(self, knowledge: Knowledge, scorecard: Scorecard) -> None:
        self._scorecard = scorecard
        self._world = compile_world(knowledge, scorecard)
        self._folder = Folder(knowledge, scorecard)
        self._board = board_of(scorecard)
        self._told = Kept(told_by, CASES_KEPT)
        self._labels = Kept(labels_of, MARKETS_KEPT)

    def market(self, offers: Offers) -> CompiledMarket:
        """Return offers compiled."""
        return CompiledMarket.of(offers, self._scorecard)

    def clients(self, profiles: Profiles) -> CompiledCaseload:
        """Return clients compiled, as far as that goes without a market."""
        return self._folder.fold(profiles)

    def caseload(self, profiles: Profiles, market: CompiledMarket) -> CompiledCaseload:
        """Return clients compiled, ready for a market."""
        return self.clients(profiles).facing(market)

    def rank(
        self, block: FoldedClients, market: CompiledMarket, k: int, cores: int = 1
    ) -> tuple[NDArray[np.intp], Floats]:
        """Return positions of the best offers of each client, and scores, of shape (n, k)."""
        ids = np.full((len(block), k), -1, dtype=np.intp)
        scores = np.full((len(block), k), np.nan)
        near = _neighbours_together(block)

        def rows(first: int, last: int, base: int, desk: Desk) -> None:
            space = np.empty((2, k), dtype=np.int64)
            rank_rows(self._world, market.stock, block.clients, near, first, last, base,
                      desk.notes, space, ids, scores)  # fmt: skip

        self._share(len(block), market, cores, rows)
        return ids, scores

    def score(self, block: CompiledCaseload, market: CompiledMarket, cores: int = 1) -> Floats:
        """Return every score, of shape (n, m); NaN where a gate forbids."""
        scores = np.full((len(block), len(market.offers)), np.nan)

        def rows(first: int, last: int, base: int, desk: Desk) -> None:
            score_rows(self._world, market.stock, block.clients, first, last, base, desk.notes,
                       scores)  # fmt: skip

        self._share(len(block), market, cores, rows)
        return scores

    def allows(self, block: CompiledCaseload, market: CompiledMarket, offer: int) -> bool:
        """Tell whether no gate forbids an offer to the client of a block of one."""
        with self._desk(market) as desk:
            told = may_offer(
                self._world, market.stock, block.clients, offer, desk.marks(1), desk.notes
            )
        return bool(told)

    def candidates(
        self, block: CompiledCaseload, market: CompiledMarket, k: int, cores: int = 1
    ) -> Found:
        """Return slates of k as they are chosen."""
        n, most, told = len(block), 2 * k, market.tally
        room = min(3 * most * k, len(market.offers)) + 2 * COURSES + 2
        ways, scores = np.empty((n, room, 3), dtype=np.int32), np.empty((n, room))
        found, counts = np.zeros((n, 3), np.int64), np.zeros((n, len(BY_PLACE)), np.int64)
        picked, chosen = np.empty((n, k), dtype=np.int32), np.empty(n, np.int64)
        labels = self._labelled(market)
        places, meanings = (*told.reach, told.counts["reach"]), told.counts["meaning"]

        def rows(first: int, last: int, base: int, desk: Desk) -> None:
            short = np.empty((market.alike_room, k), dtype=np.int32)
            slate_rows(self._world, market.stock, block.clients, places, meanings, first, last,
                       base, most, desk.notes, short, ways, scores, found, counts)  # fmt: skip
            noted = np.empty((room, WIDTH), dtype=np.int32)
            choose_rows(market.stock.order, market.stock.alike, labels, first, last, ways, scores,
                        found, noted, picked, chosen)  # fmt: skip

        self._share(n, market, cores, rows)
        asked = self._told.of(block.profiles) if n == 1 else told_by(block.profiles)
        refused = refusals(told, asked, counts)
        _, admissible, unsure = found.T
        return Found(ways, picked, chosen, admissible, unsure > 0, refused)

    def count_refusals(self, profiles: Profiles, market: CompiledMarket) -> NDArray[np.int64]:
        """Return the offers refused to each client, but for those that reach and words refuse."""
        nowhere = np.zeros((len(profiles), len(BY_PLACE)), np.int64)
        return refusals(market.tally, told_by(profiles), nowhere)

    def _labelled(self, market: CompiledMarket) -> Ints:
        """Numbers of kinds and livelihoods; a market that was patched may know more of them."""
        labels = self._labels.of(market.alike)
        return labels if len(labels) == len(market.alike) else labels_of(market.alike)

    def measures(self, block: CompiledCaseload, market: CompiledMarket, steps: Indices) -> Measures:
        """Return the numbers of steps: client, training first (-1: none) and offer, (p, 3)."""
        n, features = len(steps), len(self._scorecard.features)
        values, contributions = np.empty((n, features)), np.empty((n, features))
        total, shown, place = np.empty((n, 2)), np.empty((n, SHOWN)), np.empty(n, dtype=np.int32)
        with self._desk(market) as desk:
            measure_rows(
                self._world, market.stock, block.clients, self._board, steps.astype(np.int32),
                desk.marks(n), desk.notes.held, np.empty(len(Piece)), values, contributions,
                total, shown, place,
            )  # fmt: skip
        score, variance = total.T
        net_usd, minutes, loss = shown[:, NET], shown[:, MINUTES], shown[:, LOST]
        where = place.astype(np.intp)
        parts = shown[:, PART:]
        return Measures(
            values, contributions, score, variance, where, net_usd, minutes, loss, parts
        )

    def load(self, block: CompiledCaseload, market: CompiledMarket) -> None:
        """Load what chooses and what measures, by giving them nothing to do."""
        stock, ways = market.stock, np.empty((0, 1, 3), dtype=np.int32)
        picked, noted = np.empty((0, 1), dtype=np.int32), np.empty((0, WIDTH), dtype=np.int32)
        choose_rows(stock.order, stock.alike, self._labelled(market), 0, 0, ways, np.empty((0, 1)),
                    np.empty((0, 3), np.int64), noted, picked, np.empty(0, np.int64))  # fmt: skip
        self.measures(block, market, np.empty((0, 3), np.intp))

    @contextmanager
    def _desk(self, market: CompiledMarket) -> Iterator[Desk]:
        """Lend a desk to one thread."""
        try:
            desk = market.desks.pop()
        except IndexError:
            desk = Desk(notes_for(self._world, market.stock, market.alike_room))
        yield desk
        market.desks.append(desk)

    def _share(self, n: int, market: CompiledMarket, cores: int, rows: Callable[..., Any]) -> None:
        """Run a kernel over all rows, on as many threads as are asked for."""

        def some(first: int, last: int) -> None:
            with self._desk(market) as desk:
                rows(first, last, desk.marks(last - first), desk)

        threads = min(cores, -(-n // CHUNK))
        if threads > 1:  # to count cores takes longer than to score a client
            threads = min(threads, os.cpu_count() or 1)
        if threads <= 1:
            some(0, n)
            return
        with ThreadPoolExecutor(threads) as pool:
            starts = range(0, n, CHUNK)
            list(pool.map(lambda first: some(first, min(first + CHUNK, n)), starts))


def _neighbours_together(block: FoldedClients) -> Ints:
    """Rows of clients by home: those who live near each other look at the same offers.

    What one has read is still in the cache for the next. Codes of places are such that those of a
    district, and of a province, stand together.
    """
    home = block.clients.own[:, Own.HOME]
    return np.argsort(home, kind="stable").astype(np.int32)

"""A market that changes: offers added, edited or closed one by one, without folding all again."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matcher.offers import Offers
from matcher.scoring.compiled.arrays import Stock
from matcher.scoring.compiled.arriving import Arrivals, arrive, together
from matcher.scoring.compiled.folding import Registry, fold
from matcher.scoring.compiled.market import CompiledMarket, examples_of, stock_of
from matcher.scoring.compiled.one_offer import OneOffer
from matcher.scoring.compiled.ordering import NoRoom, Ordering
from matcher.scoring.compiled.patching import (
    CLASSES,
    Used,
    close,
    joined,
    spare,
    with_classes,
    with_room,
    written,
)
from matcher.scoring.compiled.reading import Reader
from matcher.scoring.compiled.recall import Cells, cells_at, market_of
from matcher.scoring.compiled.reports import Reports
from matcher.scoring.compiled.sources import Posted, Sources
from matcher.scoring.compiled.tally import NOTHING, Counting
from matcher.scoring.scorecard import Scorecard
from matcher.scoring.ways import Posting

Record = Mapping[str, Any]

FEW = 16
"""So many offers are folded one by one; more of them by columns."""

TRIED = 64
"""Offers that are folded one by one beforehand, so that the first patch finds things known."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The market as it stood after a patch. Readers keep theirs as long as they need it.

    Parameters
    ----------
    compiled
        Its arrays.
    sources
        Where its offers came from, and those of later snapshots.
    version
        Number of patches before it.
    """

    compiled: CompiledMarket
    sources: Sources
    version: int

    def find(self, position: int) -> Posting:
        """Return where an offer came from and its row there."""
        posted, row = self.sources.find(position)
        return Posting(posted.offers, row)

    def opportunity_id(self, position: int) -> str:
        """Return the id of the offer at a position of a ranking."""
        offers, row = self.find(position)
        return str(offers.market.opportunity_id[row])


class LiveMarket:
    """Holds the newest snapshot; one writer at a time, any number of readers, who never wait.

    Parameters
    ----------
    offers
        The market to begin with.
    scorecard
        How the engine weighs.
    """

    def __init__(self, offers: Offers, scorecard: Scorecard) -> None:
        self._scorecard, self._knowledge = scorecard, offers.knowledge
        self._reader = Reader(offers.market.as_of)
        self._one = OneOffer(offers.knowledge, scorecard, offers.market.as_of)
        self._writing = threading.Lock()
        self.snapshot = self._fold(offers, version=0)
        self._try(offers)

    def _fold(self, offers: Offers, version: int) -> Snapshot:
        registry, counting = self._registry, self._counting = Registry(), Counting()
        folded = fold(offers, registry, self._scorecard)
        stock = stock_of(offers, folded, registry, self._scorecard)
        self._used, self._classes = Used.of(stock), {n: len(getattr(registry, n)) for n in CLASSES}
        stock = with_room(stock, version)
        marks = counting.marks(offers, folded)
        told = counting.counted(NOTHING, marks, marks[:0])
        room = np.zeros_like(marks, shape=(spare(folded.facts), marks.shape[1]))
        self._marks = np.concatenate([marks, room])
        self._row = {str(name): row for row, name in enumerate(offers.market.opportunity_id)}
        self._ordering, self._reports = Ordering(self._row), Reports(offers.market)
        kinds, examples = registry.alike.values(), examples_of(offers, folded.meaning)
        alike_room = len(kinds) + spare(folded.facts)
        compiled = CompiledMarket(offers, stock, told, kinds, alike_room, examples)
        return Snapshot(compiled, Sources(offers), version)

    def _try(self, offers: Offers) -> None:
        """Fold some offers one by one: what they teach makes the first patches quick."""
        for row in np.linspace(0, len(offers) - 1, min(TRIED, len(offers))).astype(int).tolist():
            self._one.arrive(cells_at(offers.market, row), self._registry, self._counting)

    def patch(
        self,
        added: Iterable[Record] = (),
        edited: Iterable[Record] = (),
        closed: Iterable[str] = (),
    ) -> Snapshot:
        """Add, edit and close offers, all at once for readers; return the new snapshot.

        Raises
        ------
        InvalidRecords
            Where a record is not valid; nothing is changed then.
        LookupError
            Where an edited or closed offer is not there, or an added one is.
        """
        with self._writing:
            added, edited, closed = list(added), list(edited), list(closed)
            self._check(added, edited, closed)
            leaving = [*(str(r["opportunity_id"]) for r in edited), *closed]
            come, day = self._reader.read([*added, *edited])
            others = self._reports.touched(come, leaving, self._row)
            gone = [self._row[name] for name in (*leaving, *others)]
            again = [self._cells(name) for name in others]
            posted = Posted([*come, *again], self._knowledge, day)
            snapshot = self._next(posted, gone, alone=not again)
            for name in closed:
                self._row.pop(name, None)
            self._reports.note(come, leaving)
            self.snapshot = snapshot
            return snapshot

    def _check(self, added: list[Record], edited: list[Record], closed: list[str]) -> None:
        known = [str(r.get("opportunity_id")) for r in edited] + closed
        if strange := [name for name in known if name not in self._row]:
            raise LookupError(f"offer: expected one of the market, got {strange[0]!r}")
        new = [str(r.get("opportunity_id")) for r in added]
        if twice := [name for name in new if name in self._row]:
            raise LookupError(f"offer: expected a new id, got {twice[0]!r}, which is there")
        if len(set(closed)) < len(closed) or not set(closed).isdisjoint(known[: len(edited)]):
            raise LookupError("offer: expected one change of each, got two of the same")

    def _cells(self, name: str) -> Cells:
        posted, row = self.snapshot.sources.find(self._row[name])
        return posted.cells(row)

    def record(self, snapshot: Snapshot, name: str) -> Record:
        """Return the record of an offer as it stands."""
        offers, row = snapshot.find(self._row[name])
        return offers.market.record(row)

    def _next(self, posted: Posted, gone: Sequence[int], alone: bool) -> Snapshot:
        """The snapshot with some offers come and some gone."""
        old, version = self.snapshot, self.snapshot.version + 1
        market, sources = old.compiled, old.sources
        if not len(posted):
            return Snapshot(self._without(market, gone, version), sources, version)
        come = self._folded(posted, alone)
        if not self._used.after(come).fits(market.stock):
            return self._again(posted, gone, version)
        close(market.stock, gone, version)
        stock = self._written(market.stock, come, version)
        same = all(len(getattr(stock, n)) == len(getattr(market.stock, n)) for n in CLASSES)
        compiled = replace(
            market,
            stock=stock,
            tally=self._counting.counted(market.tally, come.marks, self._marks[gone]),
            examples=self._examples(market.examples, come),
            desks=market.desks if same else [],
        )
        sources.append(posted)
        return Snapshot(compiled, sources, version)

    def _without(self, market: CompiledMarket, gone: Sequence[int], version: int) -> CompiledMarket:
        """The market without some offers: there is nothing new to fold."""
        close(market.stock, gone, version)
        fresh = np.array([*market.stock.fresh[:2], version], dtype=np.int32)
        tally = self._counting.counted(market.tally, self._marks[:0], self._marks[gone])
        return replace(market, stock=market.stock._replace(fresh=fresh), tally=tally)

    def _folded(self, posted: Posted, alone: bool) -> Arrivals:
        """Offers folded: a few one by one, where no other offer bears on them."""
        registry, counting, one = self._registry, self._counting, self._one
        if alone and len(posted) <= FEW and posted.as_of == one.as_of:
            each = (posted.cells(row) for row in range(len(posted)))
            return together([one.arrive(cells, registry, counting) for cells in each], posted)
        return arrive(posted, registry, counting, self._scorecard)

    def _written(self, stock: Stock, come: Arrivals, version: int) -> Stock:
        """The arrays with offers behind the others, and what is noted of them here."""
        names, used = come.posted.names, self._used
        try:
            numbers = [self._ordering.number(name) for name in names]
        except NoRoom:
            stock = self._spread(stock, names)
            numbers = [self._ordering.number(name) for name in names]
        stock = written(stock, used, come, numbers, version)
        stock = with_classes(stock, self._registry, self._classes)
        self._used = used.after(come)
        self._marks[used.offers : self._used.offers] = come.marks
        self._row.update(zip(names, range(used.offers, self._used.offers), strict=True))
        return stock

    def _spread(self, stock: Stock, names: Sequence[str]) -> Stock:
        """The arrays with the numbers of ids spread anew: there was no room left between two."""
        self._ordering, order = Ordering({*self._row, *names}), stock.order.copy()
        for name, row in self._row.items():
            order[row] = self._ordering.number(name)
        return stock._replace(order=order)

    def _again(self, posted: Posted, gone: Sequence[int], version: int) -> Snapshot:
        """Fold everything again: there is no room left for new entries."""
        rows, cells = self.snapshot.sources.kept(sorted(set(self._row.values()) - set(gone)))
        first = self.snapshot.compiled.offers.market
        later = market_of(cells, first.as_of)
        market = joined([first.take(rows), later, posted.offers.market])
        return self._fold(Offers(market, self._knowledge), version)

    def _examples(self, known: Offers, come: Arrivals) -> Offers:
        """One offer of each class of meaning, those that are new included."""
        meaning = come.folded.meaning
        new = sorted({one for one in meaning.tolist() if one >= len(known)})
        if not new:
            return known
        rows = [int(np.flatnonzero(meaning == one)[0]) for one in new]
        fresh = come.posted.offers.market.take(rows)
        return Offers(joined([known.market, fresh]), known.knowledge)

"""A market that changes: offers added, edited or closed one by one, without folding all again."""

import bisect
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.market import Market
from matcher.offers import Offers
from matcher.scoring.compiled.arrays import Stock
from matcher.scoring.compiled.classes import alike_keys, need_arrays
from matcher.scoring.compiled.folding import Registry, fold
from matcher.scoring.compiled.market import ORDER_GAP, CompiledMarket, examples_of, stock_of
from matcher.scoring.compiled.patching import (
    closed_to_all,
    day_of,
    joined,
    later_steps,
    spare,
    with_room,
)
from matcher.scoring.compiled.tally import NOTHING, Counting
from matcher.scoring.scorecard import Scorecard
from matcher.scoring.ways import Posting

Record = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The market as it stood after a patch. Readers keep theirs as long as they need it.

    Parameters
    ----------
    compiled
        Its arrays.
    sources
        Offers by where they came from, with the position of the first of each; later ones follow.
    version
        Number of patches before it.
    """

    compiled: CompiledMarket
    sources: tuple[tuple[int, Offers], ...]
    version: int

    def find(self, position: int) -> Posting:
        """Return where an offer came from and its row there."""
        at = bisect.bisect_right(self.sources, position, key=lambda source: source[0]) - 1
        first, offers = self.sources[at]
        return Posting(offers, position - first)

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
        self._scorecard = scorecard
        self._writing = threading.Lock()
        self.snapshot = self._fold(offers, version=0)

    def _fold(self, offers: Offers, version: int) -> Snapshot:
        self._registry, self._counting = Registry(), Counting()
        folded = fold(offers, self._registry, self._scorecard)
        stock = with_room(stock_of(offers, folded, self._registry, self._scorecard))
        marks = self._counting.marks(offers, folded)
        told = self._counting.counted(NOTHING, marks, marks[:0])
        self._marks = np.concatenate(
            [marks, np.zeros_like(marks, shape=(spare(stock.offer), marks.shape[1]))]
        )
        self._row = {str(name): row for row, name in enumerate(offers.market.opportunity_id)}
        self._names = sorted(self._row)
        self._of_employer: dict[Any, set[str]] = {}
        self._note_employers(offers)
        self._orders = [i * ORDER_GAP for i in range(len(self._names))]
        self._used = (len(folded.asks), len(folded.slot_place), len(offers))
        kinds = self._registry.alike.values()
        compiled = CompiledMarket(
            offers,
            stock,
            told,
            kinds,
            len(kinds) + spare(stock.offer),
            examples_of(offers, folded.meaning),
        )
        return Snapshot(compiled, ((0, offers),), version)

    def _note_employers(self, offers: Offers) -> None:
        market = offers.market
        for name, employer in zip(market.opportunity_id, market.employer_id, strict=True):
            self._of_employer.setdefault(employer, set()).add(str(name))

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
            old = self.snapshot
            base = old.compiled.offers
            records = [*added, *edited, *self._same_employers(old, added, edited, closed)]
            gone = [self._row[str(r["opportunity_id"])] for r in records[len(added) :]]
            gone += [self._row[name] for name in closed]
            if records:
                fresh = Market.from_records(records, day_of(base.market))
                self.snapshot = self._next(old, Offers(fresh, base.knowledge), gone)
            else:
                self.snapshot = self._without(old, gone)
            for name in closed:
                self._row.pop(name, None)
            return self.snapshot

    def _check(self, added: list[Record], edited: list[Record], closed: list[str]) -> None:
        known = [str(r.get("opportunity_id")) for r in edited] + closed
        if strange := [name for name in known if name not in self._row]:
            raise LookupError(f"offer: expected one of the market, got {strange[0]!r}")
        new = [str(r.get("opportunity_id")) for r in added]
        if twice := [name for name in new if name in self._row]:
            raise LookupError(f"offer: expected a new id, got {twice[0]!r}, which is there")

    def _same_employers(
        self, old: Snapshot, added: list[Record], edited: list[Record], closed: list[str]
    ) -> Iterator[Record]:
        """Records of employers of whom a report of harm begins or ends: it holds for all theirs."""
        begins = {r.get("employer_id") for r in (*added, *edited) if r.get("harm_report_open")}
        leaving = {str(r["opportunity_id"]) for r in edited} | set(closed)
        ends = {self._reported(old, name) for name in leaving}
        harmful = (begins | ends) - {None}
        listed = {str(r.get("opportunity_id")) for r in added} | leaving
        for employer in harmful:
            for name in sorted(self._of_employer.get(employer, set()) - listed):
                if name in self._row:
                    yield self.record(old, name)

    def _reported(self, snapshot: Snapshot, name: str) -> Any:
        """The employer of an offer on which a report of harm is open; None where none is."""
        offers, row = snapshot.find(self._row[name])
        market = offers.market
        return market.employer_id[row] if market.harm_report_open[row] == 1 else None

    def record(self, snapshot: Snapshot, name: str) -> Record:
        """Return the record of an offer as it stands."""
        offers, row = snapshot.find(self._row[name])
        return offers.market.record(row)

    def _without(self, old: Snapshot, gone: Sequence[int]) -> Snapshot:
        """The market without some offers: there is nothing new to fold."""
        market = old.compiled
        stock = market.stock._replace(asks=closed_to_all(market.stock, gone))
        told = self._counting.counted(market.tally, self._marks[:0], self._marks[gone])
        return replace(old, compiled=replace(market, stock=stock, tally=told),
                       version=old.version + 1)  # fmt: skip

    def _next(self, old: Snapshot, fresh: Offers, gone: Sequence[int]) -> Snapshot:
        market, registry = old.compiled, self._registry
        folded = fold(fresh, registry, self._scorecard)
        entries, slots, offers = self._used
        stock = market.stock
        if (
            entries + len(folded.asks) > len(stock.asks)
            or slots + len(folded.slot_place) > len(stock.slot_place)
            or offers + len(fresh) > len(stock.offer)
        ):
            return self._again(old, fresh, gone)
        first = offers
        entry = folded.entry.copy()
        entry[:, 0] += first
        stock.entry[entries : entries + len(entry)] = entry
        stock.amount[entries : entries + len(entry)] = folded.amount
        asks = closed_to_all(stock, gone)
        asks[entries : entries + len(entry)] = folded.asks
        count = len(folded.slot_place)
        stock.slot_place[slots : slots + count] = folded.slot_place
        shifted = np.where(folded.slot_entry >= 0, folded.slot_entry + entries, -1)
        stock.slot_entry[slots : slots + count] = shifted
        ends = slots + np.cumsum(folded.slot_count)
        stock.slot_start[offers + 1 : offers + 1 + len(fresh)] = ends
        new = slice(offers, offers + len(fresh))
        stock.facts[new], stock.offer[new] = folded.facts, np.arange(new.start, new.stop)
        stock.alone[new] = folded.alone
        stock.alike[new] = registry.alike.of(alike_keys(fresh))
        stock.order[new] = [self._order(str(name)) for name in fresh.market.opportunity_id]
        taught = [fresh.knowledge.skills.indices(t or ()) for t in fresh.market.teaches]
        at = stock.taught_start[offers]
        flat = np.concatenate([*taught, np.empty(0, dtype=np.intp)]).astype(np.int32)
        stock.taught_start[offers + 1 : offers + 1 + len(fresh)] = at + np.cumsum(
            [len(one) for one in taught]
        )
        grown = np.append(stock.taught[:at], flat) if len(flat) else stock.taught
        self._used = (entries + len(entry), slots + count, offers + len(fresh))
        late_start, late = later_steps(old, stock, fresh, first)
        fresh_span = np.array([stock.fresh[0], self._used[0]], dtype=np.int32)
        stock = stock._replace(
            asks=asks, taught=grown, late_start=late_start, late=late, fresh=fresh_span
        )
        stock = self._with_classes(stock)
        for row, name in enumerate(fresh.market.opportunity_id):
            self._row[str(name)] = first + row
        self._note_employers(fresh)
        self._marks[new] = self._counting.marks(fresh, folded)
        told = self._counting.counted(market.tally, self._marks[new], self._marks[gone])
        examples = self._examples(market.examples, fresh, folded.meaning)
        same = len(stock.required) == len(market.stock.required) and examples is market.examples
        same = same and len(stock.work) == len(market.stock.work)
        same = same and len(stock.useful) == len(market.stock.useful)
        same = same and len(stock.exposed) == len(market.stock.exposed)
        desks = market.desks if same else []
        compiled = replace(market, stock=stock, tally=told, examples=examples, desks=desks)
        sources = (*old.sources, (first, fresh))
        return Snapshot(compiled, sources, old.version + 1)

    def _again(self, old: Snapshot, fresh: Offers, gone: Sequence[int]) -> Snapshot:
        """Fold everything again: there is no room left for new entries."""
        kept = sorted(set(self._row.values()) - set(gone))
        ends = [bisect.bisect_left(kept, first) for first, _ in old.sources] + [len(kept)]
        left = [
            offers.market.take([row - first for row in kept[begin:end]])
            for (first, offers), begin, end in zip(old.sources, ends, ends[1:], strict=False)
            if begin < end
        ]
        market = joined([*left, fresh.market])
        return self._fold(Offers(market, fresh.knowledge), old.version + 1)

    def _order(self, name: str) -> int:
        """A number for an id that lies where the id lies among the others."""
        at = bisect.bisect_left(self._names, name)
        if at < len(self._names) and self._names[at] == name:
            return self._orders[at]
        low = self._orders[at - 1] if at else -ORDER_GAP
        high = self._orders[at] if at < len(self._orders) else low + 2 * ORDER_GAP
        self._names.insert(at, name)
        self._orders.insert(at, (low + high) // 2)
        return self._orders[at]

    def _with_classes(self, stock: Stock) -> Stock:
        registry = self._registry
        if len(registry.required) > len(stock.required_state):
            a, b, c = need_arrays(registry.required.values())
            stock = stock._replace(required=a, required_weight=b, required_state=c)
        if len(registry.useful) > len(stock.useful_state):
            a, b, c = need_arrays(registry.useful.values())
            stock = stock._replace(useful=a, useful_weight=b, useful_state=c)
        if len(registry.work) > len(stock.work):
            work = np.array(registry.work.values(), dtype=np.float64).reshape(-1, 6)
            years = np.ascontiguousarray(work[:, 5])
            stock = stock._replace(work=work[:, :5].astype(np.int32), asked_years=years)
        if len(registry.exposed) > len(stock.exposed):
            rows = [np.frombuffer(one, dtype=np.float64) for one in registry.exposed.values()]
            stock = stock._replace(exposed=np.array(rows))
        return stock

    def _examples(self, known: Offers, fresh: Offers, meaning: NDArray[np.int32]) -> Offers:
        """One offer of each class of meaning, those that are new included."""
        new = sorted({int(one) for one in meaning if one >= len(known)})
        if not new:
            return known
        rows = [int(np.flatnonzero(meaning == one)[0]) for one in new]
        return Offers(joined([known.market, fresh.market.take(rows)]), known.knowledge)

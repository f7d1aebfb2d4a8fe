"""NumPy tuned by hand: the folded score, by look-up tables and flat lists of the pairs left over.

It starts from what the compiled scorer starts from, folded offers and prepared clients, and takes
the same steps in arrays: places within reach alone, masks before figures, a table of log-odds for
each client and class of needs, work or exposure, one sparse product for skills. Nothing of a kernel
is called; ids and scores are those of the reference.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher import Engine, Market
from matcher.scoring.compiled.arrays import (
    NOT_OPEN,
    Amount,
    Clients,
    Entry,
    Fact,
    Figure,
    Number,
    Own,
    Piece,
    Stock,
    World,
)
from matcher.scoring.compiled.caseload import CompiledCaseload
from matcher.scoring.ranker import Ranking
from tests.benchmarks.folded_tables import AWAY, DAILY, FAR, Bools, Ints, Reals, Tabled, Tables

BLOCK = 96
"""Clients whose pairs are listed together: their tables and lists stay in the second cache."""


class Touched(NamedTuple):
    """Entries that a ranking of some clients cannot do without.

    Parameters
    ----------
    looked, scored
        Pairs of a client and an entry within reach, whose mask must be seen, and those that no
        gate forbids, whose score must be known.
    skills
        Skills of the needs that each client meets, every class of needs once.
    """

    looked: int
    scored: int
    skills: int


class Folded:
    """Ranks prepared clients against folded offers.

    Parameters
    ----------
    engine
        A compiled engine: it folds.
    market
        Offers.
    """

    def __init__(self, engine: Engine, market: Market) -> None:
        path = engine._compiled
        assert path is not None
        self.stock: Stock = path._market(engine._seen(market)).stock
        self.world: World = path._scorer._world
        entry, amount = self.stock.entry, self.stock.amount
        self._entry = {one: np.ascontiguousarray(entry[:, one]) for one in Entry}
        self._amount = {one: np.ascontiguousarray(amount[:, one]) for one in Amount}
        self._loading = np.ascontiguousarray(amount[:, Amount.LOADING : Amount.LOADING + 4])
        self._slot = np.zeros(len(entry), dtype=np.intp)
        held = np.flatnonzero(self.stock.slot_entry >= 0)
        self._slot[self.stock.slot_entry[held]] = held
        self._tabled = Tabled(self.world, self.stock)

    def rank(self, block: CompiledCaseload, k: int) -> Ranking:
        """Return the best k of each client, as the engine does."""
        parts = [self._some(some, k) for some in _blocks(block)]
        return Ranking(*map(np.concatenate, zip(*parts, strict=True)))  # type: ignore[arg-type]

    def touched(self, block: CompiledCaseload) -> Touched:
        """Return how many entries a ranking looks at and scores."""
        looked = scored = skills = 0
        needs = ((Entry.REQUIRED, self.stock.required), (Entry.USEFUL, self.stock.useful))
        for one in _blocks(block):
            reached = self._within_reach(one, self._tabled.of(one)), self._serving(one)
            opened = [self._open(one, *pairs) for pairs in reached]
            client, entry = (np.concatenate(pair) for pair in zip(*opened, strict=True))
            looked += sum(len(pairs[0]) for pairs in reached)
            scored += len(client)
            for column, asked in needs:
                met = np.unique(client * len(asked) + self._entry[column][entry]) % len(asked)
                skills += int((asked[met] >= 0).sum())
        return Touched(looked, scored, skills)

    def _some(self, one: Clients, k: int) -> tuple[Ints, Reals]:
        tables = self._tabled.of(one)
        away = self._open(one, *self._within_reach(one, tables))
        home = self._open(one, *self._serving(one))
        client, entry = (np.concatenate(pair) for pair in zip(away, home, strict=True))
        score = np.concatenate([self._away(one, tables, *away), self._home(one, tables, *home)])
        score += self._shared(tables, client, entry)
        return self._best(len(one.own), client, entry, score, k)

    def _within_reach(self, one: Clients, tables: Tables) -> tuple[Ints, Ints]:
        """Clients and entries at places within reach, as one list of pairs."""
        stock, places = self.stock, self.stock.stocked
        home = one.own[:, Own.HOME]
        reach = np.take_along_axis(tables.reach, self._spot(home[:, None], places[None]), axis=1)
        reach[one.own[:, Own.REFUSED] == 1] = FAR
        client, at = np.nonzero(reach)
        place = places[at]
        begin = stock.start[2 * place + (reach[client, at] == AWAY)]
        return _ranges(client, begin, stock.start[2 * place + 2])

    def _serving(self, one: Clients) -> tuple[Ints, Ints]:
        """Clients and entries at home that serve where they live, as one list of pairs."""
        world, ready = self.world, np.flatnonzero(one.own[:, Own.REFUSED] == 0)
        home, places = one.own[ready, Own.HOME], len(self.world.node)
        areas = (world.commune[home], world.district[home], world.province[home])
        area = np.stack([*areas, np.full(len(home), places)], axis=1)
        row, level = np.nonzero(area >= 0)
        shelf = 2 * places + area[row, level]
        return _ranges(ready[row], self.stock.start[shelf], self.stock.start[shelf + 1])

    def _spot(self, home: Ints, place: Ints) -> Ints:
        """Where the tables of ways hold a place."""
        commune, node = self.world.commune, self.world.node
        same = (commune[home] >= 0) & (commune[home] == commune[place])
        return np.where(same, len(self.world.km), node[place])

    def _open(self, one: Clients, client: Ints, entry: Ints) -> tuple[Ints, Ints]:
        """The pairs that no gate forbids; of several places of an offer the one that counts."""
        asks = one.own[:, Own.CLOSED] | NOT_OPEN
        kept = np.flatnonzero((self.stock.asks[entry] & asks[client]) == 0)
        client, entry = client[kept], entry[kept]
        figure, amount = one.figure, self._amount
        age = figure[client, Figure.AGE]
        shut = (age < amount[Amount.YOUNGEST][entry]) | (age > amount[Amount.OLDEST][entry])
        shut |= ~(amount[Amount.START][entry] <= figure[client, Figure.CAPITAL])
        shut |= figure[client, Figure.LAND] < amount[Amount.LAND][entry]
        if len(one.excluded):
            row = one.own[client, Own.EXCLUDED]
            shut |= (row >= 0) & (one.excluded[row, self._entry[Entry.MEANING][entry]] > 0)
        if (one.own[:, Own.AREA] >= 0).any():
            shut |= self._area_closed(one, client, entry)
        kept = np.flatnonzero(~shut)
        return self._own_place(one, client[kept], entry[kept])

    def _area_closed(self, one: Clients, client: Ints, entry: Ints) -> Bools:
        """Whether any place of an offer lies, or may lie, in an excluded area."""
        area, facts = one.own[client, Own.AREA], self._entry[Entry.FACTS][entry]
        at_home = (facts & Fact.AT_HOME) > 0
        place = np.where(at_home, one.own[client, Own.HOME], self._entry[Entry.PLACE][entry])
        shut = (area >= 0) & ((one.area[area, place] > 0) | ((facts & Fact.PLACE_UNTOLD) > 0))
        many = np.flatnonzero((area >= 0) & ~at_home & ((facts & Fact.MANY_PLACES) > 0))
        offer, start = self._entry[Entry.OFFER][entry[many]], self.stock.slot_start
        pair, slot = _ranges(many, start[offer], start[offer + 1])
        inside = one.area[area[pair], self.stock.slot_place[slot]] > 0
        shut[pair[inside]] = True
        return shut

    def _own_place(self, one: Clients, client: Ints, entry: Ints) -> tuple[Ints, Ints]:
        """Of several places of an offer, the nearest; of several areas served, the first."""
        facts = self._entry[Entry.FACTS][entry]
        several = (facts & Fact.MANY_PLACES) > 0
        if not several.any():
            return client, entry
        many = np.flatnonzero(several)
        who, which = client[many], entry[many]
        home, place = one.own[who, Own.HOME], self._entry[Entry.PLACE][which]
        world, spot = self.world, self._spot(home, place)
        same = world.numbers[Number.SAME_COMMUNE_KM]
        away = world.km[world.node[home], world.node[place]]
        km = np.where(spot == len(world.km), same, away)
        km[(facts[many] & Fact.AT_HOME) > 0] = 0.0
        offer = who * len(self.stock.offer) + self._entry[Entry.OFFER][which]
        order = np.lexsort((self._slot[which], km, offer))
        first = np.flatnonzero(np.diff(offer[order], prepend=-1))
        kept = np.concatenate([np.flatnonzero(~several), many[order[first]]])
        return client[kept], entry[kept]

    def _shared(self, tables: Tables, client: Ints, entry: Ints) -> Reals:
        """Log-odds of skills, work and the offer alone."""
        own = self._entry
        return (
            tables.required[client, own[Entry.REQUIRED][entry]]
            + tables.useful[client, own[Entry.USEFUL][entry]]
            + tables.work[client, own[Entry.WORK][entry]]
            + self._amount[Amount.FIXED][entry]
        )

    def _away(self, one: Clients, tables: Tables, client: Ints, entry: Ints) -> Reals:
        """Log-odds of the way, the risk and the money of work at a place."""
        figure, place = one.figure[client], self._entry[Entry.PLACE][entry]
        spot = self._spot(one.own[client, Own.HOME], place)
        paid = (self._entry[Entry.FACTS][entry] & Fact.WAY_PAID) > 0
        free = paid & (tables.reach[client, spot] == DAILY)
        usd = np.where(free, 0.0, tables.usd[client, spot]) + figure[:, Figure.COSTS_AWAY]
        net = self._amount[Amount.INCOME][entry] - usd
        shared = (self._loading[entry] * figure[:, Figure.SHARED : Figure.SHARED + 4]).sum(axis=1)
        worth = figure[:, Figure.FIXED_AWAY] + tables.way[client, spot]
        worth += self._tabled.risk(figure, self._amount[Amount.VARIANCE][entry], shared)
        return worth + self._money(figure, net)

    def _home(self, one: Clients, tables: Tables, client: Ints, entry: Ints) -> Reals:
        """Log-odds of the climate, the risk and the money of work at home."""
        figure, exposed = one.figure[client], self._entry[Entry.EXPOSED][entry]
        training = (self._entry[Entry.FACTS][entry] & Fact.TRAINING) > 0
        left = np.where(training, 1.0, tables.left[client, exposed])
        net = self._amount[Amount.INCOME][entry] * left - figure[:, Figure.COSTS]
        worth = figure[:, Figure.FIXED_HOME] + tables.exposed[client, exposed]
        return worth + self.stock.numbers[1] + self._money(figure, net)

    def _money(self, figure: Reals, net: Reals) -> Reals:
        household = (figure[:, Figure.OTHERS] + net) / figure[:, Figure.LINE]
        own = self._tabled.worth(Piece.NET_INCOME, net / self.stock.numbers[0])
        return own + self._tabled.worth(Piece.HOUSEHOLD_INCOME, household)

    def _best(self, n: int, client: Ints, entry: Ints, score: Reals, k: int) -> tuple[Ints, Reals]:
        ids, best = np.full((n, k), -1, dtype=np.intp), np.full((n, k), np.nan)
        by_client = np.argsort(client.astype(np.uint8), kind="stable")
        start = np.searchsorted(client[by_client], np.arange(n + 1))
        order = self.stock.order[self._entry[Entry.OFFER]]
        for c in range(n):
            at = by_client[start[c] : start[c + 1]]
            key = np.round(score[at], 9)
            if len(at) > k:
                least = key[np.argpartition(-key, k - 1)[k - 1]]
                near = np.flatnonzero(key >= least)
                at, key = at[near], key[near]
            at = at[np.lexsort((order[entry[at]], -key))[:k]]
            ids[c, : len(at)] = self.stock.offer[self._entry[Entry.OFFER][entry[at]]]
            best[c, : len(at)] = score[at]
        return ids, best


def _blocks(block: CompiledCaseload) -> Iterator[Clients]:
    for first in range(0, len(block), BLOCK):
        yield _rows(block.clients, first, min(first + BLOCK, len(block)))


def _rows(clients: Clients, first: int, last: int) -> Clients:
    """Some of the clients; what they share is left whole."""
    held, job = (x[first : last + 1] for x in (clients.held_start, clients.job_start))
    return clients._replace(
        own=clients.own[first:last],
        figure=clients.figure[first:last],
        held_start=held - held[0],
        held=clients.held[held[0] : held[-1]],
        job_start=job - job[0],
        job=clients.job[job[0] : job[-1]],
        job_years=clients.job_years[job[0] : job[-1]],
    )


def _ranges(owner: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Every number of each range, with the range's owner."""
    length = (end - begin).astype(np.intp)
    before = np.cumsum(length) - length
    return np.repeat(owner, length), np.repeat(begin - before, length) + np.arange(length.sum())

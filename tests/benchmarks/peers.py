"""Other ways to the same answer: row by row, by columns that prune first, and in SQL engines."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher import Caseload, Engine, Market
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.scoring.compiled.arrays import NOT_OPEN, Amount, Clients, Entry, Own, Stock
from matcher.scoring.ranker import Ranking

Longs = NDArray[np.int64]


def row_apply(engine: Engine, caseload: Caseload, market: Market, rows: int) -> Callable[[], Any]:
    """Return a run of pandas ``apply`` over rows of pairs: reference gates, then features."""
    offers, frame = engine._seen(market), _random_pairs(caseload, market, rows)

    def score(row: pd.Series) -> float:
        profiles = Profiles(caseload.take([row["client"]]), engine.knowledge)
        pair = Pairs(profiles, offers, np.array([0]), np.array([row["offer"]]))
        if any(gate.forbids(pair).any() for gate in engine.gates):
            return np.nan
        return float(engine.scorecard.score(pair)[0])

    return lambda: frame.apply(score, axis=1)


def plain_python(
    tables: Any, caseload: Caseload, market: Market, rows: int
) -> Callable[[], Sequence[Any]]:
    """Return a run over records in loops: every feature of each pair, no gate, no array."""
    from tests.matcher.plain import Plain

    scorer, day = Plain(tables), market.as_of.item()
    frame = _random_pairs(caseload, market, 4 * rows)
    told = [
        (caseload.record(one), market.record(other))
        for one, other in zip(frame["client"], frame["offer"], strict=True)
    ]
    told = [
        (client, offer)
        for client, offer in told
        if scorer.place(client.get("home_place")) and offer.get("places")
    ][:rows]
    return lambda: [scorer.score(client, offer, day) for client, offer in told]


def _random_pairs(caseload: Caseload, market: Market, rows: int) -> pd.DataFrame:
    dice = np.random.default_rng(7)
    sides = {"client": len(caseload), "offer": len(market)}
    return pd.DataFrame({name: dice.integers(0, n, rows) for name, n in sides.items()})


class Pruned:
    """NumPy tuned by hand: entries by shelf, one mask of bits, then gates and features of the few.

    What the shelves and bits leave over goes through every reference gate and feature, as one list
    of pairs a block of clients.

    Parameters
    ----------
    engine
        A compiled engine: its folded offers are the shelves.
    market
        Offers.
    """

    def __init__(self, engine: Engine, market: Market) -> None:
        self._engine, self._offers = engine, engine._seen(market)
        self.stock: Stock = engine._compiled._market(self._offers).stock
        counts = np.diff(self.stock.start)
        self.shelf = np.repeat(np.arange(len(counts)), counts)
        self._geography = engine.knowledge.geography

    def rank(self, caseload: Caseload, market: Market, k: int, block: int = 100) -> Ranking:
        """Return the same as the engine."""
        parts = [
            self._block(caseload.take(range(first, min(first + block, len(caseload)))), market, k)
            for first in range(0, len(caseload), block)
        ]
        return Ranking(*map(np.concatenate, zip(*parts, strict=True)))  # type: ignore[arg-type]

    def _block(self, caseload: Caseload, market: Market, k: int) -> Ranking:
        block = self._engine.prepare(caseload, market)
        found = [self._left(block.profiles, block.clients, c) for c in range(len(caseload))]
        client = np.repeat(np.arange(len(found)), [len(one) for one in found])
        offer = np.concatenate(found)
        pairs = Pairs(block.profiles, self._offers, client, offer)
        open_to = np.ones(len(offer), dtype=bool)
        for gate in self._engine.gates:
            open_to &= ~np.broadcast_to(gate.forbids(pairs), len(offer))
        client, offer = client[open_to], offer[open_to]
        scores = self._engine.scorecard.score(Pairs(block.profiles, self._offers, client, offer))
        return self._best(len(found), client, offer, scores, k)

    def _left(self, profiles: Profiles, clients: Clients, c: int) -> Longs:
        """Offers on the shelves that one client may reach, less those that their bits close."""
        if clients.own[c, Own.REFUSED]:
            return np.empty(0, dtype=np.int64)
        start = self.stock.start
        at = np.concatenate([np.arange(start[s], start[s + 1]) for s in self.shelves(profiles, c)])
        asks = clients.own[c, Own.CLOSED] | NOT_OPEN
        return np.unique(self.stock.entry[at[self.stock.asks[at] & asks == 0], Entry.OFFER])

    def shelves(self, profiles: Profiles, c: int) -> Longs:
        """Return the shelves that a client may reach: of places near, and of areas around home."""
        geography, transport = self._geography, self._engine.knowledge.transport
        home, places = profiles.home[c], np.arange(len(geography.codes))
        km = geography.road_km(np.full(len(places), home), places)
        vehicle = np.full(len(places), profiles.caseload.transport[c], dtype=object)
        near = transport.minutes(km, vehicle) <= profiles.commute_limit[c]
        housed = profiles.caseload.willing_to_relocate[c] == 1
        areas = [int(a[home]) for a in (geography.commune, geography.district, geography.province)]
        around = [a for a in dict.fromkeys(areas) if a >= 0] + [len(places)]
        away = 2 * places[~near] + 1 if housed else places[:0]
        return np.concatenate([2 * places[near], 2 * places[near] + 1, away,
                               2 * len(places) + np.array(around)])  # fmt: skip

    def _best(
        self, n: int, client: Longs, offer: Longs, scores: NDArray[np.float64], k: int
    ) -> Ranking:
        order = np.lexsort((self._offers.id_order[offer], -np.round(scores, 9), client))
        client, offer, scores = client[order], offer[order], scores[order]
        rank = np.arange(len(client)) - np.searchsorted(client, client)
        ids, best = np.full((n, k), -1, dtype=np.intp), np.full((n, k), np.nan)
        kept = rank < k
        ids[client[kept], rank[kept]], best[client[kept], rank[kept]] = offer[kept], scores[kept]
        return Ranking(ids, best)


class Columns:
    """The part of the score that SQL can add: columns worked out beforehand, joined by shelf.

    Terms of the client alone and of the offer alone are ready as one number each; the join keeps
    the shelves within reach and the offers whose bits are open. Left out, and so in the favour of
    these engines: skills, income, climate, preference and the gates that are no bits.
    """

    def __init__(self, pruned: Pruned, engine: Engine, caseload: Caseload, market: Market) -> None:
        stock, block = pruned.stock, engine.prepare(caseload, market)
        ready = [c for c in range(len(block)) if not block.clients.own[c, Own.REFUSED]]
        reach = [pruned.shelves(block.profiles, c) for c in ready]
        self.offers = pd.DataFrame(
            {
                "offer": stock.entry[:, Entry.OFFER],
                "shelf": pruned.shelf,
                "asks": stock.asks,
                "worth": stock.amount[:, Amount.FIXED],
            }
        )
        self.reach = pd.DataFrame(
            {
                "client": np.repeat(ready, [len(one) for one in reach]),
                "shelf": np.concatenate(reach),
                "closed": np.repeat(
                    [int(block.clients.own[c, Own.CLOSED]) | NOT_OPEN for c in ready],
                    [len(one) for one in reach],
                ),
            }
        )
        self.reach["own"] = 0.1 * (self.reach["client"] % 7)

    def in_duckdb(self, k: int) -> Callable[[], Any]:
        """Return a query of the best k of each client in DuckDB, on one thread."""
        import duckdb

        base = duckdb.connect(config={"threads": 1})
        base.register("offers_frame", self.offers)
        base.register("reach_frame", self.reach)
        base.execute("create table offers as from offers_frame")
        base.execute("create table reach as from reach_frame")
        query = f"""
            select client, offer, own + worth as score from reach join offers using (shelf)
            where asks & closed = 0
            qualify row_number() over (partition by client order by score desc, offer) <= {k}
        """
        return lambda: base.execute(query).fetchnumpy()

    def in_polars(self, k: int) -> Callable[[], Any]:
        """Return a query of the best k of each client in Polars, on one thread."""
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        import polars as pl

        offers, reach = (pl.from_pandas(one) for one in (self.offers, self.reach))
        score = (pl.col("own") + pl.col("worth")).alias("score")
        query = (
            reach.lazy()
            .join(offers.lazy(), on="shelf")
            .filter((pl.col("asks").cast(pl.Int64) & pl.col("closed")) == 0)
            .select("client", "offer", score)
            .group_by("client")
            .agg(pl.struct("score", "offer").top_k_by("score", k))
        )
        return query.collect

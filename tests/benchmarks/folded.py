"""NumPy tuned by hand: the folded score, by look-up tables and flat lists of the pairs left over.

It starts from what the compiled scorer starts from, folded offers and prepared clients, and takes
the same steps in arrays: places within reach alone, masks before figures, a table of log-odds for
each client and class of needs, work or exposure, one sparse product for skills. Nothing of a kernel
is called; ids and scores are those of the reference.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher import Engine, Market
from matcher.engine import Ranking
from matcher.occupations import CLOSENESS, SAME_BRANCH, SAME_GROUP, TRANSVERSAL
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

Reals = NDArray[np.float64]
Ints = NDArray[np.integer]
Bools = NDArray[np.bool_]
BLOCK = 96
"""Clients whose pairs are listed together: their tables and lists stay in the second cache."""
FAR, DAILY, AWAY = 0, 1, 2
DIGITS = np.array([0xF000, 0x0F00, 0x00F0, 0x000F])


class Tables(NamedTuple):
    """Log-odds of some clients, one row a client, by what offers share."""

    reach: Ints
    way: Reals
    usd: Reals
    required: Reals
    useful: Reals
    work: Reals
    exposed: Reals
    left: Reals


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
        world, asked_for = self.world, (self.stock.required, self.stock.useful)
        self._asked_for = np.unique(np.concatenate([one[one >= 0] for one in asked_for]))
        self._skill_at = np.full(len(world.skill_group), -1)
        self._skill_at[self._asked_for] = np.arange(len(self._asked_for))
        self._group = world.skill_group[self._asked_for]
        self._branch = world.skill_branch[self._asked_for]
        self._across = world.transversal[self._asked_for] == 1
        self._kin_count = int(max(world.skill_group.max(), world.skill_branch.max())) + 2
        weights = (self.stock.required_weight, self.stock.useful_weight)
        self._needs = [self._sparse(*one) for one in zip(asked_for, weights, strict=True)]
        self._code, self._code_of = np.unique(self.stock.work[:, 1], return_inverse=True)
        asked = np.stack([self._code_of, self.stock.asked_years], axis=1)
        self._asked, self._asked_of = np.unique(asked, axis=0, return_inverse=True)
        liked = np.stack([self.stock.work[:, 0], self._code_of], axis=1)
        self._liked, self._liked_of = np.unique(liked, axis=0, return_inverse=True)
        self._taxing, self._taxing_of = np.unique(
            self.stock.work[:, 2:4], axis=0, return_inverse=True
        )

    def _sparse(self, skills: Ints, weights: Reals) -> csr_array:
        """Classes of needs as rows over the skills that are asked for."""
        row, column = np.nonzero(skills >= 0)
        at = (row, self._skill_at[skills[row, column]])
        return csr_array((weights[row, column], at), shape=(len(skills), len(self._asked_for)))

    def rank(self, block: CompiledCaseload, k: int) -> Ranking:
        """Return the best k of each client, as the engine does."""
        parts = [
            self._some(block.clients, first, min(first + BLOCK, len(block)), k)
            for first in range(0, len(block), BLOCK)
        ]
        return Ranking(*map(np.concatenate, zip(*parts, strict=True)))  # type: ignore[arg-type]

    def _some(self, clients: Clients, first: int, last: int, k: int) -> tuple[Ints, Reals]:
        one = _rows(clients, first, last)
        tables = self._tables(one)
        away = self._open(one, *self._within_reach(one, tables))
        home = self._open(one, *self._serving(one))
        client, entry = (np.concatenate(pair) for pair in zip(away, home, strict=True))
        score = np.concatenate([self._away(one, tables, *away), self._home(one, tables, *home)])
        score += self._shared(tables, client, entry)
        return self._best(last - first, client, entry, score, k)

    # --- tables of log-odds ------------------------------------------------------------------

    def _worth(self, piece: Piece, values: Reals) -> Reals:
        """Log-odds of values of one feature."""
        world, count = self.world, self.world.knot_count[piece]
        knots, points = world.knots[piece, :count], world.points[piece, :count]
        told = np.interp(values, knots, points)
        untold = np.isnan(values)
        return np.where(untold, world.unknown[piece], told) if untold.any() else told

    def _tables(self, one: Clients) -> Tables:
        ready = np.flatnonzero(one.own[:, Own.HOME] >= 0)
        home = one.own[ready, Own.HOME]
        shape = (len(one.own), len(self.world.km) + 1)
        reach, way, usd = np.zeros(shape, np.int8), np.zeros(shape), np.zeros(shape)
        reach[ready], way[ready], usd[ready] = self._ways(one, ready, home)
        exposed, left = self._exposed(one)
        told = one.own[:, Own.SKILLS_TOLD] == 1
        required, useful = self._covered(one, told)
        return Tables(reach, way, usd, required, useful, self._works(one), exposed, left)

    def _ways(self, one: Clients, ready: Ints, home: Ints) -> tuple[Ints, Reals, Reals]:
        """How every node is reached, its log-odds and its cost a month; last, one's own commune."""
        numbers, own, figure = self.world.numbers, one.own[ready], one.figure[ready]
        same = np.full((len(ready), 1), numbers[Number.SAME_COMMUNE_KM])
        km = np.concatenate([self.world.km[self.world.node[home]], same], axis=1)
        minutes, usd = self._travel(km, own[:, Own.VEHICLE, None])
        limit = figure[:, Figure.LIMIT, None]
        daily = minutes <= limit
        lives = (minutes > limit) & (own[:, Own.WILLING, None] == 1)
        way = np.where(
            daily,
            self._worth(Piece.TRAVEL, minutes) + self._worth(Piece.AWAY, np.zeros(1)),
            self._worth(Piece.TRAVEL, limit) + self._worth(Piece.AWAY, np.ones(1)),
        )
        visits = 2.0 * numbers[Number.VISITS] * usd
        month = np.where(
            daily, 2.0 * numbers[Number.DAYS] * usd, figure[:, Figure.AWAY_USD, None] + visits
        )
        return np.where(daily, DAILY, np.where(lives, AWAY, FAR)).astype(np.int8), way, month

    def _travel(self, km: Reals, vehicle: Ints) -> tuple[Reals, Reals]:
        """Minutes and USD one way."""
        numbers, reach = self.world.numbers, self.world.numbers[Number.WALK_LIMIT]
        speed, fixed, usd = (numbers[Number.MODE + i :: 3] for i in range(3))
        walked = fixed[0] + 60.0 * np.minimum(km, reach) / speed[0]
        ride = np.maximum(walked, fixed[1] + 60.0 * km / speed[1])
        driven = fixed[vehicle + 1] + 60.0 * km / speed[vehicle + 1]
        minutes = np.where(vehicle > 0, driven, np.where(km <= reach, walked, ride))
        paid = np.where(vehicle > 0, usd[vehicle + 1] * km, np.where(km <= reach, 0.0, usd[1] * km))
        return minutes, paid

    def _covered(self, one: Clients, told: Bools) -> tuple[Reals, Reals]:
        """Log-odds of the needs that skills cover, by class."""
        credit = np.stack([self._credit(one, c) for c in range(len(one.own))], axis=1)
        both = zip(
            self._needs,
            (self.stock.required_state, self.stock.useful_state),
            (Piece.REQUIRED, Piece.USEFUL),
            strict=True,
        )
        found = []
        for needs, state, piece in both:
            covered = np.minimum(needs @ credit, 1.0).T
            covered[:, state == 2] = 1.0
            covered[:, state == 0] = np.nan
            covered[~told] = np.nan
            found.append(self._worth(piece, covered))
        return found[0], found[1]

    def _credit(self, one: Clients, c: int) -> Reals:
        """What a client's skills are worth for each skill that is asked for."""
        world, held = self.world, one.held[one.held_start[c] : one.held_start[c + 1]]
        group, branch = world.skill_group[held], world.skill_branch[held]
        credit = np.zeros(len(self._asked_for))
        if world.transversal[held].any():
            credit[self._across] = TRANSVERSAL
        for kin, own, worth in (
            (branch, self._branch, SAME_BRANCH),
            (group, self._group, SAME_GROUP),
        ):
            known = np.zeros(self._kin_count, dtype=bool)
            known[kin] = True
            known[-1] = False  # where there is none
            np.maximum(credit, worth * known[own], out=credit)
        at = self._skill_at[held]
        credit[at[at >= 0]] = 1.0
        return credit

    def _works(self, one: Clients) -> Reals:
        """Log-odds of experience, wishes and access, by class of work; and of the kind."""
        years = np.where(self._code >= 0, self._done(one), np.nan)
        asked, code = self._asked[:, 1], self._asked[:, 0].astype(np.intp)
        lacking = np.where(asked == 0.0, 0.0, np.maximum(asked - years[:, code], 0.0))
        worth = self._worth(Piece.EXPERIENCE, years)[:, self._code_of]
        worth += self._worth(Piece.SHORTFALL, lacking)[:, self._asked_of]
        worth += self._worth(Piece.PREFERENCE, self._wished(one))[:, self._liked_of]
        worth += self._worth(Piece.ACCESS, self._access(one))[:, self._taxing_of]
        kinds = one.own[:, Own.KINDS, None]
        named = (kinds & (1 << self.stock.work[:, 4])) > 0
        return worth + self._worth(Piece.KIND, np.where(kinds < 0, np.nan, named))

    def _done(self, one: Clients) -> Reals:
        """Equivalent years in each occupation; NaN where jobs are not told."""
        years = _best_of(one.job_start, one.job_years[:, None] * self._closeness(one.job))
        return np.where(one.own[:, Own.JOBS_TOLD, None] == 1, years, np.nan)

    def _closeness(self, codes: Ints) -> Reals:
        differ = codes[:, None] ^ self._code
        same = [(differ >> shift) == 0 for shift in (12, 8, 4, 0)]
        return np.asarray(CLOSENESS)[np.sum(same, axis=0)]

    def _wished(self, one: Clients) -> Reals:
        """How far each livelihood and occupation is what clients would like; NaN: no wish."""
        wish = one.own[:, Own.WISH]
        if not len(one.wished):
            return np.full((len(wish), len(self._liked)), np.nan)
        livelihood, code = self._liked.T
        named = np.where(livelihood >= 0, one.wished[:, livelihood], 0.0)
        near = _best_of(one.wish_start, 0.5 * self._closeness(one.wish_code))
        near = np.where(self._code >= 0, near, 0.0)[:, code]
        return np.where((wish >= 0)[:, None], np.maximum(named, near)[wish], np.nan)

    def _access(self, one: Clients) -> Reals:
        """Share of the demands that no difficulty touches; NaN where either is not told."""
        demands, adaptable = self._taxing.T
        difficulty = one.own[:, Own.DIFFICULTY, None]
        asked = np.bitwise_count(np.maximum(demands, 0))
        hit = np.bitwise_count(np.maximum(demands & difficulty, 0))
        share = 1.0 - hit / np.maximum(asked, 1)
        untold = (difficulty < 0) | (demands < 0)
        return np.where(adaptable == 1, 1.0, np.where(untold, np.nan, share))

    def _exposed(self, one: Clients) -> tuple[Reals, Reals]:
        """Log-odds of climate and risk at home, by sensitivity, and the share of income left."""
        world, home = self.world, one.own[:, Own.HOME]
        own = world.hazard[home][:, None] * self.stock.exposed
        loss = 1.0 - np.prod(1.0 - own, axis=2)
        later = 1.0 - np.prod(1.0 - world.hazard_2050[home][:, None] * self.stock.exposed, axis=2)
        variance = np.einsum("bxi,ij,bxj->bx", own, world.correlation, own)
        shared = np.einsum("bxi,bi->bx", own, one.figure[:, Figure.SHARED : Figure.SHARED + 4])
        worth = self._worth(Piece.LOSS, loss) + self._worth(Piece.LOSS_2050, later)
        worth += self._risk(one.figure[:, None], variance, shared)
        lost = np.where(np.isnan(loss), 0.0, loss * world.numbers[Number.BAD_YEARS])
        return worth, 1.0 - lost

    def _risk(self, figure: Reals, variance: Reals, shared: Reals) -> Reals:
        share = figure[..., Figure.SHARE]
        common = share * share * variance + 2.0 * share * shared
        return self._worth(Piece.RISK, np.sqrt(common + figure[..., Figure.OWN_RISK]))

    # --- pairs -------------------------------------------------------------------------------

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
        km = np.where(spot == len(world.km), same, world.km[world.node[home], world.node[place]])
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
        worth += self._risk(figure, self._amount[Amount.VARIANCE][entry], shared)
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
        own = self._worth(Piece.NET_INCOME, net / self.stock.numbers[0])
        return own + self._worth(Piece.HOUSEHOLD_INCOME, household)

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


def _best_of(start: Ints, rows: Reals) -> Reals:
    """The greatest of each list of rows, at least 0; start holds where each list begins."""
    best, begin = np.zeros((len(start) - 1, rows.shape[1])), start[:-1]
    some = start[1:] > begin
    if some.any():
        best[some] = np.maximum(np.maximum.reduceat(rows, begin[some], axis=0), 0.0)
    return best


def _ranges(owner: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Every number of each range, with the range's owner."""
    length = (end - begin).astype(np.intp)
    before = np.cumsum(length) - length
    return np.repeat(owner, length), np.repeat(begin - before, length) + np.arange(length.sum())

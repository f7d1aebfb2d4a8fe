"""Tables of log-odds for NumPy that folds by hand: each client by what offers share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.occupations import CLOSENESS, SAME_BRANCH, SAME_GROUP, TRANSVERSAL
from matcher.scoring.compiled.arrays import Clients, Figure, Number, Own, Piece, Stock, World

Reals = NDArray[np.float64]
Ints = NDArray[np.integer]
Bools = NDArray[np.bool_]
FAR, DAILY, AWAY = 0, 1, 2


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


class Tabled:
    """Fills the tables, a block of clients at a time.

    Parameters
    ----------
    world, stock
        What is neither client nor offer, and the folded offers.
    """

    def __init__(self, world: World, stock: Stock) -> None:
        self._world, self._stock = world, stock
        asked_for = stock.required, stock.useful
        self._asked_for = np.unique(np.concatenate([one[one >= 0] for one in asked_for]))
        self._skill_at = np.full(len(world.skill_group), -1)
        self._skill_at[self._asked_for] = np.arange(len(self._asked_for))
        self._group = world.skill_group[self._asked_for]
        self._branch = world.skill_branch[self._asked_for]
        self._across = world.transversal[self._asked_for] == 1
        self._kin_count = int(max(world.skill_group.max(), world.skill_branch.max())) + 2
        weights = stock.required_weight, stock.useful_weight
        self._needs = [self._sparse(*one) for one in zip(asked_for, weights, strict=True)]
        self._code, self._code_of = np.unique(stock.work[:, 1], return_inverse=True)
        asked = np.stack([self._code_of, stock.asked_years], axis=1)
        self._asked, self._asked_of = np.unique(asked, axis=0, return_inverse=True)
        liked = np.stack([stock.work[:, 0], self._code_of], axis=1)
        self._liked, self._liked_of = np.unique(liked, axis=0, return_inverse=True)
        self._taxing, self._taxing_of = np.unique(stock.work[:, 2:4], axis=0, return_inverse=True)

    def _sparse(self, skills: Ints, weights: Reals) -> csr_array:
        """Classes of needs as rows over the skills that are asked for."""
        row, column = np.nonzero(skills >= 0)
        at = (row, self._skill_at[skills[row, column]])
        return csr_array((weights[row, column], at), shape=(len(skills), len(self._asked_for)))

    def worth(self, piece: Piece, values: Reals) -> Reals:
        """Return the log-odds of values of one feature."""
        world, count = self._world, self._world.knot_count[piece]
        knots, points = world.knots[piece, :count], world.points[piece, :count]
        told = np.interp(values, knots, points)
        untold = np.isnan(values)
        return np.where(untold, world.unknown[piece], told) if untold.any() else told

    def of(self, one: Clients) -> Tables:
        """Return the tables of some clients."""
        ready = np.flatnonzero(one.own[:, Own.HOME] >= 0)
        home = one.own[ready, Own.HOME]
        shape = (len(one.own), len(self._world.km) + 1)
        reach, way, usd = np.zeros(shape, np.int8), np.zeros(shape), np.zeros(shape)
        reach[ready], way[ready], usd[ready] = self._ways(one, ready, home)
        exposed, left = self._exposed(one)
        told = one.own[:, Own.SKILLS_TOLD] == 1
        required, useful = self._covered(one, told)
        return Tables(reach, way, usd, required, useful, self._works(one), exposed, left)

    def _ways(self, one: Clients, ready: Ints, home: Ints) -> tuple[Ints, Reals, Reals]:
        """How every node is reached, its log-odds and its cost a month; last, one's own commune."""
        numbers, own, figure = self._world.numbers, one.own[ready], one.figure[ready]
        same = np.full((len(ready), 1), numbers[Number.SAME_COMMUNE_KM])
        km = np.concatenate([self._world.km[self._world.node[home]], same], axis=1)
        minutes, usd = self._travel(km, own[:, Own.VEHICLE, None])
        limit = figure[:, Figure.LIMIT, None]
        daily = minutes <= limit
        lives = (minutes > limit) & (own[:, Own.WILLING, None] == 1)
        way = np.where(
            daily,
            self.worth(Piece.TRAVEL, minutes) + self.worth(Piece.AWAY, np.zeros(1)),
            self.worth(Piece.TRAVEL, limit) + self.worth(Piece.AWAY, np.ones(1)),
        )
        visits = 2.0 * numbers[Number.VISITS] * usd
        month = np.where(
            daily, 2.0 * numbers[Number.DAYS] * usd, figure[:, Figure.AWAY_USD, None] + visits
        )
        return np.where(daily, DAILY, np.where(lives, AWAY, FAR)).astype(np.int8), way, month

    def _travel(self, km: Reals, vehicle: Ints) -> tuple[Reals, Reals]:
        """Minutes and USD one way."""
        numbers, reach = self._world.numbers, self._world.numbers[Number.WALK_LIMIT]
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
            (self._stock.required_state, self._stock.useful_state),
            (Piece.REQUIRED, Piece.USEFUL),
            strict=True,
        )
        found = []
        for needs, state, piece in both:
            covered = np.minimum(needs @ credit, 1.0).T
            covered[:, state == 2] = 1.0
            covered[:, state == 0] = np.nan
            covered[~told] = np.nan
            found.append(self.worth(piece, covered))
        return found[0], found[1]

    def _credit(self, one: Clients, c: int) -> Reals:
        """What a client's skills are worth for each skill that is asked for."""
        world, held = self._world, one.held[one.held_start[c] : one.held_start[c + 1]]
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
        worth = self.worth(Piece.EXPERIENCE, years)[:, self._code_of]
        worth += self.worth(Piece.SHORTFALL, lacking)[:, self._asked_of]
        worth += self.worth(Piece.PREFERENCE, self._wished(one))[:, self._liked_of]
        worth += self.worth(Piece.ACCESS, self._access(one))[:, self._taxing_of]
        kinds = one.own[:, Own.KINDS, None]
        named = (kinds & (1 << self._stock.work[:, 4])) > 0
        return worth + self.worth(Piece.KIND, np.where(kinds < 0, np.nan, named))

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
        world, home = self._world, one.own[:, Own.HOME]
        own = world.hazard[home][:, None] * self._stock.exposed
        loss = 1.0 - np.prod(1.0 - own, axis=2)
        later = 1.0 - np.prod(1.0 - world.hazard_2050[home][:, None] * self._stock.exposed, axis=2)
        variance = np.einsum("bxi,ij,bxj->bx", own, world.correlation, own)
        shared = np.einsum("bxi,bi->bx", own, one.figure[:, Figure.SHARED : Figure.SHARED + 4])
        worth = self.worth(Piece.LOSS, loss) + self.worth(Piece.LOSS_2050, later)
        worth += self.risk(one.figure[:, None], variance, shared)
        lost = np.where(np.isnan(loss), 0.0, loss * world.numbers[Number.BAD_YEARS])
        return worth, 1.0 - lost

    def risk(self, figure: Reals, variance: Reals, shared: Reals) -> Reals:
        """Return the log-odds of what the household's income may swing."""
        share = figure[..., Figure.SHARE]
        common = share * share * variance + 2.0 * share * shared
        return self.worth(Piece.RISK, np.sqrt(common + figure[..., Figure.OWN_RISK]))


def _best_of(start: Ints, rows: Reals) -> Reals:
    """The greatest of each list of rows, at least 0; start holds where each list begins."""
    best, begin = np.zeros((len(start) - 1, rows.shape[1])), start[:-1]
    some = start[1:] > begin
    if some.any():
        best[some] = np.maximum(np.maximum.reduceat(rows, begin[some], axis=0), 0.0)
    return best

"""A caseload and a market in a world: who would stay with which offer, and why nobody can know."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.engine import Engine
from matcher.market import Market
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.simulation.hazards import Incidence, Integers, OutcomeLaw, Situations
from matcher.simulation.world import VISIT_DAYS, World

Indices = NDArray[np.intp]

YEARS = 4
"""Years a world is drawn for."""

_WHOLE_PROVINCE = 2
_ABOVE_MEDIAN = 0.5


class Simulator:
    """Draws what nobody sees of a caseload and a market, and from it what happens.

    Everything hangs on the seed alone: two simulators of the same seed hold the same people, so
    that two policies can be compared client by client.

    Parameters
    ----------
    engine
        Its gates say what may be offered, its scorecard gives the features.
    caseload, market
        Clients and opportunities.
    world
        The figures, one of :data:`~matcher.simulation.WORLDS`.
    seed
        Seed of every draw.

    Attributes
    ----------
    law : OutcomeLaw
        The law of the world.
    score : array of shape (n, m)
        The engine's score in log-odds; NaN where a gate forbids.
    """

    def __init__(
        self, engine: Engine, caseload: Caseload, market: Market, world: World, seed: int = 0
    ) -> None:
        self.engine = engine
        self.caseload = caseload
        self.market = market
        self.world = world
        self.seed = seed
        self.law = OutcomeLaw(world, engine.scorecard)
        self.score = engine.score(caseload, market)
        self._profiles = Profiles(caseload, engine.knowledge)
        self._offers = Offers(market, engine.knowledge)
        self._draw_the_unseen()

    def in_world(self, world: World) -> "Simulator":
        """Return the same people, offers and luck in another world."""
        other = object.__new__(Simulator)
        other.__dict__.update(self.__dict__)
        other.world, other.law = world, OutcomeLaw(world, self.engine.scorecard)
        other._draw_the_unseen()
        return other

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the features, in the order of their columns."""
        return self.law.features

    @cached_property
    def admissible(self) -> tuple[Indices, Indices]:
        """Client and offer of every pair that no gate forbids, each of shape (p,)."""
        client, offer = np.nonzero(~np.isnan(self.score))
        return client, offer

    def pairs(self, client: Indices, offer: Indices) -> Pairs:
        """Return pairs as the engine sees them."""
        return Pairs(self._profiles, self._offers, client, offer)

    def features(self, client: Indices, offer: Indices) -> Floats:
        """Return the features of pairs, of shape (p, q); NaN unknown."""
        return np.stack(self.engine.scorecard.values(self.pairs(client, offer)), axis=1)

    def situations(
        self,
        client: Indices,
        offer: Indices,
        year: int | Floats = 0,
        features: Floats | None = None,
    ) -> Situations:
        """Return pairs as the world sees them.

        Parameters
        ----------
        client, offer
            The pairs, each of shape (p,).
        year
            Year of the programme, from 0; one for all or one a pair.
        features
            Where they are at hand already, of shape (p, q).
        """
        known = self.features(client, offer) if features is None else features
        when = np.broadcast_to(np.asarray(year, dtype=np.float64), client.shape)
        in_year = np.minimum(when.astype(np.intp), YEARS - 1)
        employer = self.employer[offer]
        return Situations(
            known,
            self.frailty[client],
            self.quality[employer],
            self.hidden[employer],
            self.struck[in_year, self.province[client]],
            when,
        )

    def incidence(
        self,
        client: Indices,
        offer: Indices,
        year: int | Floats = 0,
        days: Sequence[float] = VISIT_DAYS,
    ) -> Incidence:
        """Return the true share that leaves by each way by each day, of shape (p, days)."""
        return self.law.incidence(self.situations(client, offer, year), days)

    def outcomes(
        self, client: Indices, offer: Indices, year: int | Floats = 0, draw: int = 0
    ) -> tuple[Integers, Integers]:
        """Return the day each placement ends and its cause; the last visit and 0 if it does not.

        Parameters
        ----------
        client, offer, year
            As in :meth:`situations`.
        draw
            Another number, other luck; a client has the same luck with every offer.
        """
        dice = np.random.default_rng((self.seed, 1, draw))
        patience, way = dice.random((2, len(self.caseload)))
        at = self.situations(client, offer, year)
        return self.law.draw(at, patience[client], way[client])

    def groups(self) -> dict[str, NDArray[np.object_]]:
        """Return each client's group for reports on fairness; ``unknown`` where it was not told."""
        case = self.caseload
        young = np.where(case.age_years < 25, "under 25", "25 or older")
        age = np.where(np.isnan(case.age_years), "unknown", young)
        disability = [
            "unknown" if told is None else "some" if told else "none" for told in case.difficulties
        ]
        return {
            "sex": _named(case.sex),
            "age": age.astype(object),
            "disability": np.array(disability, dtype=object),
            "idpoor": _named(case.idpoor),
        }

    def _draw_the_unseen(self) -> None:
        dice = np.random.default_rng((self.seed, 0))
        codes = [home[:_WHOLE_PROVINCE] if home else "" for home in self.caseload.home_place]
        provinces, self.province = np.unique(np.array(codes), return_inverse=True)
        names = self.market.employer_id.astype(str)
        employers, self.employer = np.unique(names, return_inverse=True)
        self.frailty = self.world.frailty_sd * dice.standard_normal(len(self.caseload))
        self.quality = self.world.quality_sd * dice.standard_normal(len(employers))
        self.hidden = self._harming(dice.random(len(employers)))
        self.struck = self._disasters(dice.random((YEARS, len(provinces))))

    def _harming(self, luck: Floats) -> NDArray[np.bool_]:
        """Tell which employers harm: some of those who pay above the median."""
        none = np.zeros(len(luck), dtype=bool)
        if self.world.hidden_harm is None or not len(luck):
            return none
        income = np.nan_to_num(self._offers.monthly_income)
        best = np.zeros(len(luck))
        np.maximum.at(best, self.employer, income)
        pays_well = best > np.quantile(best, _ABOVE_MEDIAN)
        return np.asarray(pays_well & (luck < self.world.hidden_harm.share))

    def _disasters(self, luck: Floats) -> NDArray[np.bool_]:
        """Tell which provinces are struck in which year, of shape (years, provinces)."""
        struck = np.zeros(luck.shape, dtype=bool)
        if self.world.shock:
            years = [year for year in self.world.shock.years if year < len(luck)]
            struck[years] = luck[years] < self.world.shock.share_of_provinces
        return struck


def _named(values: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.array(["unknown" if value is None else value for value in values], dtype=object)

"""Pairs of a client and an offer, and what follows from the two together.

``client`` and ``offer`` are index arrays that broadcast: ``(n, 1)`` with ``(1, m)`` for every pair
of a block, ``(p,)`` with ``(p,)`` for a list of pairs. Gates and features are written once and work
on both. What a gate or a feature asks for is computed once a ``Pairs`` and kept.
"""

from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.climate import NOW, loss_share
from matcher.columns import Floats, Objects
from matcher.household import joint_risk, net_monthly_income
from matcher.needs import SkillNeeds
from matcher.occupations import Experience
from matcher.offers import Offers
from matcher.profiles import Profiles

Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]


class Pairs:
    """Some pairs of a client and an offer.

    Parameters
    ----------
    profiles, offers
        The two sides.
    client, offer
        Indices that broadcast together.
    after
        For the second step of a pathway: index of the training that comes first, of the shape of
        the pairs. None: the offer stands alone.
    """

    def __init__(
        self,
        profiles: Profiles,
        offers: Offers,
        client: Indices,
        offer: Indices,
        after: Indices | None = None,
    ) -> None:
        self.profiles = profiles
        self.offers = offers
        self.client = client
        self.offer = offer
        self.after = after

    @classmethod
    def all_of(cls, profiles: Profiles, offers: Offers) -> Self:
        """Return every pair of a block of clients and the whole market, of shape (n, m)."""
        return cls(
            profiles, offers, np.arange(len(profiles))[:, None], np.arange(len(offers))[None]
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the pairs."""
        return np.broadcast_shapes(self.client.shape, self.offer.shape)

    def full(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return values that broadcast with the pairs in the pairs' own shape."""
        return np.broadcast_to(values, self.shape)

    # --- the way to work -----------------------------------------------------------------

    @cached_property
    def _nearest(self) -> tuple[Indices, Floats]:
        """Place where the work is done, and the road to it in km; -1 and NaN where unknown."""
        home, places = self.profiles.home[self.client], self.offers.places
        road_km = self.offers.knowledge.geography.road_km
        place = np.broadcast_to(places[self.offer, 0], self.shape)
        km = road_km(home, place)
        for slot in range(1, places.shape[1]):
            other = places[self.offer, slot]
            if (other >= 0).any():
                away = road_km(home, other)
                nearer = (away < km) & (other >= 0)  # the first, where the home is not known
                place, km = np.where(nearer, other, place), np.where(nearer, away, km)
        at_home = self.offers.home_based[self.offer]
        return np.where(at_home, home, place), np.where(at_home & (home >= 0), 0.0, km)

    @property
    def place(self) -> Indices:
        """Where the work is done: at home, or at the nearest of the offer's places; -1 unknown."""
        return self._nearest[0]

    @property
    def road_km(self) -> Floats:
        """Road from home to work, km one way; NaN unknown."""
        return self._nearest[1]

    @property
    def vehicle(self) -> Objects:
        """Best vehicle the client has; None where unknown, which counts as none."""
        return np.asarray(self.profiles.caseload.transport[self.client], dtype=object)

    @cached_property
    def commute_minutes(self) -> Floats:
        """Minutes one way, whether or not the client would travel them daily."""
        minutes = self.offers.knowledge.transport.minutes(self.road_km, self.vehicle)
        return np.where(self.offers.home_based[self.offer], 0.0, minutes)

    @cached_property
    def can_commute(self) -> Bools:
        """Whether the way to work is within the client's limit; False where unknown."""
        return np.asarray(self.commute_minutes <= self.profiles.commute_limit[self.client])

    @cached_property
    def lives_away(self) -> Bools:
        """Whether the client would live at the work: too far daily, willing, and safely housed."""
        willing = self.profiles.caseload.willing_to_relocate[self.client] == 1
        housed = self.offers.market.housing_provided[self.offer] == 1
        far = self.commute_minutes > self.profiles.commute_limit[self.client]
        return np.asarray(far & willing & housed)

    @cached_property
    def travel_minutes(self) -> Floats:
        """Minutes one way on a working day; who lives away counts at the limit, never less."""
        limit = self.profiles.commute_limit[self.client]
        return np.where(self.lives_away, limit, self.commute_minutes)

    @cached_property
    def transport_usd(self) -> Floats:
        """Cost of getting to work, USD a month; living away never costs less than commuting."""
        knowledge = self.offers.knowledge
        days = knowledge.parameters["working_days_per_month"]
        way = knowledge.transport.usd(self.road_km, self.vehicle)
        daily = np.where(
            self.offers.market.transport_provided[self.offer] == 1, 0.0, 2 * days * way
        )
        daily = np.where(self.offers.home_based[self.offer], 0.0, daily)
        away = np.maximum(
            knowledge.parameters["living_away_usd_per_month"],
            2 * days * self._dearest_commute,
        )
        visits = 2 * knowledge.parameters["home_visits_per_month"] * way
        return np.where(self.lives_away, away + visits, daily)

    @cached_property
    def _dearest_commute(self) -> Floats:
        """Cost one way of the longest commute the client's limit allows, USD."""
        transport = self.offers.knowledge.transport
        limit = self.profiles.commute_limit
        own = self.profiles.caseload.transport
        return transport.usd(transport.km_within(limit, own), own)[self.client]

    @cached_property
    def served_at_home(self) -> Bools:
        """Whether the client's home lies in an area the offer serves; (n, m) or (p,)."""
        geography, home = self.offers.knowledge.geography, self.profiles.home[self.client]
        served = np.zeros(self.shape, dtype=bool)
        for slot in range(self.offers.places.shape[1]):
            served |= geography.contains(self.offers.places[self.offer, slot], home)
        return served

    # --- what the client does not want ---------------------------------------------------

    @cached_property
    def excluded_work(self) -> Bools:
        """Whether the offer is, or may be, work that the client excludes."""
        excluded = np.zeros((len(self.profiles), len(self.offers)), dtype=bool)
        for row, told in enumerate(self.profiles.caseload.excluded_livelihoods):
            for words in told or ():
                if (meant := self.offers.meant_by(words)) is not None:
                    excluded[row] |= meant
        return excluded[self.client, self.offer]

    @cached_property
    def avoided_settings(self) -> tuple[Bools, Bools]:
        """Whether the offer has a setting the client avoids; whether that is not known."""
        has = np.zeros((len(self.profiles), len(self.offers)), dtype=bool)
        unclear = np.zeros_like(has)
        for row, avoided in enumerate(self.profiles.caseload.avoid_settings):
            for setting in avoided or ():
                has[row] |= self.offers.has_setting(setting)
                unclear[row] |= ~self.offers.setting_is_known(setting)
        return has[self.client, self.offer], unclear[self.client, self.offer]

    # --- money ---------------------------------------------------------------------------

    @cached_property
    def loss(self) -> Floats:
        """Share of the income at risk in a year of hazards, now, in [0, 1]; NaN unknown."""
        return self.loss_in(NOW)

    def loss_in(self, year: int) -> Floats:
        """Share of the income at risk in a year of hazards, in [0, 1]; NaN unknown.

        Parameters
        ----------
        year
            One of :data:`matcher.climate.YEARS`.
        """
        hazard = self.offers.knowledge.climate.at(self.place, year)
        return loss_share(hazard, self.offers.sensitivity[self.offer])

    @cached_property
    def hazard_parts(self) -> Floats:
        """Hazard x sensitivity after adaptation, now, of the pairs' shape and (4,)."""
        hazard = self.offers.knowledge.climate.at(self.place)
        return np.asarray(hazard * self.offers.sensitivity[self.offer])

    @property
    def start_usd(self) -> Floats:
        """What the client must find to start, USD, the fee of a course before it included."""
        own = self.offers.start_usd[self.offer]
        return own if self.after is None else own + self.offers.start_usd[self.after]

    @cached_property
    def childcare_usd(self) -> Floats:
        """Cost of childcare, USD a month; none where the work is done at home."""
        cost = self.profiles.childcare_usd[self.client]
        return np.where(self.offers.home_based[self.offer], 0.0, cost)

    @cached_property
    def net_income_usd(self) -> Floats:
        """Income less climate loss, transport, debt service and childcare, USD a month."""
        frequency = self.offers.knowledge.climate.bad_year_frequency
        earns = ~self.offers.is_training[self.offer]
        return net_monthly_income(
            self.offers.monthly_income[self.offer],
            np.where(earns, self.loss * frequency, 0.0),
            self.transport_usd,
            self.profiles.caseload.debt_service_usd[self.client],
            self.childcare_usd,
        )

    @cached_property
    def household_ratio(self) -> Floats:
        """The household's income per person with the offer in it, over the poverty line."""
        others = self.profiles.others_income_usd[self.client]
        size = self.profiles.caseload.household_size[self.client]
        return self.offers.knowledge.poverty_line.ratio(others + self.net_income_usd, size)

    @cached_property
    def household_risk(self) -> Floats:
        """Spread of the household's income with the offer as one half of it; (p,) pairs only."""
        climate = self.offers.knowledge.climate
        loadings, own = self.profiles.household_exposure
        return joint_risk(
            self.profiles.offer_share[self.client],
            self.hazard_parts,
            loadings[self.client],
            own[self.client],
            climate.correlation,
            self.offers.knowledge.parameters["idiosyncratic_income_sd"],
        )

    # --- skills --------------------------------------------------------------------------

    def coverage(self, needs: SkillNeeds) -> Floats:
        """Share of the needs that the client's skills cover, by weight; NaN where unknown."""
        held = self.profiles.held
        credit = self.offers.knowledge.skills.credit(held, needs.vocabulary)
        padded = np.concatenate([credit, np.zeros((len(held), 1))], axis=1)
        covered = np.zeros(self.shape)
        for slot in range(needs.position.shape[1]):
            found = padded[self.client, needs.position[self.offer, slot]]
            covered = covered + found * needs.weight[self.offer, slot]
        covered = np.where(needs.none[self.offer], 1.0, np.minimum(covered, 1.0))
        known = needs.known[self.offer] & self.profiles.skills_known[self.client]
        return np.where(known, covered, np.nan)

    @cached_property
    def experience_years(self) -> Floats:
        """Years of experience, carried over by ISCO-08 distance; NaN where unknown."""
        occupations, of_offer = self.offers.occupations
        years = Experience(occupations).years([e or () for e in self.profiles.caseload.experience])
        padded = np.concatenate([years, np.full((len(years), 1), np.nan)], axis=1)
        known = self.profiles.experience_known[self.client]
        return np.where(known, padded[self.client, of_offer[self.offer]], np.nan)

    @cached_property
    def preference(self) -> Floats:
        """How far the offer is what the client would like, in [0, 1]; NaN where no wish is told."""
        occupations, of_offer = self.offers.occupations
        by_livelihood, by_occupation = self.profiles.preference(occupations)
        return np.maximum(
            by_livelihood[self.client, self.offers.livelihood[self.offer]],
            by_occupation[self.client, of_offer[self.offer]],
        )

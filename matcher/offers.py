"""The market seen through the reference: offers by index, ready to be paired."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNKNOWN, Coded, Flags, Floats, Objects, combined, or_zero
from matcher.knowledge import Knowledge
from matcher.livelihoods import below, in_branch, same_branch
from matcher.market import Market
from matcher.needs import SkillNeeds, required_names, useful_names
from matcher.safety import Screen, screen
from matcher.vocabulary import GRANT, SCHOOLING, SETTINGS, TRAINING, VACANCY

Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]
Figure = Callable[[], Floats]


class Offers:
    """Columns derived from the market and the reference; one entry an opportunity.

    Parameters
    ----------
    market
        Opportunities as posted.
    knowledge
        Compiled reference tables.
    """

    def __init__(self, market: Market, knowledge: Knowledge) -> None:
        self.market = market
        self.knowledge = knowledge
        self._meant: dict[str, Bools | None] = {}

    def __len__(self) -> int:
        return len(self.market)

    @cached_property
    def is_vacancy(self) -> Bools:
        """Which offers are vacancies."""
        return self.market.coded("kind").each(lambda one: one == VACANCY, bool)

    @cached_property
    def is_training(self) -> Bools:
        """Which offers are trainings."""
        return self.market.coded("kind").each(lambda one: one == TRAINING, bool)

    @cached_property
    def is_grant(self) -> Bools:
        """Which offers are grants."""
        return self.market.coded("kind").each(lambda one: one == GRANT, bool)

    @cached_property
    def home_based(self) -> Bools:
        """Which offers are work at the client's home."""
        return np.asarray((self.market.home_based == 1) | self.is_grant)

    @cached_property
    def livelihood(self) -> Indices:
        """Livelihood of each offer in the reference, by index; -1 where there is none."""
        index = self.knowledge.livelihoods.index
        return self.market.coded("livelihood").each(index, np.intp)

    @cached_property
    def occupation(self) -> Coded:
        """Occupation as posted, else that of the livelihood, else None."""
        known, told = self.knowledge.livelihoods.isco, self.market.coded("isco_code")
        first, alike = combined(told.position, self.livelihood)
        pairs = zip(self.market.isco_code[first], self.livelihood[first].tolist(), strict=True)
        own = Coded.of([code or (known[row] if row >= 0 else None) for code, row in pairs])
        return Coded(own.values, own.position[alike])

    @cached_property
    def isco(self) -> Objects:
        """Occupation of each offer as posted, else that of its livelihood, else None."""
        return self.occupation.array()

    @cached_property
    def _distinct_places(self) -> tuple[Indices, Bools]:
        """Places of each distinct list, as :attr:`places`, and whether any told is unknown."""
        lists = self.market.coded("places").values
        lengths = np.array([len(codes or ()) for codes in lists], dtype=np.intp)
        told = Coded.of([code for codes in lists for code in codes or ()])
        padded = np.full((len(lists), int(lengths.max(initial=0)) or 1), -1, dtype=np.intp)
        there = np.arange(padded.shape[1]) < lengths[:, None]
        padded[there] = told.each(self.knowledge.geography.index, np.intp)
        untold = np.any((padded < 0) & there, axis=1)
        known_first = np.argsort(padded < 0, axis=1, kind="stable")
        return np.take_along_axis(padded, known_first, axis=1), untold

    @cached_property
    def places(self) -> Indices:
        """Places of each offer, of shape (m, most places), known ones first, padded with -1."""
        return self._distinct_places[0][self.market.coded("places").position]

    @cached_property
    def place_untold(self) -> Bools:
        """Whether any place told is not one of the country's."""
        return self._distinct_places[1][self.market.coded("places").position]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each offer, by its id."""
        return {str(name): row for row, name in enumerate(self.market.opportunity_id)}

    @cached_property
    def id_order(self) -> Indices:
        """Position of each offer when sorted by id: what breaks ties."""
        ids, order = self.market.opportunity_id.tolist(), np.empty(len(self), dtype=np.intp)
        order[sorted(range(len(self)), key=ids.__getitem__)] = np.arange(len(self))
        return order

    @cached_property
    def by_livelihood(self) -> dict[int, Indices]:
        """Offers of each livelihood, by its index."""
        rows = np.unique(self.livelihood[self.livelihood >= 0])
        return {int(row): np.flatnonzero(self.livelihood == row) for row in rows}

    @cached_property
    def screen(self) -> Screen:
        """The safety screen of the market."""
        return screen(self.market, self.knowledge.screen_words, self.knowledge.wages)

    @cached_property
    def required_skills(self) -> SkillNeeds:
        """Skills the work requires."""
        return SkillNeeds(
            required_names(self.market, self.occupation, self.knowledge), self.knowledge
        )

    @cached_property
    def useful_skills(self) -> SkillNeeds:
        """Skills that help in the work."""
        return SkillNeeds(
            useful_names(self.market, self.occupation, self.knowledge), self.knowledge
        )

    @cached_property
    def occupations(self) -> tuple[list[str], Indices]:
        """The distinct occupations on offer, and the one of each offer (-1: unknown)."""
        distinct = sorted(code for code in self.occupation.values if code is not None)
        row = {code: i for i, code in enumerate(distinct)}
        return distinct, self.occupation.each(lambda code: row.get(code, -1), np.intp)

    @cached_property
    def climate_livelihood(self) -> Indices:
        """Livelihood whose sensitivities hold for the offer: its own, else one of its ISCO unit."""
        unit = {
            code: row for row, code in reversed(list(enumerate(self.knowledge.livelihoods.isco)))
        }
        alike = self.occupation.each(lambda code: unit.get(code, -1), np.intp)
        return np.where(self.livelihood >= 0, self.livelihood, alike)

    @cached_property
    def distinct_sensitivity(self) -> tuple[Floats, Indices]:
        """The distinct rows of :attr:`sensitivity`, and the one of each offer."""
        known, adaptations = self.knowledge.livelihoods, self.market.coded("adaptations")
        first, alike = combined(self.climate_livelihood, adaptations.position)
        rows = self.climate_livelihood[first]
        plain = known.sensitivity[rows]
        left = np.ones_like(plain)
        for at, told in enumerate(self.market.adaptations[first]):
            if told:
                left[at] -= self.knowledge.climate.credit(known.codes[rows[at]], told)
        return np.where((rows >= 0)[:, None], plain * left, np.nan), alike

    @cached_property
    def sensitivity(self) -> Floats:
        """Sensitivity to each hazard after adaptation, in [0, 1], of shape (m, 4); NaN unknown."""
        distinct, alike = self.distinct_sensitivity
        return distinct[alike]

    @cached_property
    def comparator_wage_usd(self) -> float:
        """The wage that incomes are compared with: the garment minimum of the market's year."""
        return self.knowledge.comparator_wage_usd(self.market.as_of)

    def _by_kind(self, vacancy: Figure, training: Figure, grant: Figure) -> Floats:
        """A figure of each offer by its kind; where no offer is of a kind, nothing is asked."""
        told = np.full(len(self), np.nan)
        kinds = ((self.is_vacancy, vacancy), (self.is_training, training), (self.is_grant, grant))
        for of_kind, figure in kinds:
            if of_kind.any():
                told = np.where(of_kind, figure(), told)
        return told

    def _of_livelihood(self, figures: Floats) -> Floats:
        """The figure of each offer's livelihood; NaN where that is not listed."""
        return np.where(self.livelihood >= 0, figures[self.livelihood], np.nan)

    @cached_property
    def monthly_income(self) -> Floats:
        """USD a month: a vacancy's wage, a business's middle income, a training's stipend."""
        return self._by_kind(
            lambda: self.market.monthly_wage_usd,
            lambda: self.market.stipend_usd,
            lambda: self.knowledge.livelihoods.middle_income(self.livelihood),
        )

    @cached_property
    def income_spread(self) -> Floats:
        """Half the width of the income range over its middle; 0 for a stated wage."""
        known = self.knowledge.livelihoods
        low, high = known.income_low, known.income_high

        def own() -> Floats:
            none = np.full(len(low), np.nan)
            return self._of_livelihood(np.divide(high - low, high + low, out=none, where=high > 0))

        def posted() -> Floats:
            untold = np.isnan(self.market.monthly_wage_usd)
            return np.where(untold, own(), 0.0) if untold.any() else np.zeros(len(self))

        return self._by_kind(posted, lambda: np.zeros(len(self)), own)

    @cached_property
    def months_to_income(self) -> Floats:
        """Months until the first income: a course pays after it, a business when it yields."""
        return self._by_kind(
            lambda: np.ones(len(self)),
            lambda: self.market.course_months,
            lambda: self._of_livelihood(self.knowledge.livelihoods.months_to_income),
        )

    @cached_property
    def start_usd(self) -> Floats:
        """What the client must find to start, USD: the start-up a grant leaves, or a course fee."""
        share = self.knowledge.parameters["enterprise_start_up_share"]

        def left() -> Floats:
            own = self._of_livelihood(self.knowledge.livelihoods.startup_usd) * share
            return np.maximum(own - or_zero(self.market.grant_usd), 0.0)  # NaN: work not listed

        return self._by_kind(
            lambda: np.zeros(len(self)), lambda: or_zero(self.market.course_fee_usd), left
        )

    @cached_property
    def land_m2(self) -> Floats:
        """Land that a business needs at the client's home, m²; 0 where none."""
        if not self.is_grant.any():
            return np.zeros(len(self))
        needed = self.knowledge.livelihoods.land_m2[self.livelihood]
        return np.where(self.is_grant & (self.livelihood >= 0), needed, 0.0)

    @cached_property
    def needs_water(self) -> Bools:
        """Whether a business at the client's home needs lasting water."""
        if not self.is_grant.any():
            return np.zeros(len(self), dtype=bool)
        thirsty = self.knowledge.livelihoods.needs_water[self.livelihood]
        return np.asarray(self.is_grant & (self.livelihood >= 0) & thirsty)

    @cached_property
    def schooling_level(self) -> Indices:
        """Level of schooling required, from 0 for none or not told."""
        return levels_of(self.market.coded("required_schooling"), untold=0)

    @cached_property
    def _distinct_settings(self) -> Coded:
        market = self.market
        told = market.coded("settings"), market.coded("sector")
        first, alike = combined(*(one.position for one in told), market.night_work, market.live_in)
        facts = zip(
            market.settings[first],
            market.sector[first],
            market.night_work[first].tolist(),
            market.live_in[first].tolist(),
            strict=True,
        )
        return Coded([frozenset(one or ()) | _follows(*more) for one, *more in facts], alike)

    @cached_property
    def settings(self) -> Objects:
        """Settings of each offer as a frozen set: told, or following from other facts."""
        return self._distinct_settings.array()

    @cached_property
    def _demands(self) -> Coded:
        return _distinct_sets(self.market.coded("demands"))

    @property
    def demands(self) -> Sequence[frozenset[str] | None]:
        """The distinct sets of what work needs of the body; None: not told."""
        return self._demands.values

    @property
    def demand_set(self) -> Indices:
        """Position in :attr:`demands` of each offer."""
        return self._demands.position

    @cached_property
    def _documents(self) -> Coded:
        return _distinct_sets(self.market.coded("required_documents"))

    @property
    def required_documents(self) -> Sequence[frozenset[str] | None]:
        """The distinct sets of documents required; None: not told, which asks for none."""
        return self._documents.values

    @property
    def document_set(self) -> Indices:
        """Position in :attr:`required_documents` of each offer."""
        return self._documents.position

    @cached_property
    def _settings_told(self) -> Bools:
        return self.market.coded("settings").each(lambda told: told is not None, bool)

    @cached_property
    def _setting_known(self) -> dict[str, Bools]:
        listed = self._settings_told | self.is_grant
        facts = {"night_work": self.market.night_work, "live_in": self.market.live_in}
        return {
            name: listed | (facts[name] != UNKNOWN) if name in facts else listed
            for name in SETTINGS
        }

    def setting_is_known(self, setting: str) -> Bools:
        """Tell of which offers it is known whether they have a setting."""
        return self._setting_known[setting]

    @cached_property
    def _has_setting(self) -> dict[str, Bools]:
        return {
            name: self._distinct_settings.each(partial(_holds, name), bool) for name in SETTINGS
        }

    def has_setting(self, setting: str) -> Bools:
        """Tell which offers are known to have a setting."""
        return self._has_setting[setting]

    @cached_property
    def distinct_mentions(self) -> tuple[Bools, Indices]:
        """The distinct rows of :attr:`mentions`, and the one of each offer."""
        market = self.market
        first, alike = combined(market.coded("title").position, market.coded("title_km").position)
        titles = zip(market.title[first], market.title_km[first], strict=True)
        texts = [" \n ".join(filter(None, both)) for both in titles]
        return self.knowledge.livelihoods.mentions(texts), alike

    @cached_property
    def mentions(self) -> Bools:
        """Livelihoods that each title names, of shape (m, livelihoods)."""
        distinct, alike = self.distinct_mentions
        return distinct[alike]

    def meant_by(self, words: str) -> Bools | None:
        """Tell which offers are, or may be, the work that words name; None: not understood.

        An offer is meant by its livelihood, by its occupation (also where that is only known
        roughly), and by any word in its title.
        """
        if words not in self._meant:
            self._meant[words] = self._find_meant(words)
        return self._meant[words]

    def _find_meant(self, words: str) -> Bools | None:
        known = self.knowledge.livelihoods
        meaning = known.meaning(words)
        if not meaning:
            return None
        rows = np.fromiter(meaning.livelihoods, dtype=np.intp)
        its_own = np.zeros(len(known) + 1, dtype=bool)  # the last: no livelihood
        its_own[rows] = True
        named = its_own[self.livelihood] | self.mentions[:, rows].any(axis=1)
        rough = meaning.isco.union(*({known.isco[row]} | known.also_isco[row] for row in rows))
        occupations, of_offer = self.occupations
        inside = _flags(occupations, below(meaning.isco))
        maybe = _flags(occupations, in_branch(rough))
        by_code = np.where(self._is_surely_its_livelihood, inside[of_offer], maybe[of_offer])
        return named | (by_code & (of_offer >= 0))

    @cached_property
    def _is_surely_its_livelihood(self) -> Bools:
        """Whether a known livelihood and the posted occupation don't contradict each other."""
        known = self.knowledge.livelihoods
        told = zip(self.livelihood, self.market.isco_code, strict=True)
        fits = (row >= 0 and (not code or same_branch(code, known.isco[row])) for row, code in told)
        return np.fromiter(fits, dtype=bool)


def levels_of(schooling: Coded, untold: int) -> Indices:
    """Return the position of each level in ``SCHOOLING``; ``untold`` where it is not known."""
    position = {level: i for i, level in enumerate(SCHOOLING)}
    return schooling.each(lambda level: position.get(level, untold), np.intp)


def _distinct_sets(lists: Coded) -> Coded:
    sets = Coded.of([None if told is None else frozenset(told) for told in lists.values])
    return Coded(sets.values, sets.position[lists.position])


def _holds(name: str, told: frozenset[str]) -> bool:
    return name in told


def _flags(occupations: list[str], test: Callable[[str], bool]) -> Bools:
    return np.array([*map(test, occupations), False], dtype=bool)


def _follows(sector: str | None, night: int, live_in: int) -> frozenset[str]:
    """Settings that follow from other facts of a posting."""
    facts = {
        "domestic_work": sector == "domestic_work",
        "at_sea": sector in ("fishing", "distant_water_fishing"),
        "night_work": night == 1,
        "live_in": live_in == 1,
    }
    return frozenset(name for name, holds in facts.items() if holds)


def unknown(flags: Flags) -> Bools:
    """Tell which flags nobody has answered."""
    return np.asarray(flags == UNKNOWN)

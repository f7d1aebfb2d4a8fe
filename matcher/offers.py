"""The market seen through the reference: offers by index, ready to be paired."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNKNOWN, Flags, Floats, Objects, numbered, or_zero
from matcher.knowledge import Knowledge
from matcher.livelihoods import same_branch
from matcher.market import Market
from matcher.needs import SkillNeeds, required_skills, useful_skills
from matcher.safety import Screen, screen
from matcher.vocabulary import GRANT, SCHOOLING, SETTINGS, TRAINING, VACANCY

Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]


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

    @cached_property
    def is_vacancy(self) -> Bools:
        """Which offers are vacancies."""
        return np.asarray(self.market.kind == VACANCY)

    @cached_property
    def is_training(self) -> Bools:
        """Which offers are trainings."""
        return np.asarray(self.market.kind == TRAINING)

    @cached_property
    def is_grant(self) -> Bools:
        """Which offers are grants."""
        return np.asarray(self.market.kind == GRANT)

    @cached_property
    def home_based(self) -> Bools:
        """Which offers are work at the client's home."""
        return np.asarray((self.market.home_based == 1) | self.is_grant)

    @cached_property
    def place_untold(self) -> Bools:
        """Whether any place told is not one of the country's."""
        index = self.knowledge.geography.index
        told, row_of = numbered(self.market.places)
        untold = [any(index(c) < 0 for c in codes or ()) for codes in told]
        return np.array(untold, dtype=bool)[row_of]

    def __len__(self) -> int:
        return len(self.market)

    @cached_property
    def livelihood(self) -> Indices:
        """Livelihood of each offer in the reference, by index; -1 where there is none."""
        codes, row_of = numbered(self.market.livelihood)
        return np.array([*map(self.knowledge.livelihoods.index, codes)], dtype=np.intp)[row_of]

    @cached_property
    def isco(self) -> Objects:
        """Occupation as posted, else that of the livelihood, else None."""
        known = self.knowledge.livelihoods.isco
        told = zip(self.market.isco_code, self.livelihood, strict=True)
        own = [code or (known[row] if row >= 0 else None) for code, row in told]
        return np.array(own, dtype=object)

    @cached_property
    def places(self) -> Indices:
        """Places of each offer, of shape (m, most places), known ones first, padded with -1."""
        distinct, row_of = numbered(self.market.places)
        told = [self.knowledge.geography.indices(places or ()) for places in distinct]
        width = max((len(places) for places in told), default=1) or 1
        padded = np.full((len(told), width), -1, dtype=np.intp)
        for row, places in enumerate(told):
            padded[row, : len(places)] = places[np.argsort(places < 0, kind="stable")]
        return padded[row_of]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each offer, by its id."""
        return {str(name): row for row, name in enumerate(self.market.opportunity_id)}

    @cached_property
    def id_order(self) -> Indices:
        """Position of each offer when sorted by id: what breaks ties."""
        order = np.empty(len(self), dtype=np.intp)
        order[np.argsort(self.market.opportunity_id.astype(str), kind="stable")] = range(len(self))
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
        return required_skills(self.market, self.isco, self.knowledge)

    @cached_property
    def useful_skills(self) -> SkillNeeds:
        """Skills that help in the work."""
        return useful_skills(self.market, self.isco, self.knowledge)

    @cached_property
    def occupations(self) -> tuple[list[str], Indices]:
        """The distinct occupations on offer, and the one of each offer (-1: unknown)."""
        distinct = sorted({code for code in self.isco if code is not None})
        row = {code: i for i, code in enumerate(distinct)}
        return distinct, np.array([row.get(code, -1) for code in self.isco], dtype=np.intp)

    @cached_property
    def climate_livelihood(self) -> Indices:
        """Livelihood whose sensitivities hold for the offer: its own, else one of its ISCO unit."""
        unit = {
            code: row for row, code in reversed(list(enumerate(self.knowledge.livelihoods.isco)))
        }
        alike = np.array([unit.get(code, -1) for code in self.isco], dtype=np.intp)
        return np.where(self.livelihood >= 0, self.livelihood, alike)

    @cached_property
    def sensitivity(self) -> Floats:
        """Sensitivity to each hazard after adaptation, in [0, 1], of shape (m, 4); NaN unknown."""
        rows = self.climate_livelihood
        plain = self.knowledge.livelihoods.sensitivity[rows]
        left = np.ones_like(plain)
        for row in np.flatnonzero([bool(a) for a in self.market.adaptations]):
            code = self.knowledge.livelihoods.codes[rows[row]]
            left[row] -= self.knowledge.climate.credit(code, self.market.adaptations[row])
        return np.where((rows >= 0)[:, None], plain * left, np.nan)

    @cached_property
    def comparator_wage_usd(self) -> float:
        """The wage that incomes are compared with: the garment minimum of the market's year."""
        return self.knowledge.comparator_wage_usd(self.market.as_of)

    @cached_property
    def monthly_income(self) -> Floats:
        """USD a month: a vacancy's wage, a business's middle income, a training's stipend."""
        business = self.knowledge.livelihoods.middle_income(self.livelihood)
        waged = np.where(self.is_training, self.market.stipend_usd, self.market.monthly_wage_usd)
        return np.where(self.is_grant, business, waged)

    @cached_property
    def income_spread(self) -> Floats:
        """Half the width of the income range over its middle; 0 for a stated wage."""
        known = self.knowledge.livelihoods
        low, high = known.income_low, known.income_high
        spread = np.divide(high - low, high + low, out=np.full(len(low), np.nan), where=high > 0)
        own = np.where(self.livelihood >= 0, spread[self.livelihood], np.nan)
        stated = np.where(np.isnan(self.market.monthly_wage_usd), own, 0.0)
        return np.where(self.is_vacancy, stated, np.where(self.is_training, 0.0, own))

    @cached_property
    def months_to_income(self) -> Floats:
        """Months until the first income: a course pays after it, a business when it yields."""
        known = self.knowledge.livelihoods.months_to_income
        own = np.where(self.livelihood >= 0, known[self.livelihood], np.nan)
        paid = np.where(self.is_training, self.market.course_months, own)
        return np.where(self.is_vacancy, 1.0, paid)

    @cached_property
    def start_usd(self) -> Floats:
        """What the client must find to start, USD: the start-up a grant leaves, or a course fee."""
        known = self.knowledge.livelihoods.startup_usd
        share = self.knowledge.parameters["enterprise_start_up_share"]
        own = np.where(self.livelihood >= 0, known[self.livelihood], np.nan) * share
        left = np.maximum(own - or_zero(self.market.grant_usd), 0.0)  # NaN: work not listed
        fee = or_zero(self.market.course_fee_usd)
        return np.where(self.is_grant, left, np.where(self.is_training, fee, 0.0))

    @cached_property
    def land_m2(self) -> Floats:
        """Land that a business needs at the client's home, m²; 0 where none."""
        needed = self.knowledge.livelihoods.land_m2[self.livelihood]
        return np.where(self.is_grant & (self.livelihood >= 0), needed, 0.0)

    @cached_property
    def needs_water(self) -> Bools:
        """Whether a business at the client's home needs lasting water."""
        thirsty = self.knowledge.livelihoods.needs_water[self.livelihood]
        return np.asarray(self.is_grant & (self.livelihood >= 0) & thirsty)

    @cached_property
    def schooling_level(self) -> Indices:
        """Level of schooling required, from 0 for none or not told."""
        return levels_of(self.market.required_schooling, untold=0)

    @cached_property
    def _distinct_settings(self) -> tuple[list[frozenset[str]], Indices]:
        market = self.market
        facts, of_row = numbered(
            list(
                zip(
                    market.settings,
                    market.sector,
                    market.night_work.tolist(),
                    market.live_in.tolist(),
                    strict=True,
                )
            )
        )
        return [frozenset(listed or ()) | _follows(*told) for listed, *told in facts], of_row

    @cached_property
    def settings(self) -> Objects:
        """Settings of each offer as a frozen set: told, or following from other facts."""
        distinct, of_row = self._distinct_settings
        return np.array([*distinct, None], dtype=object)[of_row]

    @cached_property
    def _demands(self) -> tuple[list[frozenset[str] | None], Indices]:
        return _distinct_sets(self.market.demands)

    @property
    def demands(self) -> list[frozenset[str] | None]:
        """The distinct sets of what work needs of the body; None: not told."""
        return self._demands[0]

    @property
    def demand_set(self) -> Indices:
        """Position in :attr:`demands` of each offer."""
        return self._demands[1]

    @cached_property
    def _documents(self) -> tuple[list[frozenset[str] | None], Indices]:
        return _distinct_sets(self.market.required_documents)

    @property
    def required_documents(self) -> list[frozenset[str] | None]:
        """The distinct sets of documents required; None: not told, which asks for none."""
        return self._documents[0]

    @property
    def document_set(self) -> Indices:
        """Position in :attr:`required_documents` of each offer."""
        return self._documents[1]

    @cached_property
    def _settings_told(self) -> Bools:
        return np.array([told is not None for told in self.market.settings], dtype=bool)

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
        distinct, of_row = self._distinct_settings
        return {
            name: np.array([name in told for told in distinct], dtype=bool)[of_row]
            for name in SETTINGS
        }

    def has_setting(self, setting: str) -> Bools:
        """Tell which offers are known to have a setting."""
        return self._has_setting[setting]

    @cached_property
    def mentions(self) -> Bools:
        """Livelihoods that each title names, of shape (m, livelihoods)."""
        titles = zip(self.market.title, self.market.title_km, strict=True)
        texts = [" \n ".join(filter(None, both)) for both in titles]
        return self.knowledge.livelihoods.mentions(texts)

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
        named = np.isin(self.livelihood, rows) | self.mentions[:, rows].any(axis=1)
        rough = meaning.isco.union(*({known.isco[row]} | known.also_isco[row] for row in rows))
        occupations, of_offer = self.occupations
        inside = _flags(occupations, lambda c: any(c.startswith(p) for p in meaning.isco))
        maybe = _flags(occupations, lambda c: any(same_branch(c, p) for p in rough))
        by_code = np.where(self._is_surely_its_livelihood, inside[of_offer], maybe[of_offer])
        return named | (by_code & (of_offer >= 0))

    @cached_property
    def _is_surely_its_livelihood(self) -> Bools:
        """Whether a known livelihood and the posted occupation don't contradict each other."""
        known = self.knowledge.livelihoods
        told = zip(self.livelihood, self.market.isco_code, strict=True)
        fits = (row >= 0 and (not code or same_branch(code, known.isco[row])) for row, code in told)
        return np.fromiter(fits, dtype=bool)


def levels_of(schooling: Objects, untold: int) -> Indices:
    """Return the position of each level in ``SCHOOLING``; ``untold`` where it is not known."""
    position = {level: i for i, level in enumerate(SCHOOLING)}
    return np.array([position.get(level, untold) for level in schooling], dtype=np.intp)


def _distinct_sets(column: Objects) -> tuple[list[frozenset[str] | None], Indices]:
    lists, of_row = numbered(column)
    sets, of_list = numbered([None if told is None else frozenset(told) for told in lists])
    return sets, of_list[of_row]


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

"""The caseload seen through the reference: clients by index, ready to be paired."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.geography import Geography
from matcher.household import quadratic
from matcher.knowledge import Knowledge
from matcher.occupations import isco_closeness
from matcher.offers import levels_of
from matcher.vocabulary import HAZARDS

Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]


class Profiles:
    """Columns derived from the caseload and the reference; one entry a client.

    Parameters
    ----------
    caseload
        Clients.
    knowledge
        Compiled reference tables.
    """

    def __init__(self, caseload: Caseload, knowledge: Knowledge) -> None:
        self.caseload = caseload
        self.knowledge = knowledge
        self.home: Indices = knowledge.geography.indices(caseload.home_place)
        self.held = [knowledge.skills.indices(names or ()) for names in caseload.skills]
        self.skills_known: Bools = _known(caseload.skills)
        self.experience_known: Bools = _known(caseload.experience)
        self.documents_known: Bools = _known(caseload.documents)
        self.areas_asked: Bools = _known(caseload.exclusion_areas)
        self.settings_asked: Bools = _known(caseload.avoid_settings)
        self.livelihoods_asked: Bools = _known(caseload.excluded_livelihoods)
        self.excludes_areas: Bools = _some(caseload.exclusion_areas)
        self.excludes_work: Bools = _some(caseload.excluded_livelihoods)

    def __len__(self) -> int:
        return len(self.caseload)

    def after_learning(self, rows: Indices, taught: Sequence[Iterable[str]]) -> "Profiles":
        """Return clients as they would be after courses, one row for each course.

        Parameters
        ----------
        rows
            The client of each course.
        taught
            Skills that each course teaches.
        """
        learned = Profiles(self.caseload.take(rows), self.knowledge)
        new = [self.knowledge.skills.indices(names) for names in taught]
        learned.skills_known = np.ones(len(learned), dtype=bool)
        learned.held = [np.union1d(own, more) for own, more in zip(learned.held, new, strict=True)]
        return learned

    @cached_property
    def unclear_exclusion(self) -> Bools:
        """Whether any word of what the client excludes is not understood."""
        meaning = self.knowledge.livelihoods.meaning
        told = self.caseload.excluded_livelihoods
        return np.array([not all(map(meaning, words or ())) for words in told], dtype=bool)

    @cached_property
    def excluded_places(self) -> tuple[Bools, Bools]:
        """Places inside an exclusion area, and places that may be.

        A place so wide that it holds an area may be; so may everything in the nearest listed place
        of an area that is not listed itself.

        Returns
        -------
        inside, maybe
            Of shape (n, places + 1); the last column stands for an unknown place.
        """
        geography = self.knowledge.geography
        told = self.caseload.exclusion_areas
        both = [excluded_by(areas or (), geography) for areas in told]
        shape = (len(self), 2, len(geography.codes) + 1)
        inside, maybe = np.array(both, dtype=bool).reshape(shape).swapaxes(0, 1)
        return inside, maybe

    @cached_property
    def schooling_level(self) -> Indices:
        """Level of schooling reached; -1 where it is not known."""
        return levels_of(self.caseload.coded("schooling"), untold=-1)

    def lacks_documents(self, required: Sequence[frozenset[str] | None]) -> Bools:
        """Tell who lacks a document of each required set; what is not known is lacking.

        Returns
        -------
        lacks
            Of shape (n, sets).
        """
        held = [frozenset(told or ()) for told in self.caseload.documents]
        return np.array(
            [[not (needed or frozenset()) <= own for needed in required] for own in held],
            dtype=bool,
        ).reshape(len(self), len(required))

    @cached_property
    def commute_limit(self) -> Floats:
        """Longest way to work, minutes: the client's own, else the usual one."""
        usual = self.knowledge.parameters["commute_limit_minutes"]
        own = self.caseload.max_commute_minutes
        return np.where(np.isnan(own), usual, own)

    @cached_property
    def childcare_usd(self) -> Floats:
        """Cost of childcare while away, USD a month; NaN where the children are not known."""
        cost = self.knowledge.parameters["childcare_usd_per_month"]
        return np.where(
            self.caseload.childcare_at_home == 1, 0.0, self.caseload.children_under_6 * cost
        )

    @cached_property
    def children_without_care(self) -> Floats:
        """Children under six nobody at home looks after; NaN where not known."""
        at_home = self.caseload.childcare_at_home == 1
        return np.where(at_home, 0.0, self.caseload.children_under_6)

    @cached_property
    def others_income_usd(self) -> Floats:
        """Income of the rest of the household, USD a month: as told, else by its livelihoods."""
        by_work = [
            np.nan if told is None else sum(usd for _, usd in told)
            for told in self.caseload.household_livelihoods
        ]
        told = self.caseload.household_income_usd
        return np.where(np.isnan(told), np.array(by_work, dtype=np.float64), told)

    @cached_property
    def household_incomes(self) -> list[tuple[Floats, Floats] | None]:
        """Shares and hazard loadings of the incomes the household lives from; None: not known."""
        hazard = self.knowledge.climate.at(self.home)
        return [
            None if told is None else self._loadings(dict(told), hazard[row])
            for row, told in enumerate(self.caseload.household_livelihoods)
        ]

    def _loadings(self, incomes: Mapping[str, float], hazard: Floats) -> tuple[Floats, Floats]:
        known = self.knowledge.livelihoods
        rows = {known.index(code): usd for code, usd in incomes.items() if known.index(code) >= 0}
        total = sum(rows.values())
        if total <= 0:
            return np.empty(0), np.empty((0, len(HAZARDS)))
        shares = np.fromiter(rows.values(), dtype=np.float64) / total
        return shares, hazard * known.sensitivity[list(rows)]

    @cached_property
    def household_exposure(self) -> tuple[Floats, Floats]:
        """Loadings of all the household's incomes together, (n, 4), and their own variance, (n,).

        Zero where there is no income; NaN where the incomes are not known.
        """
        loadings = np.full((len(self), len(HAZARDS)), np.nan)
        own = np.full(len(self), np.nan)
        spread = self.knowledge.parameters["idiosyncratic_income_sd"]
        for row, incomes in enumerate(self.household_incomes):
            if incomes is not None:
                shares, each = incomes
                loadings[row] = (shares[:, None] * each).sum(axis=0)
                own[row] = (shares**2).sum() * spread**2
        return loadings, own

    @cached_property
    def household_risk(self) -> Floats:
        """Mean of the spreads of the household's incomes, by share, (n,); NaN: not known."""
        correlation = self.knowledge.climate.correlation
        spread = self.knowledge.parameters["idiosyncratic_income_sd"]
        risk = np.full(len(self), np.nan)
        for row, incomes in enumerate(self.household_incomes):
            if incomes is not None:
                shares, each = incomes
                risk[row] = (shares * np.sqrt(quadratic(each, correlation) + spread**2)).sum()
        return risk

    @cached_property
    def has_household_income(self) -> Bools:
        """Whether the household has an income of a known livelihood."""
        earning = [i is not None and len(i[0]) > 0 for i in self.household_incomes]
        return np.array(earning, dtype=np.bool_)

    @cached_property
    def offer_share(self) -> Floats:
        """What one offer more would be of the household's income, (n,): half, or all of it."""
        return np.where(self.has_household_income, 0.5, 1.0)

    @cached_property
    def beside_offer(self) -> Floats:
        """What the household's incomes bring to those with one offer more, of shape (n, 7).

        The offer's share, what the others load on each hazard, the variance that no hazard
        explains, and the others' own risks by share; NaN where the incomes are not known.
        """
        spread = self.knowledge.parameters["idiosyncratic_income_sd"]
        loadings, variance = self.household_exposure
        own = self.offer_share
        rest = 1.0 - own
        unexplained = rest * rest * variance + own * own * float(spread) ** 2
        return np.column_stack(
            [own, rest[:, None] * loadings, unexplained, rest * self.household_risk]
        )

    def preference(self, occupations: Sequence[str]) -> tuple[Floats, Floats]:
        """Return how far livelihoods and occupations are what each client would like.

        1 for a livelihood the client named; 0.5 for another of its family; for occupations, half
        of their closeness to one that was named. NaN where no wish was told.

        Returns
        -------
        by_livelihood
            Of shape (n, livelihoods + 1); the last column stands for an unknown livelihood.
        by_occupation
            Of shape (n, occupations + 1); the last column stands for an unknown occupation.
        """
        known = self.knowledge.livelihoods
        by_livelihood = np.zeros((len(self), len(known) + 1))
        by_occupation = np.zeros((len(self), len(occupations) + 1))
        for row, wishes in enumerate(self.caseload.preferred_livelihoods):
            wanted = known.meaning_of(wishes or ())
            if not wanted:
                by_livelihood[row] = by_occupation[row] = np.nan
                continue
            named = list(wanted.livelihoods)
            by_livelihood[row, :-1][np.isin(known.family, known.family[named])] = 0.5
            by_livelihood[row, named] = 1.0
            codes = wanted.isco | {known.isco[i] for i in named}
            by_occupation[row, :-1] = [
                0.5 * max(isco_closeness(code, offered) for code in codes)
                for offered in occupations
            ]
        return by_livelihood, by_occupation

    def kind_wished(self, kinds: Sequence[str]) -> Floats:
        """Return 1 where a client asked for a kind, 0 where for another, NaN where for none.

        Returns
        -------
        wished
            Of shape (n, kinds).
        """
        return np.array(
            [
                [float(kind in wishes) if wishes else np.nan for kind in kinds]
                for wishes in self.caseload.preferred_kinds
            ]
        ).reshape(len(self), len(kinds))

    def able(self, demands: Sequence[frozenset[str] | None]) -> Floats:
        """Return the share of each set of demands that no difficulty of a client touches.

        Returns
        -------
        share
            Of shape (n, sets); 1 for no demand, NaN where either side is not known.
        """
        share = np.full((len(self), len(demands)), np.nan)
        for row, difficulties in enumerate(self.caseload.difficulties):
            for column, needed in enumerate(demands):
                if difficulties is not None and needed is not None:
                    hit = len(needed.intersection(difficulties))
                    share[row, column] = 1.0 - hit / len(needed) if needed else 1.0
        return share


def excluded_by(areas: Iterable[str], geography: Geography) -> tuple[Bools, Bools]:
    """Return the places inside one of some areas, and those that may be, of shape (places + 1,)."""
    places = np.append(np.arange(len(geography.codes)), -1)
    inside, maybe = np.zeros((2, len(places)), dtype=bool)
    for area in areas:
        inside |= geography.within(places, area)
        maybe |= geography.encloses(places, area)
        if (listed := geography.index(area)) < 0:
            maybe[:] = True
        elif geography.codes[listed] != area:
            maybe |= geography.within(places, geography.codes[listed])
    return inside, maybe & ~inside


def _some(column: NDArray[Any]) -> Bools:
    return np.array([bool(value) for value in column], dtype=bool)


def _known(column: NDArray[Any]) -> Bools:
    return np.array([value is not None for value in column], dtype=bool)

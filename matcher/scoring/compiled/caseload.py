"""Clients folded: what their own facts add to every score, and which offers they close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from matcher.columns import UNKNOWN, Objects, or_zero
from matcher.features.feature import Fold
from matcher.gates.age import ADULT_AGE
from matcher.knowledge import Knowledge
from matcher.market import Market
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles, excluded_by
from matcher.scoring.compiled.arrays import (
    ADULT,
    AGE_TOLD,
    FIGURES,
    READS,
    SCHOOL_BIT,
    SETTING_BIT,
    WATER,
    WORK_KNOWN,
    Bytes,
    Clients,
    Figure,
    Ints,
    Own,
    Reals,
)
from matcher.scoring.compiled.asking import paper_bits
from matcher.scoring.compiled.classes import Classes
from matcher.scoring.compiled.market import CompiledMarket
from matcher.scoring.compiled.world import DONE, VEHICLES, difficulty_bits, isco_digits
from matcher.scoring.scorecard import Scorecard
from matcher.vocabulary import DOCUMENTS, KINDS, SCHOOLING, SETTINGS, VACANCY

KNOWN_KINDS = {kind: 1 << i for i, kind in enumerate(KINDS)}
SETTING_BITS = {name: 1 << (SETTING_BIT + i) for i, name in enumerate(SETTINGS)}
EVERY_DOCUMENT = paper_bits(DOCUMENTS)
SCHOOL_BITS = [1 << (SCHOOL_BIT + level - 1) for level in range(1, len(SCHOOLING))]
SCHOOL_CLOSES = {level: sum(SCHOOL_BITS[max(level, 0) :]) for level in range(-1, len(SCHOOLING))}


@dataclass(frozen=True)
class FoldedClients:
    """Some clients as the kernels that rank read them; quick to send to another process.

    Parameters
    ----------
    clients
        Their arrays; the table of excluded classes is empty until a market is known.
    words
        The distinct lists of words of exclusion, by ``Own.EXCLUDED``.
    """

    clients: Clients
    words: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.clients.own)

    def facing(self, market: CompiledMarket) -> Self:
        """Return the same ready for a market."""
        return replace(self, clients=self.clients._replace(excluded=market.meant(self.words)))


@dataclass(frozen=True)
class CompiledCaseload(FoldedClients):
    """Some clients, ready for all kernels.

    Parameters
    ----------
    profiles
        The clients.
    """

    profiles: Profiles

    def to_rank(self) -> FoldedClients:
        """Return what ranking reads of them."""
        return FoldedClients(self.clients, self.words)


class Folder:
    """Folds clients; keeps what words and areas mean from one call to the next.

    Parameters
    ----------
    knowledge, scorecard
        What the engine knows and how it weighs.
    """

    def __init__(self, knowledge: Knowledge, scorecard: Scorecard) -> None:
        self._knowledge = knowledge
        self._scorecard = scorecard
        self._areas: dict[tuple[str, ...], Bytes] = {}
        self._wishes: dict[tuple[str, ...], tuple[Reals, list[int]] | None] = {}

    def fold(self, profiles: Profiles) -> CompiledCaseload:
        """Return clients folded."""
        caseload = profiles.caseload
        own = np.empty((len(profiles), len(Own)), dtype=np.int32)
        excluded, words = _numbered(caseload.excluded_livelihoods)
        area, areas = _numbered(caseload.exclusion_areas)
        wish, wishes = self._wished(caseload.preferred_livelihoods)
        for column, values in self._own(profiles).items():
            own[:, column] = values
        own[:, Own.EXCLUDED], own[:, Own.AREA], own[:, Own.WISH] = excluded, area, wish
        held_start, held = _flat([one.tolist() for one in profiles.held])
        job_start, jobs = _flat([list(told or ()) for told in caseload.experience])
        wish_start, wish_codes = _flat([codes for _, codes in wishes])
        places = len(self._knowledge.geography.codes) + 1
        figure = self._figures(profiles)
        alone = self._add_fixed(figure, profiles)
        clients = Clients(
            own=own,
            figure=figure,
            alone=alone,
            held_start=held_start,
            held=np.array(held, dtype=np.int32),
            job_start=job_start,
            job=np.array([isco_digits(code, DONE) for code, _ in jobs], dtype=np.int32),
            job_years=np.array([years for _, years in jobs], dtype=np.float64),
            area=np.array([self._area(one) for one in areas], dtype=np.uint8).reshape(-1, places),
            wished=np.array([row for row, _ in wishes]).reshape(
                -1, len(self._knowledge.livelihoods)
            ),
            wish_start=wish_start,
            wish_code=np.array(wish_codes, dtype=np.int32),
            excluded=np.zeros((len(words), 0), dtype=np.uint8),
        )
        return CompiledCaseload(clients, tuple(words), profiles)

    def _own(self, profiles: Profiles) -> Mapping[Own, Any]:
        caseload = profiles.caseload
        vehicle = {name: i for i, name in enumerate(VEHICLES, 1)}
        asked = profiles.areas_asked & profiles.settings_asked & profiles.livelihoods_asked
        ready = asked & (caseload.consent_to_match == 1) & (profiles.home >= 0)
        told = zip(
            caseload.documents,
            caseload.avoid_settings,
            profiles.schooling_level.tolist(),
            caseload.can_read.tolist(),
            caseload.has_water.tolist(),
            caseload.age_years.tolist(),
            profiles.excludes_work.tolist(),
            strict=True,
        )
        return {
            Own.HOME: profiles.home,
            Own.VEHICLE: [vehicle.get(one, 0) for one in caseload.transport],
            Own.CLOSED: [_closes(*one) for one in told],
            Own.WILLING: caseload.willing_to_relocate == 1,
            Own.REFUSED: ~ready | profiles.unclear_exclusion,
            Own.DIFFICULTY: [difficulty_bits(one) for one in caseload.difficulties],
            Own.SKILLS_TOLD: profiles.skills_known,
            Own.JOBS_TOLD: profiles.experience_known,
            Own.KINDS: [
                sum(KNOWN_KINDS[kind] for kind in told) if told else -1
                for told in caseload.preferred_kinds
            ],
            Own.TOLD: 0,
        }

    def _figures(self, profiles: Profiles) -> Reals:
        caseload, parameters = profiles.caseload, self._knowledge.parameters
        figure = np.empty((len(profiles), FIGURES))
        figure[:, Figure.AGE] = caseload.age_years
        figure[:, Figure.LIMIT] = profiles.commute_limit
        figure[:, Figure.CAPITAL] = or_zero(caseload.capital_usd)
        figure[:, Figure.LAND] = or_zero(caseload.land_m2)
        costs, childcare = or_zero(caseload.debt_service_usd), or_zero(profiles.childcare_usd)
        figure[:, Figure.COSTS], figure[:, Figure.CHILDCARE] = costs, childcare
        figure[:, Figure.COSTS_AWAY] = costs + childcare
        figure[:, Figure.CHILDREN] = profiles.children_without_care
        figure[:, Figure.OTHERS] = profiles.others_income_usd
        line = self._knowledge.poverty_line.usd_a_month
        figure[:, Figure.LINE] = caseload.household_size * line
        transport, own = self._knowledge.transport, caseload.transport
        dearest = transport.usd(transport.km_within(profiles.commute_limit, own), own)
        living = parameters["living_away_usd_per_month"]
        days = 2 * parameters["working_days_per_month"]
        figure[:, Figure.AWAY_USD] = np.maximum(living, days * dearest)
        self._add_risk(figure, profiles)
        return figure

    def _add_fixed(self, figure: Reals, profiles: Profiles) -> Reals:
        """Add the terms of the client alone, and care; return the values of the former."""
        fixed, alone = np.zeros(len(profiles)), list[Reals]()
        care_home, care = fixed, fixed
        for feature, term in zip(self._scorecard.features, self._scorecard.terms, strict=True):
            if feature.fold is Fold.CLIENT:
                alone.append(feature(self._alone(profiles)))
                fixed = fixed + term(alone[-1])
            if feature.name == "care_load":
                care_home = term(np.zeros(len(profiles)))
                care = term(profiles.children_without_care)
        figure[:, Figure.FIXED_HOME], figure[:, Figure.FIXED_AWAY] = fixed + care_home, fixed + care
        return np.array(alone).reshape(len(alone), len(profiles)).T.copy()

    def _alone(self, profiles: Profiles) -> Pairs:
        """Clients with an offer of which nothing is known."""
        blank = {"opportunity_id": "-", "kind": VACANCY, "title": "-"}
        offers = Offers(Market.from_records([blank]), self._knowledge)
        rows = np.arange(len(profiles))
        return Pairs(profiles, offers, rows, np.zeros_like(rows))

    def _add_risk(self, figure: Reals, profiles: Profiles) -> None:
        loadings, own = profiles.household_exposure
        share = profiles.offer_share
        left = 1.0 - share
        household = left[:, None] * loadings
        correlation = np.maximum(self._knowledge.climate.correlation, 0.0)
        shared = (household[:, None, :] * correlation[None]).sum(axis=2)
        common = (household * shared).sum(axis=1)
        spread = self._knowledge.parameters["idiosyncratic_income_sd"]
        figure[:, Figure.SHARE] = share
        figure[:, Figure.SHARED : Figure.SHARED + 4] = shared
        own_variance = share**2 * spread**2 + left**2 * own
        figure[:, Figure.OWN_RISK] = common + own_variance
        figure[:, Figure.HOUSEHOLD : Figure.HOUSEHOLD + 4] = loadings
        figure[:, Figure.IDIOSYNCRATIC] = own_variance

    def _area(self, areas: tuple[str, ...]) -> Bytes:
        """Places inside one of the areas (1), and those that may be (2); last, an unknown place."""
        if areas not in self._areas:
            inside, maybe = excluded_by(areas, self._knowledge.geography)
            self._areas[areas] = inside + 2 * maybe.astype(np.uint8)
        return self._areas[areas]

    def _wished(self, told: Objects) -> tuple[Ints, list[tuple[Reals, list[int]]]]:
        classes, rows = Classes(), []
        for words in told:
            wishes = tuple(words or ())
            if wishes not in self._wishes:
                self._wishes[wishes] = self._wish(wishes)
            rows.append(wishes if self._wishes[wishes] else None)
        number = [-1 if one is None else int(classes.of([one])[0]) for one in rows]
        found = [self._wishes[one] for one in classes.values()]
        return np.array(number, dtype=np.int32), [one for one in found if one]

    def _wish(self, wishes: tuple[str, ...]) -> tuple[Reals, list[int]] | None:
        known = self._knowledge.livelihoods
        wanted = known.meaning_of(wishes)
        if not wanted:
            return None
        row, named = np.zeros(len(known)), list(wanted.livelihoods)
        row[np.isin(known.family, known.family[named])] = 0.5
        row[named] = 1.0
        codes = wanted.isco | {known.isco[i] for i in named}
        return row, [isco_digits(code, DONE) for code in sorted(codes)]


def _closes(
    documents: tuple[str, ...] | None,
    avoided: tuple[str, ...] | None,
    schooling: int,
    reads: int,
    water: int,
    age: float,
    excludes: bool,
) -> int:
    """What a client can't or won't give, as bits that close what asks for it."""
    closes = EVERY_DOCUMENT & ~paper_bits(documents)
    closes |= sum(SETTING_BITS[one] for one in avoided or ())
    closes |= SCHOOL_CLOSES[schooling]
    told = (
        (READS, reads != 1),
        (WATER, water in (0, UNKNOWN)),
        (ADULT, age < ADULT_AGE),
        (AGE_TOLD, age != age),
        (WORK_KNOWN, excludes),
    )
    return closes | sum(bit for bit, holds in told if holds)


def _numbered(column: Objects) -> tuple[Ints, list[tuple[str, ...]]]:
    """Number of each list of words, -1 for none or not told, and the distinct lists."""
    distinct: dict[tuple[str, ...], int] = {}
    number = [distinct.setdefault(told, len(distinct)) if told else -1 for told in column]
    return np.array(number, dtype=np.int32), list(distinct)


def _flat(lists: Sequence[Sequence[Any]]) -> tuple[Ints, list[Any]]:
    """Lists end to end, and where each begins."""
    start = np.zeros(len(lists) + 1, dtype=np.int32)
    np.cumsum([len(one) for one in lists], out=start[1:])
    return start, [item for one in lists for item in one]

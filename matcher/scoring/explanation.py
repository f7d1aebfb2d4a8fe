"""Suggestions in numbers and words: the score's own parts, not a story told after it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from matcher.columns import plain
from matcher.gates import Gate
from matcher.household import diversification_ratio
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.safety import Action
from matcher.scoring.measures import Measures
from matcher.scoring.scorecard import Forecast, Scorecard
from matcher.scoring.ways import Posting, Way
from matcher.slate import Line, Reason, Suggestion
from matcher.vocabulary import HAZARDS, PATHWAY

LOW = "low"
ENDS = {0.0: "zero", 1.0: "full"}
"""Values that some features have words of their own for."""

TELLING = 0.1
"""Part of a hazard from which the confidence in its level is worth telling."""


class _Wording(NamedTuple):
    """How one feature is told: what never changes of its line, and its sentences."""

    feature: str
    group: str
    unit: str
    sentence: str
    unknown: str
    special: Mapping[float, str]

    def line(self, value: float, worth: float) -> Line:
        """Return the feature's line for a value and its log-odds."""
        if math.isnan(value):
            return Line(self.feature, self.group, self.unit, None, worth, self.unknown)
        sentence = self.special.get(value, self.sentence)
        text = sentence.format(value=value)
        return Line(self.feature, self.group, self.unit, value, worth, text)


class _Numbers(NamedTuple):
    """The numbers of one pair, as plain values."""

    values: list[float]
    contributions: list[float]
    score: float
    retention: tuple[float, float]
    interval: tuple[float, float]
    place: int
    net_income_usd: float
    travel_minutes: float
    loss: float
    hazard_parts: list[float]


class Explainer:
    """Tells of pairs why they are, or may not be, suggested.

    Parameters
    ----------
    knowledge, scorecard
        What the engine knows and how it weighs.
    language
        ``en`` or ``km``.
    """

    def __init__(self, knowledge: Knowledge, scorecard: Scorecard, language: str) -> None:
        self._knowledge = knowledge
        self._scorecard = scorecard
        self._language = language

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the officer's language."""
        return self._knowledge.phrases.say(key, self._language, values)

    def name_of(self, kind: str, code: str) -> str:
        """Return the name of a document, a setting or a place in the officer's language."""
        return self._knowledge.name_of(kind, code, self._language)

    def suggestions(
        self, profiles: Profiles, ways: Sequence[Way], measures: Measures
    ) -> list[Suggestion]:
        """Return suggestions, in the order given.

        Parameters
        ----------
        profiles
            A block of clients.
        ways
            What is suggested.
        measures
            The numbers of each.
        """
        forecast = self._scorecard.forecast(measures.score, measures.variance)
        told = zip(ways, _rows(measures, forecast), strict=True)
        return [self._suggestion(profiles, way, numbers) for way, numbers in told]

    def _suggestion(self, profiles: Profiles, way: Way, numbers: _Numbers) -> Suggestion:
        offers, offer = way.offer
        market, steps = offers.market, [one for one in (way.first, way.offer) if one]
        lines = [*map(_Wording.line, self._wordings, numbers.values, numbers.contributions)]
        certain, hoped = self._outlook(way)
        ids = tuple(str(one.offers.market.opportunity_id[one.row]) for one in steps)
        return Suggestion(
            opportunity_id=ids[0],
            steps=ids,
            kind=PATHWAY if way.first else str(market.kind[offer]),
            title=self.title(offers, offer),
            livelihood=market.livelihood[offer],
            employer=market.employer_name[offer],
            place=self._place(numbers.place),
            score=numbers.score,
            base=self._scorecard.base,
            contributions={line.feature: line.contribution for line in lines},
            retention_90d=numbers.retention[0],
            retention_180d=numbers.retention[1],
            interval=numbers.interval,
            reasons=tuple(sorted(lines, key=lambda line: -abs(line.contribution))),
            certain=certain,
            hoped=hoped,
            cautions=tuple(self._cautions(profiles, way, numbers)),
            income_usd=plain(offers.monthly_income[offer]),
            net_income_usd=plain(numbers.net_income_usd),
            travel_minutes=plain(numbers.travel_minutes),
            climate=_climate(numbers),
            diversification=self._diversification(profiles, way.client, numbers),
        )

    @cached_property
    def _wordings(self) -> tuple[_Wording, ...]:
        return tuple(
            _Wording(
                feature.name,
                str(feature.group),
                feature.unit,
                self._sentence(f"feature.{feature.name}"),
                self.say(f"feature.{feature.name}.unknown"),
                {
                    value: self._sentence(f"feature.{feature.name}.{end}")
                    for value, end in ENDS.items()
                    if f"feature.{feature.name}.{end}" in self._knowledge.phrases
                },
            )
            for feature in self._scorecard.features
        )

    def _sentence(self, key: str) -> str:
        return self._knowledge.phrases.sentence(key, self._language)

    def title(self, offers: Offers, offer: int) -> str:
        """Return the title of an offer, in Khmer where that is asked for and known."""
        market = offers.market
        own = market.title_km[offer] if self._language == "km" else None
        return str(own or market.title[offer])

    def _place(self, place: int) -> str | None:
        if place < 0:
            return None
        code = str(self._knowledge.geography.codes[place])
        levels = dict.fromkeys(self.name_of("places", part) for part in (code, code[:2]))
        return ", ".join(levels)

    def _outlook(self, way: Way) -> tuple[str, str]:
        """What is promised today, and what nobody can promise."""
        offers, offer = way.offer
        market, kind = offers.market, str(offers.market.kind[offer])
        facts: dict[str, object] = {
            "title": self.title(offers, offer),
            "seats": int(_or(market.seats[offer], 1.0)),
            "grant": _or(market.grant_usd[offer], 0.0),
        }
        if way.first is None:
            facts |= _course(way.offer)
            return self.say(f"certain.{kind}", **facts), self.say(f"hoped.{kind}", **facts)
        facts |= _course(way.first) | {"course": self.title(*way.first)}
        return self.say("certain.pathway", **facts), self.say(f"hoped.pathway.{kind}", **facts)

    def _cautions(self, profiles: Profiles, way: Way, numbers: _Numbers) -> Iterator[str]:
        """What the officer should check or know before referring."""
        caseload, (offers, offer) = profiles.caseload, way.offer
        is_province, place = self._knowledge.geography.is_province, numbers.place
        earns = not offers.is_training[offer]
        facts = {
            "income_unknown": earns and math.isnan(offers.monthly_income[offer]),
            "place_rough": place >= 0 and bool(is_province[place]),
            "home_rough": bool(is_province[profiles.home[way.client]]),
            "seats_unknown": math.isnan(offers.market.seats[offer]),
            "debt_unknown": math.isnan(caseload.debt_service_usd[way.client]),
            "children_unknown": math.isnan(caseload.children_under_6[way.client]),
            "climate_unknown": earns and math.isnan(numbers.loss),
        }
        yield from (self.say(f"caution.{name}") for name, holds in facts.items() if holds)
        yield from self._climate_cautions(numbers)
        for flag in offers.screen.flags_at(offer, Action.NOTE):
            yield self.say(f"flag.{flag.code}", **flag.evidence)

    def _climate_cautions(self, numbers: _Numbers) -> Iterator[str]:
        climate = self._knowledge.climate
        for axis, (name, part) in enumerate(zip(HAZARDS, numbers.hazard_parts, strict=True)):
            if part >= climate.severe:
                yield self.say("caution.climate_severe", hazard=self.say(f"hazard.{name}"))
            if part >= TELLING and climate.confidence[numbers.place, axis] == LOW:
                yield self.say("caution.hazard_unsure", hazard=self.say(f"hazard.{name}"))

    def _diversification(self, profiles: Profiles, client: int, numbers: _Numbers) -> float | None:
        incomes = profiles.household_incomes[client]
        if incomes is None or math.isnan(numbers.loss):
            return None
        shares, loadings = incomes
        own = 0.5 if len(shares) else 1.0
        return diversification_ratio(
            np.append((1.0 - own) * shares, own),
            np.concatenate([loadings, [numbers.hazard_parts]]),
            self._knowledge.climate.correlation,
            self._knowledge.parameters["idiosyncratic_income_sd"],
        )

    def reasons(self, pair: Pairs, gates: Sequence[Gate]) -> list[Reason]:
        """Return every reason why one pair may not be offered; none where it may."""
        found = []
        for gate in gates:
            masks = gate.failures(pair)
            hit = [c for c, m in zip(gate.codes, masks, strict=True) if bool(np.any(m))]
            if hit:
                evidence = dict(gate.evidence(pair))
                found += [Reason(code, self._because(code, evidence), evidence) for code in hit]
        return found

    def _because(self, code: str, evidence: Mapping[str, object]) -> str:
        told = {name: self._in_words(name, value) for name, value in evidence.items()}
        return self.say(f"reason.{code}", **told)

    def _in_words(self, name: str, value: object) -> str:
        """One piece of evidence as it stands in a sentence."""
        if value is None:
            return "?"
        if isinstance(value, float):
            return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"
        if isinstance(value, Mapping):
            return " ".join(self.say(f"flag.{code}", **facts) for code, facts in value.items())
        if isinstance(value, list):
            return ", ".join(self._in_words(name, item) for item in value)
        return self.name_of(name, str(value))

    def note(self, considered: int, found: int, asked: int, refused: Mapping[str, int]) -> str:
        """Return an honest sentence where there is little or nothing to suggest; else nothing."""
        if found >= min(asked, considered):
            return ""
        labels = [self.say(f"label.{code}") for code in list(refused)[:3]]
        key = "note.nothing" if found == 0 else "note.few"
        return self.say(key, considered=considered, found=found, reasons="; ".join(labels))


def _rows(measures: Measures, forecast: Forecast) -> Iterator[_Numbers]:
    """The numbers of each pair."""
    return map(
        _Numbers,
        measures.values.tolist(),
        measures.contributions.tolist(),
        measures.score.tolist(),
        zip(forecast.retention_90d.tolist(), forecast.retention_180d.tolist(), strict=True),
        zip(forecast.low.tolist(), forecast.high.tolist(), strict=True),
        measures.place.tolist(),
        measures.net_income_usd.tolist(),
        measures.travel_minutes.tolist(),
        measures.loss.tolist(),
        measures.hazard_parts.tolist(),
    )


def _or(value: float, instead: float) -> float:
    return instead if math.isnan(value) else float(value)


def _course(posting: Posting) -> dict[str, float]:
    market, row = posting.offers.market, posting.row
    return {
        "months": _or(market.course_months[row], 0.0),
        "stipend": _or(market.stipend_usd[row], 0.0),
    }


def _climate(numbers: _Numbers) -> dict[str, float]:
    if math.isnan(numbers.loss):
        return {}
    parts = dict(zip(HAZARDS, numbers.hazard_parts, strict=True))
    return {"resilience": 100.0 * (1.0 - numbers.loss), **parts}

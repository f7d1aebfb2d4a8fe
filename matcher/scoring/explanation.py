"""Suggestions in numbers and words: the score's own parts, not a story told after it."""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from matcher.features import Feature
from matcher.gates import Gate
from matcher.knowledge import Knowledge
from matcher.lines import Lines, Wording
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.scoring.cards import Cards
from matcher.scoring.cautions import Cautions
from matcher.scoring.diversification import Diversification
from matcher.scoring.figures import Figures, figures
from matcher.scoring.measures import Measures
from matcher.scoring.scorecard import Scorecard
from matcher.scoring.voice import Voice
from matcher.scoring.ways import Way
from matcher.slate import Reason, Suggestion
from matcher.vocabulary import HAZARDS, PATHWAY

ENDS = {0.0: "zero", 1.0: "full"}
"""Values that some features have words of their own for."""


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
        self._scorecard = scorecard
        self._voice = Voice(knowledge, language)
        self._cards = Cards(self._voice)
        self._cautions = Cautions(knowledge, self._voice)
        self._diversification = Diversification(knowledge)

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the officer's language."""
        return self._voice.say(key, **values)

    def name_of(self, kind: str, code: str) -> str:
        """Return the name of a document, a setting or a place in the officer's language."""
        return self._voice.name_of(kind, code)

    def title(self, offers: Offers, offer: int) -> str:
        """Return the title of an offer, in Khmer where that is asked for and known."""
        return self._cards.title(offers, offer)

    def suggestions(
        self, profiles: Profiles, ways: Sequence[Way], measures: Measures
    ) -> list[Suggestion]:
        """Return suggestions, in the order given.

        Parameters
        ----------
        profiles
            A block of clients.
        ways
            What is suggested, at least one.
        measures
            The numbers of each.
        """
        forecast = self._scorecard.forecast(measures.score, measures.variance)
        clients = np.array([way.client for way in ways])
        spread = self._diversification.ratios(profiles, clients, measures.hazard_parts)
        told = zip(ways, figures(measures, forecast, spread), strict=True)
        return [self._suggestion(profiles, way, numbers) for way, numbers in told]

    def _suggestion(self, profiles: Profiles, way: Way, numbers: Figures) -> Suggestion:
        card, ids = self._cards.of(way.offer), [one for one in (way.first, way.offer) if one]
        outlook = self._cards.outlook(way, card)
        steps = tuple(self._cards.of(one).opportunity_id for one in ids)
        contributions = numbers.contributions
        return Suggestion(
            opportunity_id=steps[0],
            steps=steps,
            kind=PATHWAY if way.first else card.kind,
            title=card.title,
            livelihood=card.livelihood,
            employer=card.employer,
            place=self._voice.address(numbers.place),
            score=numbers.score,
            base=self._scorecard.base,
            contributions=dict(zip(self._names, contributions, strict=True)),
            retention_90d=numbers.retention[0],
            retention_180d=numbers.retention[1],
            interval=numbers.interval,
            reasons=Lines(self._wordings, numbers.values, contributions, numbers.order),
            certain=outlook.certain,
            hoped=outlook.hoped,
            cautions=tuple(self._cautions.of(profiles, way.client, card, numbers)),
            income_usd=card.income_usd,
            net_income_usd=_known(numbers.net_income_usd),
            travel_minutes=_known(numbers.travel_minutes),
            climate=_climate(numbers),
            diversification=_known(numbers.spread),
        )

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(feature.name for feature in self._scorecard.features)

    @cached_property
    def _wordings(self) -> tuple[Wording, ...]:
        return tuple(map(self._wording, self._scorecard.features))

    def _wording(self, feature: Feature) -> Wording:
        key, voice = f"feature.{feature.name}", self._voice
        return Wording(
            feature.name,
            str(feature.group),
            feature.unit,
            voice.sentence(key),
            voice.say(f"{key}.unknown"),
            {
                value: voice.say(f"{key}.{end}", value=value)
                for value, end in ENDS.items()
                if voice.knows(f"{key}.{end}")
            },
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


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _climate(numbers: Figures) -> dict[str, float]:
    if math.isnan(numbers.loss):
        return {}
    parts = dict(zip(HAZARDS, numbers.hazard_parts, strict=True))
    return {"resilience": 100.0 * (1.0 - numbers.loss), **parts}

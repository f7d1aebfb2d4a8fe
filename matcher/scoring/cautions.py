"""What an officer should check or know before referring."""

import math
from collections.abc import Iterator

from matcher.knowledge import Knowledge
from matcher.profiles import Profiles
from matcher.scoring.cards import Card
from matcher.scoring.figures import Figures
from matcher.scoring.voice import Voice
from matcher.vocabulary import HAZARDS

LOW = "low"
TELLING = 0.1
"""Part of a hazard from which the confidence in its level is worth telling."""

UNTOLD = (
    "income_unknown",
    "place_rough",
    "home_rough",
    "seats_unknown",
    "debt_unknown",
    "children_unknown",
    "climate_unknown",
)
"""Cautions about what is not known, or not well, in the order in which they are told."""


class Cautions:
    """Says what to check.

    Parameters
    ----------
    knowledge
        How well hazards are known, and which are severe.
    voice
        Says things in the officer's language.
    """

    def __init__(self, knowledge: Knowledge, voice: Voice) -> None:
        climate = knowledge.climate
        self._severe = climate.severe
        self._is_province: list[bool] = knowledge.geography.is_province.tolist()
        self._unsure: list[list[bool]] = (climate.confidence == LOW).tolist()
        self._untold = [voice.say(f"caution.{name}") for name in UNTOLD]
        named = [voice.say(f"hazard.{name}") for name in HAZARDS]
        self._said = [
            [
                voice.say(f"caution.{what}", hazard=name)
                for what in ("climate_severe", "hazard_unsure")
            ]
            for name in named
        ]

    def of(self, profiles: Profiles, client: int, card: Card, figures: Figures) -> Iterator[str]:
        """Yield the cautions of one suggestion."""
        caseload, place = profiles.caseload, figures.place
        holds = (
            card.earns and card.income_usd is None,
            place >= 0 and self._is_province[place],
            self._is_province[profiles.home[client]],
            card.seats_unknown,
            math.isnan(caseload.debt_service_usd[client]),
            math.isnan(caseload.children_under_6[client]),
            card.earns and math.isnan(figures.loss),
        )
        yield from (said for said, is_so in zip(self._untold, holds, strict=True) if is_so)
        for axis, part in enumerate(figures.hazard_parts):
            severe, unsure = self._said[axis]
            if part >= self._severe:
                yield severe
            if part >= TELLING and self._unsure[place][axis]:
                yield unsure
        yield from card.notes

"""What is told of an offer whoever it is offered to; put into words once a market."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from matcher.columns import plain
from matcher.kept import Kept
from matcher.offers import Offers
from matcher.safety import Action
from matcher.scoring.voice import Voice
from matcher.scoring.ways import Posting, Way
from matcher.vocabulary import PATHWAY

MARKETS_KEPT = 4
"""Markets whose cards are kept."""

CARDS_KEPT = 10_000
"""Cards of a market that are kept, about 1 kB each."""


class Card(NamedTuple):
    """What is told of an offer alone.

    Parameters
    ----------
    opportunity_id, kind, title, livelihood, employer
        As posted, the title in the officer's language where it is known.
    certain, hoped
        What it promises today, and what nobody can promise, where it stands alone.
    seats, grant_usd, months, stipend_usd
        What a sentence about it needs; what is not known, as 1 seat and nothing else.
    income_usd
        USD a month; None where it is not known.
    earns
        Whether it pays from the first day: it is no course.
    seats_unknown
        Whether the number of seats was not told.
    notes
        Flags that an officer should know of.
    """

    opportunity_id: str
    kind: str
    title: str
    livelihood: str | None
    employer: str | None
    certain: str
    hoped: str
    seats: int
    grant_usd: float
    months: float
    stipend_usd: float
    income_usd: float | None
    earns: bool
    seats_unknown: bool
    notes: tuple[str, ...]


class Outlook(NamedTuple):
    """What is promised today, and what nobody can promise."""

    certain: str
    hoped: str


class Cards:
    """Cards of the offers that were asked for.

    Parameters
    ----------
    voice
        Says things in the officer's language.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._of = Kept(_nothing, MARKETS_KEPT)

    def of(self, posting: Posting) -> Card:
        """Return the card of an offer."""
        known, row = self._of.of(posting.offers), posting.row
        found = known.get(row)
        if found is None:
            found = known[row] = self._written(*posting)
            if len(known) > CARDS_KEPT:
                known.pop(next(iter(known)), None)
        return found

    def outlook(self, way: Way, card: Card) -> Outlook:
        """Return the outlook of an offer alone, or after a training."""
        if way.first is None:
            return Outlook(card.certain, card.hoped)
        course = self.of(way.first)
        facts: dict[str, object] = {
            "title": card.title,
            "seats": card.seats,
            "grant": card.grant_usd,
            "months": course.months,
            "stipend": course.stipend_usd,
            "course": course.title,
        }
        say = self._voice.say
        return Outlook(
            say(f"certain.{PATHWAY}", **facts), say(f"hoped.{PATHWAY}.{card.kind}", **facts)
        )

    def title(self, offers: Offers, offer: int) -> str:
        """Return the title of an offer, in Khmer where that is asked for and known."""
        market = offers.market
        own = market.title_km[offer] if self._voice.language == "km" else None
        return str(own or market.title[offer])

    def _written(self, offers: Offers, offer: int) -> Card:
        market, kind = offers.market, str(offers.market.kind[offer])
        title = self.title(offers, offer)
        seats, grant = int(_or(market.seats[offer], 1.0)), _or(market.grant_usd[offer], 0.0)
        months, stipend = _or(market.course_months[offer], 0.0), _or(market.stipend_usd[offer], 0.0)
        facts: dict[str, object] = {
            "title": title, "seats": seats, "grant": grant, "months": months, "stipend": stipend,
        }  # fmt: skip
        return Card(
            opportunity_id=str(market.opportunity_id[offer]),
            kind=kind,
            title=title,
            livelihood=market.livelihood[offer],
            employer=market.employer_name[offer],
            certain=self._voice.say(f"certain.{kind}", **facts),
            hoped=self._voice.say(f"hoped.{kind}", **facts),
            seats=seats,
            grant_usd=grant,
            months=months,
            stipend_usd=stipend,
            income_usd=plain(offers.monthly_income[offer]),
            earns=not offers.is_training[offer],
            seats_unknown=math.isnan(market.seats[offer]),
            notes=tuple(self._notes(offers, offer)),
        )

    def _notes(self, offers: Offers, offer: int) -> Iterator[str]:
        for flag in offers.screen.flags_at(offer, Action.NOTE):
            yield self._voice.say(f"flag.{flag.code}", **flag.evidence)


def _nothing(_offers: Offers) -> dict[int, Card]:
    return {}


def _or(value: float, instead: float) -> float:
    return instead if math.isnan(value) else float(value)

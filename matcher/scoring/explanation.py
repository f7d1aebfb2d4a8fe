"""Suggestions in numbers and words: the score's own parts, not a story told after it."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.columns import plain
from matcher.gates import Gate
from matcher.household import diversification_ratio
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.pairs import Indices, Pairs
from matcher.profiles import Profiles
from matcher.safety import Action
from matcher.scoring.pathways import graduate
from matcher.scoring.scorecard import Scorecard
from matcher.slate import Line, Reason, Suggestion
from matcher.vocabulary import HAZARDS, PATHWAY

LOW = "low"
ENDS = {0.0: "zero", 1.0: "full"}
"""Values that some features have words of their own for."""

TELLING = 0.1
"""Part of a hazard from which the confidence in its level is worth telling."""


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
        self, profiles: Profiles, offers: Offers, client: Indices, first: Indices, second: Indices
    ) -> list[Suggestion]:
        """Return suggestions, in the order given.

        Parameters
        ----------
        profiles, offers
            A block of clients and the market.
        client, first, second
            Indices of the client in the block, of the training that comes first (-1: none) and of
            the offer, of shape (p,).
        """
        made: dict[int, Suggestion] = {}
        for is_pathway, pair_up in ((False, _alone), (True, graduate)):
            rows = np.flatnonzero((first >= 0) == is_pathway)
            if len(rows):
                pairs = pair_up(profiles, offers, client[rows], first[rows], second[rows])
                made |= zip(rows.tolist(), self._told(pairs), strict=True)
        return [made[row] for row in range(len(second))]

    def _told(self, pairs: Pairs) -> list[Suggestion]:
        values = self._scorecard.values(pairs)
        contributions = self._scorecard.contributions(values)
        forecast = self._scorecard.forecast(values, contributions)
        score = self._scorecard.total(contributions)
        return [
            self._suggestion(
                pairs,
                row,
                float(score[row]),
                self._lines(
                    [float(v[row]) for v in values], [float(c[row]) for c in contributions]
                ),
                (float(forecast.retention_90d[row]), float(forecast.retention_180d[row])),
                (float(forecast.low[row]), float(forecast.high[row])),
            )
            for row in range(len(pairs.offer))
        ]

    def _suggestion(
        self,
        pairs: Pairs,
        row: int,
        score: float,
        lines: Sequence[Line],
        retention: tuple[float, float],
        interval: tuple[float, float],
    ) -> Suggestion:
        market, offer = pairs.offers.market, int(pairs.offer[row])
        first = None if pairs.after is None else int(pairs.after[row])
        steps = tuple(str(market.opportunity_id[i]) for i in (first, offer) if i is not None)
        certain, hoped = self._outlook(pairs, offer, first)
        return Suggestion(
            opportunity_id=steps[0],
            steps=steps,
            kind=str(market.kind[offer]) if first is None else PATHWAY,
            title=self.title(pairs.offers, offer),
            livelihood=market.livelihood[offer],
            employer=market.employer_name[offer],
            place=self._place(int(pairs.place[row])),
            score=score,
            base=self._scorecard.base,
            contributions={line.feature: line.contribution for line in lines},
            retention_90d=retention[0],
            retention_180d=retention[1],
            interval=interval,
            reasons=tuple(sorted(lines, key=lambda line: -abs(line.contribution))),
            certain=certain,
            hoped=hoped,
            cautions=tuple(self._cautions(pairs, row)),
            income_usd=plain(pairs.offers.monthly_income[offer]),
            net_income_usd=plain(pairs.net_income_usd[row]),
            travel_minutes=plain(pairs.travel_minutes[row]),
            climate=_climate(pairs, row),
            diversification=_diversification(pairs, row),
        )

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

    def _lines(self, values: Sequence[float], contributions: Sequence[float]) -> list[Line]:
        return [
            Line(
                feature.name,
                str(feature.group),
                feature.unit,
                None if np.isnan(value) else value,
                worth,
                self._words(feature.name, value),
            )
            for feature, value, worth in zip(
                self._scorecard.features, values, contributions, strict=True
            )
        ]

    def _words(self, name: str, value: float) -> str:
        if np.isnan(value):
            return self.say(f"feature.{name}.unknown")
        special = f"feature.{name}.{ENDS.get(value)}"
        key = special if special in self._knowledge.phrases else f"feature.{name}"
        return self.say(key, value=value)

    def _outlook(self, pairs: Pairs, offer: int, first: int | None) -> tuple[str, str]:
        """What is promised today, and what nobody can promise."""
        market, kind = pairs.offers.market, str(pairs.offers.market.kind[offer])
        facts: dict[str, object] = {
            "title": self.title(pairs.offers, offer),
            "seats": int(np.nan_to_num(market.seats[offer], nan=1.0)),
            "grant": float(np.nan_to_num(market.grant_usd[offer])),
            "months": float(np.nan_to_num(market.course_months[offer])),
            "stipend": float(np.nan_to_num(market.stipend_usd[offer])),
        }
        if first is None:
            return self.say(f"certain.{kind}", **facts), self.say(f"hoped.{kind}", **facts)
        facts |= {
            "course": self.title(pairs.offers, first),
            "months": float(np.nan_to_num(market.course_months[first])),
            "stipend": float(np.nan_to_num(market.stipend_usd[first])),
        }
        return self.say("certain.pathway", **facts), self.say(f"hoped.pathway.{kind}", **facts)

    def _cautions(self, pairs: Pairs, row: int) -> list[str]:
        """What the officer should check or know before referring."""
        market, caseload = pairs.offers.market, pairs.profiles.caseload
        client, offer = int(pairs.client[row]), int(pairs.offer[row])
        geography, place = self._knowledge.geography, pairs.place[row]
        earns = not pairs.offers.is_training[offer]
        facts = {
            "income_unknown": earns and np.isnan(pairs.offers.monthly_income[offer]),
            "place_rough": place >= 0 and bool(geography.is_province[place]),
            "home_rough": bool(geography.is_province[pairs.profiles.home[client]]),
            "seats_unknown": np.isnan(market.seats[offer]),
            "debt_unknown": np.isnan(caseload.debt_service_usd[client]),
            "children_unknown": np.isnan(caseload.children_under_6[client]),
            "climate_unknown": earns and np.isnan(pairs.loss[row]),
        }
        said = [self.say(f"caution.{name}") for name, holds in facts.items() if holds]
        return said + self._climate_cautions(pairs, row) + self._not_stated(pairs.offers, offer)

    def _climate_cautions(self, pairs: Pairs, row: int) -> list[str]:
        climate, said = self._knowledge.climate, []
        for name, part in zip(HAZARDS, pairs.hazard_parts[row], strict=True):
            confidence = climate.confidence[pairs.place[row], HAZARDS.index(name)]
            hazard = self.say(f"hazard.{name}")
            if part >= climate.severe:
                said.append(self.say("caution.climate_severe", hazard=hazard))
            if part >= TELLING and confidence == LOW:
                said.append(self.say("caution.hazard_unsure", hazard=hazard))
        return said

    def _not_stated(self, offers: Offers, offer: int) -> list[str]:
        flags = offers.screen.flags(str(offers.market.opportunity_id[offer]))
        notes = [flag for flag in flags if flag.action == Action.NOTE]
        return [self.say(f"flag.{flag.code}", **flag.evidence) for flag in notes]

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


def _alone(
    profiles: Profiles, offers: Offers, client: Indices, first: Indices, second: Indices
) -> Pairs:
    return Pairs(profiles, offers, client, second)


def _climate(pairs: Pairs, row: int) -> dict[str, float]:
    if np.isnan(pairs.loss[row]):
        return {}
    parts = dict(zip(HAZARDS, pairs.hazard_parts[row].tolist(), strict=True))
    return {"resilience": 100.0 * (1.0 - float(pairs.loss[row])), **parts}


def _diversification(pairs: Pairs, row: int) -> float | None:
    incomes = pairs.profiles.household_incomes[int(pairs.client[row])]
    if incomes is None or np.isnan(pairs.loss[row]):
        return None
    shares, loadings = incomes
    own = 0.5 if len(shares) else 1.0
    climate = pairs.offers.knowledge.climate
    spread = pairs.offers.knowledge.parameters["idiosyncratic_income_sd"]
    return diversification_ratio(
        np.append((1.0 - own) * shares, own),
        np.concatenate([loadings, pairs.hazard_parts[row][None]]),
        climate.correlation,
        spread,
    )

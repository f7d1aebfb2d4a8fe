"""What officers read: whole in both languages, and never asking for a value that is not there."""

import string

import pandas as pd
import pytest

from matcher.features import FEATURES
from matcher.gates import GATES
from matcher.phrases import LANGUAGES, Phrases
from matcher.vocabulary import HAZARDS, KINDS, SCHOOLING

EVIDENCE = {
    "safety": {"flags", "details"},
    "area": {"places"},
    "setting": {"settings"},
    "livelihood": {"words", "unclear"},
    "age": {"age", "min_age", "max_age"},
    "documents": {"documents"},
    "schooling": {"schooling", "required"},
    "reach": {"minutes", "limit", "km", "places", "place_text"},
    "dates": {"closes_on", "starts_on", "posted_on"},
    "capital": {"needed_usd", "own_usd"},
    "land": {"needed_m2", "land_m2"},
}
"""What each gate tells beside its code; the gates not named tell nothing more."""

HELP = {"what", "best", "after", "before", "opens"}
OUTLOOK = {"title", "seats", "grant", "months", "stipend"}

CAUTIONS = (
    "income_unknown",
    "place_rough",
    "home_rough",
    "seats_unknown",
    "debt_unknown",
    "children_unknown",
    "climate_unknown",
)

ALLOWED = {
    **{f"reason.{c}": EVIDENCE.get(g.name, set()) for g in GATES for c in g.codes},
    **{f"label.{c}": set() for g in GATES for c in g.codes},
    **{f"feature.{f.name}": {"value"} for f in FEATURES},
    **{f"feature.{f.name}.unknown": set() for f in FEATURES},
    **{f"certain.{kind}": OUTLOOK for kind in KINDS},
    **{f"hoped.{kind}": OUTLOOK for kind in KINDS},
    **{
        f"{w}.pathway{k}": OUTLOOK | {"course"}
        for w, k in (("certain", ""), ("hoped", ".vacancy"), ("hoped", ".grant"))
    },
    **{
        f"help.{change}.{effect}": HELP | ({"cost", "weeks"} if change == "document" else set())
        for change in ("document", "transport", "training", "grant")
        for effect in ("opens", "improves")
    },
    "note.nothing": {"considered", "found", "reasons"},
    "note.few": {"considered", "found", "reasons"},
    "caution.climate_severe": {"hazard"},
    "caution.hazard_unsure": {"hazard"},
    **{f"caution.{name}": set() for name in CAUTIONS},
    **{f"hazard.{name}": set() for name in HAZARDS},
    **{f"transport.{name}": set() for name in ("none", "bicycle", "motorbike", "car")},
    **{f"schooling.{name}": set() for name in SCHOOLING},
}
"""Every phrase the engine says, and the values it has for it."""


def asked_for(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.fixture(scope="module")
def sentences(reference) -> dict[str, dict[str, str]]:
    return {
        language: dict(zip(reference.phrases["key"], reference.phrases[language], strict=True))
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(ALLOWED))
def test_every_phrase_is_there_and_asks_only_for_what_is_known(sentences, key, language):
    assert asked_for(sentences[language][key]) <= ALLOWED[key]


@pytest.mark.parametrize("language", LANGUAGES)
def test_zero_is_said_without_a_number(sentences, language):
    zeros = {key: text for key, text in sentences[language].items() if key.endswith(".zero")}
    assert {key.split(".")[1] for key in zeros} <= {feature.name for feature in FEATURES}
    assert all(asked_for(text) == set() for text in zeros.values())


def test_khmer_sentences_are_in_khmer_script(sentences):
    for key in ALLOWED:
        assert any("\u1780" <= letter <= "\u17ff" for letter in sentences["km"][key]), key


def test_every_flag_of_the_demo_market_can_be_said(engine, market, sentences):
    screen = engine.screen(market)
    for opportunity_id in market.opportunity_id:
        for flag in screen.flags(opportunity_id):
            for language in LANGUAGES:
                assert engine.knowledge.phrases.say(f"flag.{flag.code}", language, flag.evidence)


def test_a_value_that_holds_braces_is_said_as_it_is():
    table = pd.DataFrame({"key": ["is"], "en": ["It is {title}."], "km": ["{title}"]})
    assert Phrases(table).say("is", "en", {"title": "{x}"}) == "It is {x}."


def test_a_language_that_is_not_known_is_refused():
    phrases = Phrases(pd.DataFrame({"key": ["a"], "en": ["b"], "km": ["c"]}))
    with pytest.raises(ValueError, match="language: expected one of en, km, got 'fr'"):
        phrases.say("a", "fr")


def test_a_missing_value_and_a_missing_key_are_errors():
    phrases = Phrases(pd.DataFrame({"key": ["a"], "en": ["{x}"], "km": ["{x}"]}))
    with pytest.raises(KeyError):
        phrases.say("a", "en")
    with pytest.raises(KeyError):
        phrases.say("b", "en")
    assert "a" in phrases
    assert "b" not in phrases

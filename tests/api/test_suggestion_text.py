"""What is written straight is what the general writer writes, of every suggestion."""

import json
import math
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.officer.suggestion_text import suggestion_text
from api.plain_json import dumped
from data.demo import world
from data.reference import read_reference
from matcher import Caseload, Engine, Market, Suggestion
from matcher.lines import Lines, Wording

numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, math.nan, 1e-12, 1e22, 0.1 + 0.2]),
    st.floats(allow_nan=True, allow_infinity=False),
)
SENTENCES = [
    'Says "{value:.0%}" of \\ it',
    "ចំណូល {value:.1f}\n",
    "{value}",
    "No place for it",
    "{value:.0f} of {value:.2f}",
    "{{braces}} {value:>8.3f}",
    "{value!r}",
]
texts = st.one_of(st.none(), st.text(), st.just('a "quoted" \\ ភាសាខ្មែរ\u2028\x7f\x00'))


@cache
def suggestions(language: str) -> list[Suggestion]:
    drawn = world(clients=40, opportunities=400)
    market = Market.from_records(drawn.opportunities, drawn.as_of)
    engine = Engine(read_reference())
    slates = engine.suggest(Caseload.from_records(drawn.clients), market, language=language)
    return [suggestion for slate in slates for suggestion in slate.suggestions]


def agrees(suggestion: Suggestion) -> None:
    text = suggestion_text(suggestion)
    assert json.loads(text.shown.text) == json.loads(dumped(suggestion))
    assert list(json.loads(text.shown.text)) == list(json.loads(dumped(suggestion)))
    assert json.loads(text.contributions.text) == json.loads(dumped(suggestion.contributions))
    assert json.loads(text.features.text) == json.loads(dumped(suggestion.reasons.by_feature))


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_demo_is_written_as_the_general_writer_writes_it(language: str) -> None:
    shown = suggestions(language)
    assert len(shown) > 50
    for suggestion in shown:
        agrees(suggestion)
        assert suggestion_text(suggestion).shown.text == dumped(suggestion)


@given(
    st.lists(st.tuples(st.sampled_from(SENTENCES), numbers, numbers), min_size=1, max_size=6),
    st.tuples(texts, texts, texts),
    st.lists(st.text(), max_size=3),
)
def test_any_words_and_numbers_are_written_as_they_stand(
    told: list[tuple[str, float, float]],
    named: tuple[str | None, str | None, str | None],
    cautions: list[str],
) -> None:
    wordings = tuple(
        Wording(f"f{at}", "group", '"', sentence, "unknown \\", {0.0: 'Nothing: "0"'})
        for at, (sentence, _, _) in enumerate(told)
    )
    values, contributions = [one[1] for one in told], [one[2] for one in told]
    plain = [0.0 if math.isnan(one) else one for one in contributions]
    first = suggestions("en")[0]
    agrees(
        replace(
            first,
            title=named[0] or "",
            employer=named[1],
            place=named[2],
            cautions=tuple(cautions),
            contributions={w.feature: one for w, one in zip(wordings, plain, strict=True)},
            reasons=Lines(wordings, values, plain, range(len(told))[::-1]),
        )
    )

"""Every word is there in both languages and asks for the same values."""

import string

import pytest

from api.errors import HTTP_CODES, STATUS
from api.failures import Failure
from api.flag_words import flag_name
from api.phrases import say, table
from matcher.safety import RULES
from matcher.safety.rule import checks_of


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_hold_the_same_phrases() -> None:
    english, khmer = table()["en"], table()["km"]
    assert english.keys() == khmer.keys()
    for key, phrase in english.items():
        assert phrase.strip(), key
        assert khmer[key].strip(), key
        assert fields(phrase) == fields(khmer[key]), key


def test_every_failure_has_a_status_and_words() -> None:
    assert set(Failure.__subclasses__()) == set(STATUS)
    codes = [failure.code for failure in STATUS] + list(HTTP_CODES.values())
    for code in [*codes, "unknown_host", "database", "refused_by_store", "internal"]:
        assert {f"problem.{code}", f"detail.{code}"} <= table()["en"].keys()


@pytest.mark.parametrize("language", ["en", "km"])
def test_every_flag_has_a_name(language: str) -> None:
    for rule in RULES:
        for check in checks_of(rule):
            name = flag_name(check.code, language)  # type: ignore[arg-type]
            assert name != check.code.replace("_", " ") or language == "en", check.code
            assert "_" not in name


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        say("detail.not_found", "en")

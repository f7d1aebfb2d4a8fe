"""Group labels in words: every one that a report can show, in both languages."""

import pytest

from api.analyst.queries import AGE_BANDS as BANDS_OF_MODELS
from api.group_names import attribute_name, group_name
from api.phrases import table
from api.services import Services
from api.settings import from_environment
from matcher.planning.groupings import AGE_BANDS, GROUPINGS, UNKNOWN
from matcher.vocabulary import SEXES

LABELS = {
    "sex": SEXES,
    "age_band": [label for _, label in (*AGE_BANDS, *BANDS_OF_MODELS)],
    "difficulty": ("none", "some"),
    "disability": ("none", "some"),
    "idpoor": ("none", "idpoor1", "idpoor2"),
}


@pytest.fixture(scope="module")
def services() -> Services:
    return Services(from_environment(database_url="sqlite://"))


def test_every_grouping_has_a_name_in_both_languages() -> None:
    for attribute in {*GROUPINGS, *LABELS}:
        assert f"attribute.{attribute}" in table()["km"]
        assert attribute_name(attribute, "km") != attribute


@pytest.mark.parametrize("attribute", LABELS)
def test_every_label_is_told_in_khmer_and_in_english_as_options_ask_for_it(
    services: Services, attribute: str
) -> None:
    for label in (*LABELS[attribute], UNKNOWN):
        khmer = group_name(services, attribute, label, "km")
        assert not any(letter.isascii() and letter.isalpha() for letter in khmer), label
        assert group_name(services, attribute, label, "en") == label


def test_a_province_is_told_by_its_name_and_code(services: Services) -> None:
    assert group_name(services, "province", "21", "en") == "Takeo (21)"
    assert group_name(services, "province", "21", "km") == "តាកែវ (21)"
    assert group_name(services, "province", UNKNOWN, "km") == group_name(
        services, "sex", UNKNOWN, "km"
    )


def test_a_cohort_keeps_the_name_it_was_given(services: Services) -> None:
    assert group_name(services, "cohort", "malaysia_august", "km") == "malaysia_august"
    assert group_name(services, "cohort", "none", "km") == "none"

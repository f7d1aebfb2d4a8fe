"""Groups of clients in words, for tables that people read; programs and options keep the labels."""

from typing import Final

from api.phrases import word
from api.place_names import place_name
from api.services import Services
from api.settings import Language
from matcher.planning.groupings import UNKNOWN

OWN_WORDS: Final = "cohort"
"""What is named by the programme's own words; they are told as they are."""


def attribute_name(attribute: str, language: Language) -> str:
    """Return what groups are made of, in words."""
    return word("attribute", attribute, language)


def group_name(services: Services, attribute: str, label: str, language: Language) -> str:
    """Return a group's label in words, a province with the code that options ask for.

    Parameters
    ----------
    services
        What the process shares.
    attribute
        What groups are made of: a name of ``GROUPINGS``, or an attribute that a model is judged by.
    label
        One of its labels.
    language
        Of the words.
    """
    if label == UNKNOWN:
        return word("group", label, language)
    if attribute == OWN_WORDS:
        return label
    if attribute == "province":
        return f"{place_name(services, label, language)} ({label})"
    return word("group", label, language)

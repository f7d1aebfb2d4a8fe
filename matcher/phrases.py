"""What officers read, by key and language."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

LANGUAGES: Final = ("en", "km")


class Phrases:
    """Sentences with places for values, in English and Khmer.

    Parameters
    ----------
    table
        Columns ``key``, ``en``, ``km``.

    Examples
    --------
    >>> table = pd.DataFrame({"key": ["far"], "en": ["{km:.0f} km"], "km": ["{km:.0f} គ.ម"]})
    >>> Phrases(table).say("far", "en", {"km": 12.4})
    '12 km'
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._by_language: dict[str, Mapping[str, str]] = {
            language: dict(zip(table["key"], table[language], strict=True))
            for language in LANGUAGES
        }

    def __contains__(self, key: str) -> bool:
        return key in self._by_language["en"]

    def say(self, key: str, language: str, values: Mapping[str, object] | None = None) -> str:
        """Return a sentence with its values filled in.

        Raises
        ------
        KeyError
            Where the table has no such key, or the sentence asks for a value that is not there.
        ValueError
            Where the language is not one of ``LANGUAGES``.
        """
        return self.sentence(key, language).format(**(values or {}))

    def sentence(self, key: str, language: str) -> str:
        """Return a sentence with places for its values.

        Raises
        ------
        KeyError
            Where the table has no such key.
        ValueError
            Where the language is not one of ``LANGUAGES``.
        """
        if language not in self._by_language:
            raise ValueError(f"language: expected one of {', '.join(LANGUAGES)}, got {language!r}")
        return self._by_language[language][key]

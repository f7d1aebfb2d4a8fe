"""The words of the service and the command line, in English and Khmer."""

import csv
from functools import cache
from pathlib import Path

from api.settings import Language

TABLE = Path(__file__).with_suffix(".csv")


@cache
def table() -> dict[str, dict[str, str]]:
    """Return the phrase table, by language and key."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {language: {row["key"]: row[language] for row in rows} for language in ("en", "km")}


def say(key: str, language: Language, /, **values: object) -> str:
    """Return a phrase with its values filled in.

    Raises
    ------
    KeyError
        Where the table has no such key, or the phrase asks for a value that is not there.
    """
    return table()[language][key].format(**values)


def word(group: str, name: str, language: Language) -> str:
    """Return the name of a coded value, ``group.name``; the code itself where none is listed."""
    return table()[language].get(f"{group}.{name}", name.replace("_", " "))

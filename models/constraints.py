"""Builders of ``CHECK`` constraints, named after the column they guard, portable SQL only.

An unknown value (``NULL``) passes every one of them, as SQL has it: unknown is a state, not an
error. A column that must be known says so with ``NOT NULL``.
"""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint

ID_LENGTH = 64
WORD_LENGTH = 64
TITLE_LENGTH = 500
TEXT_LENGTH = 20_000
JSON_LENGTH = 20_000


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """Admit only `words` in `column`."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_word")


def truths(*columns: str) -> list[CheckConstraint]:
    """Admit only true and false in `columns`."""
    return [CheckConstraint(f"{name} IN (true, false)", name=f"{name}_truth") for name in columns]


def between(column: str, low: float, high: float) -> CheckConstraint:
    """Admit only numbers from `low` to `high`, both included; refuses infinity."""
    return CheckConstraint(f"{column} BETWEEN {low:g} AND {high:.10g}", name=f"{column}_range")


def amounts(*columns: str, high: float) -> list[CheckConstraint]:
    """Admit only numbers from zero to `high` in `columns`."""
    return [between(name, 0, high) for name in columns]


def sized(column: str, high: int, low: int = 1) -> CheckConstraint:
    """Admit only texts of `low` to `high` characters."""
    return CheckConstraint(f"length({column}) BETWEEN {low} AND {high}", name=f"{column}_length")


def geocode(column: str) -> CheckConstraint:
    """Admit only geocodes: 2, 4, 6 or 8 digits."""
    digits = f"length({column}) IN (2, 4, 6, 8) AND trim({column}, '0123456789') = ''"
    return CheckConstraint(digits, name=f"{column}_geocode")


def isco(column: str) -> CheckConstraint:
    """Admit only ISCO-08 codes: 1 to 4 digits."""
    digits = f"length({column}) BETWEEN 1 AND 4 AND trim({column}, '0123456789') = ''"
    return CheckConstraint(digits, name=f"{column}_isco")


def lists(*columns: str) -> list[CheckConstraint]:
    """Admit only JSON arrays of bounded size in `columns`."""
    return [_json(name, "[%]", "list") for name in columns]


def mappings(*columns: str, high: int = JSON_LENGTH) -> list[CheckConstraint]:
    """Admit only JSON objects of at most `high` characters in `columns`."""
    return [_json(name, "{%}", "mapping", high) for name in columns]


def _json(column: str, shape: str, word: str, high: int = JSON_LENGTH) -> CheckConstraint:
    text = f"CAST({column} AS TEXT)"
    rule = f"{text} LIKE '{shape}' AND length({text}) <= {high}"
    return CheckConstraint(rule, name=f"{column}_{word}")

"""Small conditions on columns, of which the rules are made. Unknown satisfies none but `unstated`.

Each returns a function from facts to booleans of shape (m,).
"""

from functools import reduce

import numpy as np

from matcher.safety.facts import Bools, Facts
from matcher.safety.rule import Condition


def yes(field: str) -> Condition:
    """Return where a flag says yes."""
    return lambda facts: facts.column(field) == 1


def no(field: str) -> Condition:
    """Return where a flag says no."""
    return lambda facts: facts.column(field) == 0


def above(field: str, limit: float) -> Condition:
    """Return where a number is stated above the limit."""
    return lambda facts: facts.column(field) > limit


def below(field: str, limit: float) -> Condition:
    """Return where a number is stated below the limit."""
    return lambda facts: facts.column(field) < limit


def unstated(*fields: str) -> Condition:
    """Return where none of the fields is known."""
    return all_of(*(lambda facts, name=name: facts.is_unknown(name) for name in fields))


def stated(field: str) -> Condition:
    """Return where a field is known."""
    return lambda facts: ~facts.is_unknown(field)


def among(field: str, *values: str) -> Condition:
    """Return where a text is one of the values."""
    return lambda facts: facts.among(field, values)


def setting(name: str) -> Condition:
    """Return where the work is known to have a setting."""
    return lambda facts: facts.has_setting(name)


def fact(name: str, value: int) -> Condition:
    """Return where a fact of `Facts`, such as its `overtime`, is 1 (yes), 0 (no), -1 (unknown)."""
    return lambda facts: getattr(facts, name) == value


def not_(condition: Condition) -> Condition:
    """Return where a condition does not hold."""
    return lambda facts: ~condition(facts)


def all_of(*conditions: Condition) -> Condition:
    """Return where every condition holds."""
    return lambda facts: reduce(np.logical_and, _each(conditions, facts))


def any_of(*conditions: Condition) -> Condition:
    """Return where at least one condition holds."""
    return lambda facts: reduce(np.logical_or, _each(conditions, facts))


def _each(conditions: tuple[Condition, ...], facts: Facts) -> list[Bools]:
    return [condition(facts) for condition in conditions]

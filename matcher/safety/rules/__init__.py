"""The rules of the screen, one row each; a new rule is one row in one of these tables."""

from typing import Final

from matcher.safety.rule import Rule
from matcher.safety.rules.freedom import FREEDOM
from matcher.safety.rules.hours import HOURS
from matcher.safety.rules.people import PEOPLE

RULES: Final[tuple[Rule, ...]] = FREEDOM + HOURS + PEOPLE

__all__ = ["RULES"]

"""The vacancy screen: forced-labour indicators, labour law and policy, as flags with evidence."""

from matcher.safety.flag import Action, Flag, Indicator, Verdict
from matcher.safety.rule import Rule, Silence
from matcher.safety.rules import RULES
from matcher.safety.screening import Screen, Summary, screen

__all__ = [
    "RULES",
    "Action",
    "Flag",
    "Indicator",
    "Rule",
    "Screen",
    "Silence",
    "Summary",
    "Verdict",
    "screen",
]

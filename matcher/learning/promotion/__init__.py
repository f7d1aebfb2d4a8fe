"""The promotion gate: candidate against current on later outcomes, overall and for each group."""

from matcher.learning.promotion.gate import promotion_gate
from matcher.learning.promotion.held_out import HeldOut
from matcher.learning.promotion.limits import Limits
from matcher.learning.promotion.verdict import Check, Status, Verdict

__all__ = ["Check", "HeldOut", "Limits", "Status", "Verdict", "promotion_gate"]

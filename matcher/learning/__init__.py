"""Learning from outcomes: honest with few, better with many."""

from matcher.learning.outcomes import OutcomeModel
from matcher.learning.outcomes_curves import (
    aalen_johansen,
    lost_counted_safe,
    one_minus_kaplan_meier,
)
from matcher.learning.prior import Prior
from matcher.learning.retention import RetentionModel

__all__ = [
    "OutcomeModel",
    "Prior",
    "RetentionModel",
    "aalen_johansen",
    "lost_counted_safe",
    "one_minus_kaplan_meier",
]

"""Learning from outcomes: honest with few, better with many."""

from matcher.learning.prior import Prior
from matcher.learning.retention import RetentionModel

__all__ = ["Prior", "RetentionModel"]

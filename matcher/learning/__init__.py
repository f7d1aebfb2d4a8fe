"""Learning from outcomes: honest with few, better with many, promoted only on proof."""

from matcher.learning.offpolicy import InvalidLog, NoSupport, PolicyLog, PolicyValue, policy_value
from matcher.learning.promotion import HeldOut, Limits, Verdict, promotion_gate

__all__ = [
    "HeldOut",
    "InvalidLog",
    "Limits",
    "NoSupport",
    "PolicyLog",
    "PolicyValue",
    "Verdict",
    "policy_value",
    "promotion_gate",
]

"""Learning from outcomes: honest with few, better with many, promoted only on proof."""

from matcher.learning.offpolicy import InvalidLog, NoSupport, PolicyLog, PolicyValue, policy_value

__all__ = ["InvalidLog", "NoSupport", "PolicyLog", "PolicyValue", "policy_value"]

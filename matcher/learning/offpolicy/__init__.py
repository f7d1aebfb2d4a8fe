"""What a policy would have been worth, from the log of another: replay, IPS, SNIPS, DR."""

from matcher.learning.offpolicy.estimators import Method
from matcher.learning.offpolicy.log import InvalidLog, PolicyLog
from matcher.learning.offpolicy.support import NoSupport
from matcher.learning.offpolicy.value import PolicyValue, policy_value

__all__ = ["InvalidLog", "Method", "NoSupport", "PolicyLog", "PolicyValue", "policy_value"]

"""Learning from outcomes: honest with few, better with many, promoted only on proof."""

from matcher.learning.abstention import Decisions, GroupConformal, Verdict, out_of_fold
from matcher.learning.calibration import (
    Estimate,
    expected_calibration_error,
    reliability,
    wilson_interval,
)
from matcher.learning.card import ModelCard, model_card
from matcher.learning.drift import Drift, Series, drift
from matcher.learning.groups import group_report, row_log_loss, widest_gaps
from matcher.learning.offpolicy import InvalidLog, NoSupport, PolicyLog, PolicyValue, policy_value
from matcher.learning.outcomes import OutcomeModel
from matcher.learning.outcomes_curves import (
    aalen_johansen,
    lost_counted_safe,
    one_minus_kaplan_meier,
)
from matcher.learning.prior import Prior
from matcher.learning.promotion import HeldOut, Limits, promotion_gate
from matcher.learning.registry import Registry
from matcher.learning.retention import RetentionModel

__all__ = [
    "Decisions",
    "Drift",
    "Estimate",
    "GroupConformal",
    "HeldOut",
    "InvalidLog",
    "Limits",
    "ModelCard",
    "NoSupport",
    "OutcomeModel",
    "PolicyLog",
    "PolicyValue",
    "Prior",
    "Registry",
    "RetentionModel",
    "Series",
    "Verdict",
    "aalen_johansen",
    "drift",
    "expected_calibration_error",
    "group_report",
    "lost_counted_safe",
    "model_card",
    "one_minus_kaplan_meier",
    "out_of_fold",
    "policy_value",
    "promotion_gate",
    "reliability",
    "row_log_loss",
    "widest_gaps",
    "wilson_interval",
]

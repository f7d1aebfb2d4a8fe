"""The caseload plan: everybody together, under seats, budgets, families and fairness, with proof.

``assign`` makes a plan, ``audit_plan`` checks it again from the inputs alone.
"""

from matcher.planning.assign import assign
from matcher.planning.errors import InvalidPlanInput, PinConflict, PlanAuditError
from matcher.planning.plan import Certificate, Group, Plan, Reason, Status, Unplaced

__all__ = [
    "Certificate",
    "Group",
    "InvalidPlanInput",
    "PinConflict",
    "Plan",
    "PlanAuditError",
    "Reason",
    "Status",
    "Unplaced",
    "assign",
]

"""The caseload plan: everybody together, under seats, budgets, families and fairness, with proof.

``assign`` makes a plan, ``audit_plan`` checks it again from the inputs alone.
"""

from matcher.planning.assign import assign
from matcher.planning.audit import Audit, audit_plan
from matcher.planning.errors import InvalidPlanInput, PinConflict, PlanAuditError
from matcher.planning.explain import Alternative, Explanation, explain_plan, override
from matcher.planning.plan import Certificate, Group, Plan, Reason, Status, Unplaced

__all__ = [
    "Alternative",
    "Audit",
    "Certificate",
    "Explanation",
    "Group",
    "InvalidPlanInput",
    "PinConflict",
    "Plan",
    "PlanAuditError",
    "Reason",
    "Status",
    "Unplaced",
    "assign",
    "audit_plan",
    "explain_plan",
    "override",
]

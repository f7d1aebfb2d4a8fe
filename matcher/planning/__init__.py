"""The caseload plan: everybody together, under seats, budgets, families and fairness, with proof.

``assign`` makes a plan, ``audit_plan`` checks it again from the inputs alone.
"""

from matcher.planning.arrivals import Arrivals
from matcher.planning.assign import assign
from matcher.planning.audit import Audit, audit_plan
from matcher.planning.errors import InvalidPlanInput, PinConflict, PlanAuditError
from matcher.planning.explain import Alternative, Explanation, explain_plan, override
from matcher.planning.livelihood_portfolio import income_risk_frontier
from matcher.planning.plan import Certificate, Group, Plan, Reason, Status, Unplaced
from matcher.planning.shortlist import Shortlist, two_sided_shortlist
from matcher.planning.stability import blocking_pairs

__all__ = [
    "Alternative",
    "Arrivals",
    "Audit",
    "Certificate",
    "Explanation",
    "Group",
    "InvalidPlanInput",
    "PinConflict",
    "Plan",
    "PlanAuditError",
    "Reason",
    "Shortlist",
    "Status",
    "Unplaced",
    "assign",
    "audit_plan",
    "blocking_pairs",
    "explain_plan",
    "income_risk_frontier",
    "override",
    "two_sided_shortlist",
]

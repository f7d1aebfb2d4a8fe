"""What an audit refuses, and that it shares nothing with the solvers."""

import ast
import sys
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given, settings

from matcher.planning import PlanAuditError, Status, assign, audit_plan
from tests.matcher.planning.enumeration import drawn

OWN = ("audit", "audit_bound", "audit_case", "audit_rules")
SHARED = {f"matcher.planning.{name}" for name in (*OWN, "errors", "plan")}
"""What an audit has in common with the solvers: the form of a plan, and its errors."""


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("name", [*OWN, "plan", "errors"])
def test_an_audit_shares_no_code_with_the_solvers(name):
    path = Path(sys.modules[audit_plan.__module__].__file__).with_name(f"{name}.py")
    found = {module for module in imported(path) if module.split(".")[0] == "matcher"}
    assert found <= SHARED
    outside = {module.split(".")[0] for module in imported(path)} - {"matcher"}
    assert outside <= {"numpy", *sys.stdlib_module_names}


def with_certificate(plan, **changes):
    return replace(plan, certificate=replace(plan.certificate, **changes))


def moved(plan):
    """Somebody sits elsewhere than the figures say."""
    assignment = plan.assignment.copy()
    assignment[0] = -1 if assignment[0] >= 0 else 0
    return replace(plan, assignment=assignment)


def better(plan, case):
    return -1.0 if case.keywords["sense"] == "min" else 1.0


TAMPERED = {
    "objective": lambda p, c: replace(p, objective=p.objective + 0.1),
    "moved": lambda p, c: moved(p),
    "bound passed": lambda p, c: replace(p, bound=p.objective - 0.1 * better(p, c)),
    "bound weaker": lambda p, c: replace(p, bound=p.certificate.bound + 0.1 * better(p, c)),
    "gap": lambda p, c: replace(p, bound=p.objective + 0.2 * better(p, c), gap=0.0),
    "no such offer": lambda p, c: replace(p, assignment=p.assignment * 0 + len(c.capacity)),
    "other clients": lambda p, c: replace(p, assignment=p.assignment[1:]),
    "negative price": lambda p, c: with_certificate(p, seat_price=p.certificate.seat_price - 9),
    "proof": lambda p, c: with_certificate(p, bound=p.certificate.bound - 0.1 * better(p, c)),
    "other pools": lambda p, c: with_certificate(p, seat_price=p.certificate.seat_price[1:]),
    "infeasible": lambda p, c: replace(
        p, status=Status.INFEASIBLE, assignment=np.full_like(p.assignment, -1)
    ),
    "no objective": lambda p, c: replace(p, objective=np.nan),
    "no bound": lambda p, c: replace(p, bound=np.nan),
    "no price": lambda p, c: with_certificate(p, seat_price=p.certificate.seat_price * np.nan),
    "other groups": lambda p, c: replace(p, groups=p.groups[1:]),
    "mean": lambda p, c: replace(
        p, groups=tuple(replace(g, mean_value=g.mean_value + 0.1) for g in p.groups)
    ),
}  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(TAMPERED)))
def test_a_plan_that_was_tampered_with_is_refused(seed, how):
    case = drawn(seed)
    keywords = {**case.keywords, "must_place": False, "pins": []}
    plan = assign(case.score, case.capacity, **keywords)
    audit_plan(plan, case.score, case.capacity, **keywords)
    with pytest.raises(PlanAuditError):
        audit_plan(TAMPERED[how](plan, case), case.score, case.capacity, **keywords)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["seats", "money", "ban", "pin", "family"]))
def test_a_plan_is_refused_under_rules_it_was_not_made_for(seed, rule):
    case = drawn(seed)
    keywords = {k: v for k, v in case.keywords.items() if k not in ("pins", "reserved", "floor")}
    plan = assign(case.score, case.capacity, **keywords)
    placed = np.flatnonzero(plan.assignment >= 0)
    assume(len(placed))
    i, j = int(placed[0]), int(plan.assignment[placed[0]])
    capacity = np.array(case.capacity)
    if rule == "seats":
        keywords["sizes"] = np.full(len(case.score), 100.0)
    elif rule == "money":
        keywords |= {"cost": np.full(case.score.shape, 9.0), "budget": 1.0, "fund": None}
    elif rule == "ban":
        keywords["bans"] = [(i, j)]
    elif rule == "pin":
        assume(len(capacity) > 1)
        keywords["pins"] = [(i, (j + 1) % len(capacity))]
    else:
        out = np.flatnonzero(plan.assignment < 0)
        assume(len(out))
        keywords["together"] = [(i, int(out[0]))]
    with pytest.raises(PlanAuditError):
        audit_plan(plan, case.score, capacity, **keywords)

"""Every rule and figure of a plan, checked against its inputs."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from matcher.planning.audit_bound import proven_bound
from matcher.planning.audit_case import SLACK, AuditCase
from matcher.planning.plan import UNPLACED, Status


def check_figures(case: AuditCase, gap: float) -> None:
    """Check the assignment, then the figures."""
    plan = case.plan
    if plan.assignment.shape != (case.n,):
        case.violations.append(f"assignment: {case.n} clients, got {plan.assignment.shape}")
        return
    wrong = (plan.assignment < UNPLACED) | (plan.assignment >= case.m)
    if wrong.any():
        case.violations.append(f"assignment: no such opportunity {plan.assignment[wrong][0]}")
        return
    if not _has_form(case):
        return
    _check_bound(case)
    if plan.status in (Status.INFEASIBLE, Status.UNKNOWN):
        if (plan.assignment != UNPLACED).any():
            case.violations.append(f"a plan that is {plan.status} places somebody")
        if plan.status == Status.INFEASIBLE and not case.must.any():
            case.violations.append("called infeasible, where nobody has to be placed")
        return
    _check_pairs(case)
    _check_seats(case)
    _check_money(case)
    _check_time(case)
    _check_families(case)
    _check_groups(case)
    _check_objective(case, gap)


def _has_form(case: AuditCase) -> bool:
    """Check that seats, prices and groups are those of this problem at all."""
    proof, before = case.plan.certificate, len(case.violations)
    labels = list(dict.fromkeys(case.label))
    for name, prices, shape in (
        ("seat", proof.seat_price, (len(case.pools()), case.seats.shape[1])),
        ("fund", proof.fund_price, case.budget.shape),
        ("floor", proof.floor_price, (len(labels),)),
        ("load", case.load_price(), case.time.shape),
    ):
        if prices.shape != shape:
            case.violations.append(f"certificate: the {name} prices are those of others")
        elif not (np.isfinite(prices) & (prices >= 0)).all():
            case.violations.append(f"certificate: a {name} price proves nothing: under zero")
    if case.plan.on_reserved.shape != (case.n,):
        case.violations.append("on_reserved: the plan tells of others")
    if [group.label for group in case.plan.groups] != labels:
        case.violations.append("groups: the plan tells of others")
    return len(case.violations) == before


def _check_pairs(case: AuditCase) -> None:
    out = np.flatnonzero(case.plan.assignment == UNPLACED).tolist()
    if sorted(client.client for client in case.plan.unplaced) != out:
        case.violations.append("unplaced: the plan tells of others")
    for i, j in case.placed():
        if np.isnan(case.value[i, j]):
            case.violations.append(f"client {i} is at opportunity {j}: forbidden or unpinned")
    for i in np.flatnonzero(case.must & (case.plan.assignment == UNPLACED)).tolist():
        case.violations.append(f"client {i} has to be placed and is not")


def _check_seats(case: AuditCase) -> None:
    used = {
        None: np.zeros_like(case.seats),
        **{k: np.zeros_like(case.seats) for k in case.kept},
    }
    for i, j in case.placed():
        kind = case.label[i] if case.plan.on_reserved[i] else None
        if kind not in used:
            case.violations.append(f"client {i} holds a seat reserved for others")
            continue
        used[kind][j] += case.size[i, j]
    free = case.seats - sum(case.kept.values(), np.zeros_like(case.seats))
    for kind, taken in used.items():
        has = free if kind is None else case.kept[kind]
        for j, k in np.argwhere(taken > has * (1 + SLACK) + SLACK):
            what = "open" if kind is None else f"reserved for {kind!r}"
            case.violations.append(
                f"opportunity {j}, resource {k}: {taken[j, k]:g} taken of {has[j, k]:g} {what}"
            )


def _check_money(case: AuditCase) -> None:
    spent = np.zeros(len(case.budget))
    for i, j in case.placed() if len(spent) else ():
        spent[case.fund[j]] += case.cost[i, j]
    for f in np.flatnonzero(spent > case.budget * (1 + SLACK) + SLACK):
        case.violations.append(f"fund {f}: {spent[f]:g} spent of {case.budget[f]:g}")


def _check_time(case: AuditCase) -> None:
    taken = np.zeros_like(case.time)
    for i, j in case.placed() if len(case.time) else ():
        if case.officer[i] >= 0 and case.week[j] >= 0:
            taken[case.officer[i], case.week[j]] += 1
    for o, w in np.argwhere(taken > case.time + SLACK):
        case.violations.append(
            f"officer {o}, week {w}: {taken[o, w]:g} placements, time for {case.time[o, w]:g}"
        )


def _check_families(case: AuditCase) -> None:
    for family in case.families:
        at = {None if j == UNPLACED else case.place[j] for j in case.plan.assignment[list(family)]}
        if len(at) > 1:
            case.violations.append(f"family {family} is parted")


def _check_groups(case: AuditCase) -> None:
    means = case.means()
    told = {group.label: group for group in case.plan.groups}
    for label, mean in means.items():
        if not abs(told[label].mean_value - case.sign * mean) <= SLACK * max(1, abs(mean)):
            case.violations.append(f"group {label!r}: mean {mean:g}, not as told")
    placed = Counter(case.label[i] for i, _ in case.placed())
    for group in case.plan.groups:
        if group.placed != placed[group.label]:
            case.violations.append(
                f"group {group.label!r}: {placed[group.label]} placed, told {group.placed}"
            )
    floored = [means[group.label] for group in case.plan.groups if group.floor is not None]
    highest = case.plan.level_bound
    if highest is not None and min(floored, default=highest) > highest + SLACK:
        case.violations.append(f"level: told at most {highest:g}, all groups are above it")
    for label, least in case.floor.items() if isinstance(case.floor, Mapping) else ():
        if told[label].reached and means[label] < least - SLACK * max(1, abs(least)):
            case.violations.append(f"group {label!r}: mean {means[label]:g} is under {least:g}")


def _check_objective(case: AuditCase, gap: float) -> None:
    plan, objective, bound = case.plan, case.objective(), case.sign * case.plan.bound
    slack = SLACK * max(1.0, abs(objective))
    if not abs(case.sign * plan.objective - objective) <= slack:
        case.violations.append(f"objective: {case.sign * objective:g}, told {plan.objective:g}")
    if not bound >= objective - slack:
        case.violations.append(f"bound {plan.bound:g} is passed by the objective")
    if not case.gap(objective, bound) <= plan.gap + SLACK:
        case.violations.append(f"gap: told {plan.gap:g}, is {case.gap(objective, bound):g}")
    if plan.status == Status.OPTIMAL and not plan.gap <= gap + SLACK:
        case.violations.append(f"called optimal with a gap of {plan.gap:g}")


def _check_bound(case: AuditCase) -> None:
    proof = case.plan.certificate
    bound, told = proven_bound(case), case.sign * proof.bound
    slack = SLACK * max(1.0, abs(bound)) if np.isfinite(bound) else 0.0
    if not abs(bound - told) <= slack and bound != told:
        case.violations.append(f"certificate: proves {case.sign * bound:g}, told {proof.bound:g}")
    if not case.sign * case.plan.bound <= bound + slack:
        case.violations.append("bound: is weaker than what the prices prove")

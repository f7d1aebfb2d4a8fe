"""What the prices of a plan prove, worked out with no code of the solvers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.planning.audit_case import AuditCase, Floats
from matcher.planning.plan import Status


def proven_bound(case: AuditCase) -> float:
    """Return what the prices prove: each unit takes its best, and pays for it."""
    proof, pools = case.plan.certificate, case.pools()
    of = np.array([j for j, _ in pools], dtype=int)
    free = case.seats - sum(case.kept.values(), np.zeros_like(case.seats))
    has = np.array([free[j] if k is None else case.kept[k][j] for j, k in pools])
    has = has.reshape(len(pools), case.seats.shape[1])
    labels = list(dict.fromkeys(case.label))
    weight = 1 + proof.floor_price[[labels.index(x) for x in case.label]]
    units = np.zeros(case.n)
    heads = {i: family for family in case.families for i in family}
    rows: dict[int, Floats] = {}
    for i in range(case.n):
        gain = weight[i] * case.value[i, of] - (case.size[i, of] * proof.seat_price).sum(axis=1)
        if len(case.budget):
            gain -= case.cost[i, of] * proof.fund_price[case.fund[of]]
        gain -= _price_of_time(case, i, of)
        gain[np.isnan(gain) | (case.size[i, of] > has + 1e-9).any(axis=1)] = -np.inf
        for p in range(case.m, len(pools)):
            if pools[p][1] != case.label[i]:
                gain[p] = -np.inf
        if i in heads:
            rows[i] = gain
        else:
            units[i] = gain.max(initial=-np.inf)
    for family in case.families:
        units[list(family)] = 0.0
        units[family[0]] = _of_family(case, family, [rows[i] for i in family], of, has)
    units = np.where(case.must, units, np.maximum(units, 0.0))
    asked = sum(
        price * sum(label == x for x in case.label) * _kept_floor(case, label)
        for label, price in zip(labels, proof.floor_price, strict=True) if price > 0
    )  # fmt: skip
    paid = (has * proof.seat_price).sum() + case.budget @ proof.fund_price
    if len(case.time):
        paid += float((np.floor(case.time + 1e-9) * case.load_price()).sum())
    return float(units.sum() + paid - asked)


def _price_of_time(case: AuditCase, client: int, of: NDArray[np.int64]) -> Floats:
    if not len(case.time) or case.officer[client] < 0:
        return np.zeros(len(of))
    hers = case.load_price()[case.officer[client]]
    return np.asarray(np.append(hers, 0.0)[case.week[of]])


def _of_family(
    case: AuditCase, family: tuple[int, ...], rows: list[Floats], of: NDArray[np.int64], has: Floats
) -> float:
    """Return the most that all of a family gain together at one place, in seats there are."""
    at_place: dict[Any, list[int]] = {}
    for p, j in enumerate(of):
        at_place.setdefault(case.place[j], []).append(p)
    most = -np.inf
    for here in at_place.values():
        ranked = [sorted(here, key=lambda p, r=row: -r[p]) for row in rows]  # type: ignore[misc]
        best_left = [sum(r[o[0]] for r, o in zip(rows[k:], ranked[k:], strict=True))
                     for k in range(len(rows) + 1)]  # fmt: skip
        stack = [(0, 0.0, {p: has[p] for p in here})] if best_left[0] > most else []
        while stack:
            k, gained, left = stack.pop()
            if k == len(rows):
                most = max(most, gained)
                continue
            for p in reversed(ranked[k]):
                total, after = gained + rows[k][p], left[p] - case.size[family[k], of[p]]
                if total + best_left[k + 1] > most and (after >= -1e-9).all():
                    stack.append((k + 1, total, {**left, p: after}))
    return most


def _kept_floor(case: AuditCase, label: Any) -> float:
    """Return the floor that a plan keeps: the one asked for, or what was reached of it."""
    group = next(group for group in case.plan.groups if group.label == label)
    if group.floor is None:
        return 0.0
    if case.plan.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return group.floor
    return min(group.floor, case.means()[label])

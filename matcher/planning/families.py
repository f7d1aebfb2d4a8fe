"""What a family gains at a place, all its members seated there together, or at the next best."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.planning.columns import Floats, Ints
from matcher.planning.problem import Problem

Family = tuple[int, ...]

SLACK = 1e-9


def family_places(
    problem: Problem, gains: Floats, family: Family, most: int
) -> list[tuple[float, Ints]]:
    """Return what a family gains at its best places, best first, and its members' pools there.

    Its members never take more of a pool than there is.

    Parameters
    ----------
    problem
        The problem.
    gains
        (members, pools) what each gains over prices; -inf forbidden.
    family
        Its members.
    most
        Places to look for.
    """
    places = int(problem.place.max(initial=-1)) + 1
    at_place = np.full((len(family), places), -np.inf)
    for row, gain in zip(at_place, gains, strict=True):
        np.maximum.at(row, problem.place, gain)
    total = at_place.sum(axis=0)
    order = np.argsort(-total, kind="stable")
    found: list[tuple[float, Ints]] = []
    for p in order[np.isfinite(total[order])]:
        found.sort(key=lambda option: -option[0])
        if len(found) >= most and found[most - 1][0] >= total[p]:
            break
        here = np.flatnonzero(problem.place == p)
        gain, chosen = _seated(problem, gains[:, here], family, here)
        if np.isfinite(gain):
            found.append((gain, here[chosen]))
    return sorted(found, key=lambda option: -option[0])[:most]


def _seated(problem: Problem, gains: Floats, family: Family, pools: Ints) -> tuple[float, Ints]:
    """Return the most that a family gains at one place, and which of its pools they take."""
    best = gains.argmax(axis=1)
    size = problem.size[np.array(family)[:, None], pools]
    taken = np.zeros((len(pools), size.shape[2]))
    np.add.at(taken, best, size[np.arange(len(family)), best])
    if (taken <= problem.capacity[pools] + SLACK).all():
        return float(gains.max(axis=1).sum()), best
    if problem.unit_sizes:
        return _matched(gains, problem.capacity[pools, 0])
    return _searched(gains, size, problem.capacity[pools])


def _matched(gains: Floats, seats: Floats) -> tuple[float, Ints]:
    """Return the best matching of members to seats, one each."""
    column = np.repeat(np.arange(len(seats)), np.minimum(seats, len(gains)).astype(int))
    wide = gains[:, column]
    least = -1e6 * max(1.0, float(np.abs(wide[np.isfinite(wide)]).max(initial=0.0)))
    if len(column) < len(gains):
        return -np.inf, np.zeros(len(gains), dtype=np.int64)
    _, at = linear_sum_assignment(np.maximum(wide, least), maximize=True)
    chosen = column[at]
    return float(gains[np.arange(len(gains)), chosen].sum()), chosen


def _searched(gains: Floats, size: Floats, room: Floats) -> tuple[float, Ints]:
    """Return the best seating of members who take unlike amounts, by depth first search."""
    count = len(gains)
    order = np.argsort(-gains, axis=1, kind="stable")
    to_come = np.append(np.cumsum(gains.max(axis=1)[::-1])[::-1], 0.0)
    best: list[tuple[float, list[int]]] = [(-np.inf, [0] * count)]

    def seat(i: int, total: float, chosen: list[int], left: Floats) -> None:
        if i == count:
            best[0] = total, chosen
            return
        for j in order[i].tolist():
            gain = float(gains[i, j])
            if total + gain + to_come[i + 1] <= best[0][0]:
                return
            if (size[i, j] <= left[j] + SLACK).all():
                after = left.copy()
                after[j] -= size[i, j]
                seat(i + 1, total + gain, [*chosen, j], after)

    seat(0, 0.0, [], room)
    return best[0][0], np.array(best[0][1], dtype=np.int64)

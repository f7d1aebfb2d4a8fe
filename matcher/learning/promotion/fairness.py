"""Whether a candidate pushes a group down: who of the retained is ranked in its upper half."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.learning.promotion.held_out import HeldOut
from matcher.learning.promotion.limits import Limits
from matcher.learning.promotion.verdict import Check, Status

DRAWS: Final = 400


def fairness_checks(
    held_out: HeldOut, candidate: Floats, current: Floats, limits: Limits, seed: int
) -> Iterator[Check]:
    """Yield a check a column of groups.

    Parameters
    ----------
    held_out
        Rows whose outcome is known; they count by their weights.
    candidate, current
        Of shape (n,): probabilities.
    limits
        Of the gate.
    seed
        Of the bootstrap.
    """
    for name, labels in held_out.groups.items():
        retained = held_out.outcome == 1
        large = [
            str(label)
            for label in np.unique(labels)
            if (retained & (labels == label)).sum() >= limits.group_n
        ]
        if len(large) < 2:
            message = f"{name}: too few retained in all groups but one to compare them."
            yield Check("fairness", Status.UNSURE, message, name, n=len(labels))
        else:
            yield _of_column(name, large, held_out, (candidate, current), limits, seed)


def _of_column(
    name: str,
    large: list[str],
    held_out: HeldOut,
    predicted: tuple[Floats, Floats],
    limits: Limits,
    seed: int,
) -> Check:
    rows = np.flatnonzero(held_out.outcome == 1)
    label, weight = held_out.groups[name][rows].astype(str), held_out.weights[rows]
    member = np.array([label == one for one in large], dtype=float)
    upper = np.array([p >= median(p, held_out.weights) for p in predicted])[:, rows]
    shares = _shares(member, upper, weight)
    ratio, before = map(float, _ratio(shares))
    drawn = _redrawn(member, upper, weight, np.random.default_rng(seed))
    low, high = np.quantile(drawn[:, 0] - drawn[:, 1], [1 - limits.level, limits.level])
    status = _status(ratio, before, float(high), limits)
    message = (
        f"{name}: of those retained, {large[int(shares[0].argmin())]} are in the upper half "
        f"{ratio:.2f} times as often as the best-placed group; {before:.2f} with the current "
        f"model (change {low:+.2f} to {high:+.2f}), floor {limits.fairness_floor}."
    )
    return Check("fairness", status, message, name, ratio, n=len(held_out))


def _status(ratio: float, before: float, high: float, limits: Limits) -> Status:
    """Refused below the floor where it fell beyond chance; a caution where it fell at all."""
    if ratio >= limits.fairness_floor or ratio >= before:
        return Status.PASSED
    return Status.FAILED if high < 0 else Status.UNSURE


def _redrawn(
    member: Floats, upper: NDArray[np.bool_], weight: Floats, rng: np.random.Generator
) -> Floats:
    """Ratios of both models with the retained drawn again, of shape (draws, 2)."""
    n = len(weight)
    times = rng.multinomial(n, np.full(n, 1 / n), DRAWS)
    return np.array([_ratio(_shares(member, upper, weight * often)) for often in times])


def _shares(member: Floats, upper: NDArray[np.bool_], weight: Floats) -> Floats:
    """Share of each group's weight that each model ranks in its upper half, (models, groups)."""
    inside = (upper * weight) @ member.T
    return np.asarray(inside / np.maximum(member @ weight, 1e-12))


def _ratio(shares: Floats) -> Floats:
    """Of each model the worst-placed group's share over the best-placed one's; 1 where all are 0.

    Examples
    --------
    >>> _ratio(np.array([[0.4, 0.5], [0.0, 0.0]])).tolist()
    [0.8, 1.0]
    """
    best = shares.max(axis=1)
    return np.where(best > 0, shares.min(axis=1) / np.where(best > 0, best, 1.0), 1.0)


def median(values: Floats, weight: Floats) -> float:
    """Return the value that half of the weight is not above.

    Examples
    --------
    >>> median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 5.0]))
    2.0
    """
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(below, below[-1] / 2)])

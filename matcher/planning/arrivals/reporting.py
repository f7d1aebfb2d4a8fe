"""The plan of a batch: what was chosen, beside what the batch alone could have had."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.cases import Cases
from matcher.planning.outcome import relative_gap
from matcher.planning.plan import UNPLACED, Group, Plan, Reason, Status, Unplaced

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def batch_plan(alone: Plan, batch: Cases, chosen: Ints, price: Floats, seconds: float) -> Plan:
    """Return the plan of a batch.

    Its bound and certificate are those of the batch planned alone, so that it is audited like any
    plan; the gap is what is set aside for those to come. Its shadow prices are theirs.

    Parameters
    ----------
    alone
        The best plan of the batch, if nobody came after it.
    batch
        Its cases.
    chosen
        (b,) where each is placed; -1 for unplaced.
    price
        (m,) or (m, d) what seats are worth to those to come.
    seconds
        Time taken.
    """
    placed = np.flatnonzero(chosen != UNPLACED)
    total = float(batch.value[placed, chosen[placed]].sum())
    gap = relative_gap(total, alone.bound)
    group = Group("all", len(chosen), len(placed), total / max(1, len(chosen)))
    whole = alone.status is Status.OPTIMAL and total >= alone.objective - 1e-9
    return dataclasses.replace(
        alone,
        assignment=chosen,
        objective=total,
        bound=max(alone.bound, total),
        gap=gap,
        status=Status.OPTIMAL if whole else Status.FEASIBLE,
        seconds=seconds,
        shadow_price=price,
        groups=(group,),
        unplaced=tuple(
            _why(batch, int(i), price.reshape(len(price), -1))
            for i in np.flatnonzero(chosen == UNPLACED)
        ),
        on_reserved=np.zeros(len(chosen), dtype=np.bool_),
    )


def _why(batch: Cases, client: int, price: Floats) -> Unplaced:
    """Return why a case is unplaced, and where one more seat is nearest to being hers."""
    value = batch.value[client]
    if not (value > 0).any():
        return Unplaced(client, Reason.NO_OFFER if np.isnan(value).all() else Reason.NO_GAIN)
    taken = (batch.size[client] * price).sum(axis=1)
    gain = np.where(np.isnan(value), -np.inf, value - taken)
    best = int(gain.argmax())
    return Unplaced(client, Reason.OUTBID, best, float(value[best]), float(taken[best]))

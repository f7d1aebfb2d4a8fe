"""Why a client is offered what she is, and what it costs the others to decide otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matcher.planning.assign import assign
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.plan import UNPLACED, Plan


@dataclass(frozen=True)
class Alternative:
    """Another opportunity for a client.

    Parameters
    ----------
    opportunity
        Its index.
    value
        What it is worth for her.
    total_change
        What the total of the plan changes by, solved anew with her there; None where nobody can
        keep all rules then.
    others_change
        What it changes by for the others together.
    """

    opportunity: int
    value: float
    total_change: float | None
    others_change: float | None


@dataclass(frozen=True)
class Explanation:
    """Why a client is offered what she is.

    Parameters
    ----------
    client, opportunity
        The pair; -1 where she is unplaced.
    value
        What her offer is worth; nothing where she is unplaced.
    seat_price
        The price of the seats she takes: what they would add for others at most.
    alternatives
        Her best other offers, dearest to her first, each solved anew.
    """

    client: int
    opportunity: int
    value: float
    seat_price: float
    alternatives: tuple[Alternative, ...]


def explain_plan(
    plan: Plan,
    score: ArrayLike,
    capacity: ArrayLike,
    client: int,
    *,
    most: int = 3,
    **keywords: Any,
) -> Explanation:
    """Return why a client is offered what she is, and what her best alternatives cost the others.

    Each alternative is solved anew with her pinned to it, so its cost is exact up to the gaps.

    Parameters
    ----------
    plan, score, capacity, keywords
        The plan and what it was made of.
    client
        Her row.
    most
        Alternatives to solve.

    Raises
    ------
    InvalidPlanInput
        Where there is no such client.
    """
    value = np.asarray(score, dtype=np.float64)
    if not 0 <= client < len(value):
        raise InvalidPlanInput(f"client: expected 0 to {len(value) - 1}, got {client}")
    here = int(plan.assignment[client])
    sign = -1.0 if keywords.get("sense") == "min" else 1.0
    worth = 0.0 if here == UNPLACED else float(value[client, here])
    banned = {j for i, j in keywords.get("bans", ()) if i == client}
    order = np.argsort(-sign * np.nan_to_num(value[client], nan=-sign * np.inf), kind="stable")
    others = [int(j) for j in order if j != here and j not in banned
              and not np.isnan(value[client, j])]  # fmt: skip
    return Explanation(
        client, here, worth, _seat_price(plan, client, here, keywords.get("sizes")),
        tuple(
            _alternative(plan, value, capacity, client, j, worth, keywords) for j in others[:most]
        ),
    )  # fmt: skip


def _seat_price(plan: Plan, client: int, opportunity: int, sizes: Any) -> float:
    if opportunity == UNPLACED:
        return 0.0
    taken = np.ones(1) if sizes is None else np.asarray(sizes, dtype=np.float64)[client]
    price = np.atleast_1d(plan.shadow_price[opportunity])
    per_pair = taken.ndim >= 1 and len(taken) == len(plan.shadow_price) and sizes is not None
    if per_pair and (len(price) == 1 or taken.ndim > 1):
        taken = taken[opportunity]
    return float(np.sum(taken * price))


def _alternative(
    plan: Plan, value: Any, capacity: ArrayLike, client: int, opportunity: int, worth: float,
    keywords: dict[str, Any],
) -> Alternative:  # fmt: skip
    there = float(value[client, opportunity])
    try:
        other = override(plan, value, capacity, client, opportunity, **keywords)
    except InvalidPlanInput:
        return Alternative(opportunity, there, None, None)
    if np.isnan(other.objective) or np.isnan(plan.objective):
        return Alternative(opportunity, there, None, None)
    change = other.objective - plan.objective
    return Alternative(opportunity, there, change, change - (there - worth))


def override(
    plan: Plan,
    score: ArrayLike,
    capacity: ArrayLike,
    client: int,
    opportunity: int,
    *,
    pins: Iterable[tuple[int, int]] = (),
    **keywords: Any,
) -> Plan:
    """Return the best plan with a client at an opportunity; an earlier pin of hers gives way.

    Raises
    ------
    InvalidPlanInput
        Where the plan is of other clients.
    PinConflict
        Where the pin can't hold.
    """
    if len(plan.assignment) != len(np.asarray(score)):
        raise InvalidPlanInput(
            f"plan: expected one of {len(np.asarray(score))} clients, got {len(plan.assignment)}"
        )
    kept = [(i, j) for i, j in pins if i != client]
    return assign(score, capacity, pins=[*kept, (client, opportunity)], **keywords)

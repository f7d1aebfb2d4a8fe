"""A solved caseload plan as it is told to an officer: a line for each client."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matcher.columns import Floats
from matcher.engine import Engine
from matcher.planning.caseload_figures import seat_price
from matcher.planning.caseload_problem import CaseloadProblem
from matcher.planning.plan import Plan, Reason, Unplaced
from matcher.vocabulary import PATHWAY

REFUSALS_TOLD = 3
"""Reasons told, the most frequent first, where nothing on offer may be made to a client."""


class Standing(StrEnum):
    """Why a client's line reads as it does."""

    PINNED = "pinned"
    """The officer chose it."""

    BEST = "best"
    """Nothing on offer is worth more to the client."""

    YIELDS = "yields"
    """Something is worth more to the client, but its seat or its money is worth more elsewhere."""

    NO_OFFER = "no_offer"
    """No opportunity is admissible."""

    OUTBID = "outbid"
    """The seats that are free are worth more to others."""

    NO_MONEY = "no_money"
    """There are seats; what they cost helps more elsewhere."""

    NO_TIME = "no_time"
    """The officer's weeks are worth more to others."""

    TOGETHER = "together"
    """Those who stay together find no province with a seat for each."""


_UNPLACED: Mapping[Reason, Standing] = {
    Reason.NO_OFFER: Standing.NO_OFFER,
    Reason.NO_GAIN: Standing.OUTBID,
    Reason.OUTBID: Standing.OUTBID,
    Reason.NO_MONEY: Standing.NO_MONEY,
    Reason.NO_TIME: Standing.NO_TIME,
    Reason.TOGETHER: Standing.TOGETHER,
    Reason.NO_PLAN: Standing.OUTBID,
}


@dataclass(frozen=True)
class PlanLine:
    """One client in the plan.

    Parameters
    ----------
    client_id
        The client.
    opportunity_id, then_id
        What the client is referred to, and what is hoped to follow a training; None where there is
        none.
    kind
        vacancy, training, grant or pathway; None where unplaced.
    value
        Chance of being retained and safe after 90 days; 0 where unplaced.
    standing
        Why.
    rank
        Place of the offer among the client's admissible ones, from 1; None where unplaced.
    best_id, best_value
        What would be worth most to the client alone; None and 0 where nothing is admissible.
    seat_price
        What one more such seat would add to the plan at most, in people kept.
    cost_usd
        What the programme pays now, USD.
    wanted_id, gain
        Unplaced: where one more seat would most nearly help, and what it would add to the plan at
        most.
    refused
        Where nothing is admissible: offers refused by reason code, the most frequent first.
    """

    client_id: str
    opportunity_id: str | None
    then_id: str | None
    kind: str | None
    value: float
    standing: Standing
    rank: int | None
    best_id: str | None
    best_value: float
    seat_price: float
    cost_usd: float
    wanted_id: str | None
    gain: float
    refused: Mapping[str, int]


def plan_lines(engine: Engine, problem: CaseloadProblem, plan: Plan) -> tuple[PlanLine, ...]:
    """Return a line for each client of the caseload, in its order."""
    price = seat_price(plan)
    why = {entry.client: entry for entry in plan.unplaced}
    pinned = set(problem.pins)
    told: dict[int, PlanLine] = {}
    allowed = problem.allowed
    for row, chosen in enumerate(plan.assignment.tolist()):
        own = (
            _placed(
                problem, allowed[row], row, chosen, float(price[chosen]), (row, chosen) in pinned
            )
            if chosen >= 0
            else _unplaced(problem, allowed[row], row, why[row])
        )
        told[int(problem.client[row])] = own
    told |= _without_offer(engine, problem)
    return tuple(told[row] for row in sorted(told))


def _placed(
    problem: CaseloadProblem, own: Floats, row: int, chosen: int, price: float, pinned: bool
) -> PlanLine:
    value = float(own[chosen])
    rank = 1 + int(np.sum(own > value))
    standing = Standing.BEST if rank == 1 else Standing.YIELDS
    then = problem.second.get((row, chosen))
    best_id, best_value = _best(problem, own) if rank > 1 else (problem.offer_id(chosen), value)
    return PlanLine(
        client_id=problem.client_id(row),
        opportunity_id=problem.offer_id(chosen),
        then_id=None if then is None else str(problem.market.opportunity_id[then]),
        kind=str(problem.market.kind[problem.offer[chosen]]) if then is None else PATHWAY,
        value=value,
        standing=Standing.PINNED if pinned else standing,
        rank=rank,
        best_id=best_id,
        best_value=best_value,
        seat_price=price,
        cost_usd=float(problem.cost_usd[chosen]),
        wanted_id=None,
        gain=0.0,
        refused={},
    )


def _unplaced(problem: CaseloadProblem, own: Floats, row: int, why: Unplaced) -> PlanLine:
    best_id, best_value = _best(problem, own)
    wanted = problem.offer_id(why.opportunity) if why.opportunity >= 0 else None
    return _nothing(
        problem.client_id(row),
        _UNPLACED[why.reason],
        best=(best_id, best_value),
        wanted=(wanted, why.total_gain_at_most),
    )


def _nothing(
    client_id: str,
    standing: Standing,
    best: tuple[str | None, float] = (None, 0.0),
    wanted: tuple[str | None, float] = (None, 0.0),
    refused: Mapping[str, int] | None = None,
) -> PlanLine:
    return PlanLine(
        client_id=client_id,
        opportunity_id=None,
        then_id=None,
        kind=None,
        value=0.0,
        standing=standing,
        rank=None,
        best_id=best[0],
        best_value=best[1],
        seat_price=0.0,
        cost_usd=0.0,
        wanted_id=wanted[0],
        gain=wanted[1],
        refused=refused or {},
    )


def _best(problem: CaseloadProblem, own: Floats) -> tuple[str | None, float]:
    if np.isnan(own).all():
        return None, 0.0
    best = int(np.nanargmax(own))
    return problem.offer_id(best), float(own[best])


def _without_offer(engine: Engine, problem: CaseloadProblem) -> dict[int, PlanLine]:
    """Lines of those left out of the problem, with what refused most offers to them."""
    rows = np.setdiff1d(np.arange(len(problem.caseload)), problem.client)
    slates = engine.suggest(problem.caseload.take(rows), problem.market, k=1)
    lines = {}
    for row, slate in zip(rows.tolist(), slates, strict=True):
        told = dict(list(slate.refused.items())[:REFUSALS_TOLD])
        lines[row] = _nothing(slate.client_id, Standing.NO_OFFER, refused=told)
    return lines

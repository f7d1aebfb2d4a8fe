"""A solved caseload plan as it is told: a line for each client, figures for the programme."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matcher.columns import Floats
from matcher.engine import Engine
from matcher.planning.caseload_plan import CaseloadProblem
from matcher.planning.plan import Group, Plan, Reason, Status, Unplaced
from matcher.vocabulary import PATHWAY

SCARCE = 1e-6
"""Price of a seat, in people kept, under which it is not called scarce."""

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

    TOGETHER = "together"
    """Those who stay together find no province with a seat for each."""


_UNPLACED: Mapping[Reason, Standing] = {
    Reason.NO_OFFER: Standing.NO_OFFER,
    Reason.NO_GAIN: Standing.OUTBID,
    Reason.OUTBID: Standing.OUTBID,
    Reason.NO_MONEY: Standing.NO_MONEY,
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


@dataclass(frozen=True)
class ScarceSeat:
    """An offer whose seats are all given, and what one more would add.

    Parameters
    ----------
    opportunity_id
        The offer.
    seats
        Seats that were free before the plan.
    price
        What one more would add to the plan at most, in people kept.
    """

    opportunity_id: str
    seats: int
    price: float


@dataclass(frozen=True)
class Figures:
    """What a manager reads.

    Parameters
    ----------
    clients, placed
        Clients asked for, and those placed.
    no_offer
        Clients to whom nothing on offer may be made.
    objective
        People expected to be retained and safe after 90 days, of those placed.
    bound, gap, status, seconds
        No plan is better than the bound; how far it is away, how far that is proven, time taken.
    mean_value
        Mean over those placed.
    groups
        What each group gets; means are over those to whom anything may be offered.
    price_of_fairness
        Share of the total that the floor costs; None where there is none.
    fund_usd, spent_usd
        Money there is for grants (None: not limited), and what the plan pays.
    fund_price
        What 1,000 USD more would add at most, in people kept.
    scarce
        Scarce offers, the dearest first.
    """

    clients: int
    placed: int
    no_offer: int
    objective: float
    bound: float
    gap: float
    status: Status
    seconds: float
    mean_value: float
    groups: tuple[Group, ...]
    price_of_fairness: float | None
    fund_usd: float | None
    spent_usd: float
    fund_price: float
    scarce: tuple[ScarceSeat, ...]


def plan_lines(engine: Engine, problem: CaseloadProblem, plan: Plan) -> tuple[PlanLine, ...]:
    """Return a line for each client of the caseload, in its order."""
    price = _seat_price(plan)
    why = {entry.client: entry for entry in plan.unplaced}
    pinned = set(problem.pins)
    told: dict[int, PlanLine] = {}
    for row, chosen in enumerate(plan.assignment.tolist()):
        own = (
            _placed(problem, row, chosen, float(price[chosen]), (row, chosen) in pinned)
            if chosen >= 0
            else _unplaced(problem, row, why[row])
        )
        told[int(problem.client[row])] = own
    told |= _without_offer(engine, problem)
    return tuple(told[row] for row in sorted(told))


def _placed(
    problem: CaseloadProblem, row: int, chosen: int, price: float, pinned: bool
) -> PlanLine:
    own = problem.value[row]
    value = float(own[chosen])
    rank = 1 + int(np.sum(own > value))
    standing = Standing.BEST if rank == 1 else Standing.YIELDS
    then = problem.second.get((row, chosen))
    best_id, best_value = _best(problem, row) if rank > 1 else (problem.offer_id(chosen), value)
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


def _unplaced(problem: CaseloadProblem, row: int, why: Unplaced) -> PlanLine:
    best_id, best_value = _best(problem, row)
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


def _best(problem: CaseloadProblem, row: int) -> tuple[str | None, float]:
    own = problem.value[row]
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


def _seat_price(plan: Plan) -> Floats:
    """Price of a seat of each offer, of shape (m,)."""
    return np.asarray(plan.shadow_price, dtype=float).reshape(len(plan.shadow_price), -1).sum(1)


def figures(problem: CaseloadProblem, plan: Plan) -> Figures:
    """Return what a manager reads."""
    chosen = plan.assignment[plan.assignment >= 0]
    price, total = _seat_price(plan), len(problem.caseload)
    scarce = [
        ScarceSeat(problem.offer_id(row), int(problem.seats[row]), float(price[row]))
        for row in sorted(np.flatnonzero(price > SCARCE), key=lambda row: (-price[row], row))
    ]
    return Figures(
        clients=total,
        placed=plan.placed,
        no_offer=total - int((~np.isnan(problem.value)).any(axis=1).sum()),
        objective=plan.objective,
        bound=plan.bound,
        gap=plan.gap,
        status=plan.status,
        seconds=plan.seconds,
        mean_value=plan.objective / plan.placed if plan.placed else 0.0,
        groups=plan.groups,
        price_of_fairness=plan.price_of_fairness,
        fund_usd=problem.terms.fund_usd,
        spent_usd=float(problem.cost_usd[chosen].sum()),
        fund_price=1000.0 * float(plan.fund_price[0]) if len(plan.fund_price) else 0.0,
        scarce=tuple(scarce),
    )

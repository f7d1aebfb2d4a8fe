"""A solved caseload plan in figures, for those who answer for a programme."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.planning.caseload_limits import REST, of_one_household
from matcher.planning.caseload_problem import CaseloadProblem
from matcher.planning.plan import Group, Plan, Status
from matcher.vocabulary import GRANT

Rows = NDArray[np.int64]

SCARCE = 1e-6
"""Price of a seat, in people kept, under which it is not called scarce."""

A_FUND_MORE_USD = 1000.0
"""Money by which it is told what more of it would add."""


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
class FundUse:
    """What a fund pays.

    Parameters
    ----------
    name
        Employer id of the provider whose grants it is for; empty for the rest.
    usd, spent_usd
        Money there is, and what the plan pays.
    price
        What 1,000 USD more would add at most, in people kept.
    """

    name: str
    usd: float
    spent_usd: float
    price: float


@dataclass(frozen=True)
class OfficerWeek:
    """New cases of an officer in a week.

    Parameters
    ----------
    officer, monday
        Who and when.
    cases, room
        New cases the plan brings, and those there was time for.
    price
        What time for one more would add at most, in people kept.
    """

    officer: str
    monday: dt.date
    cases: int
    room: int
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
    funds
        The same for each fund.
    officers
        New cases of officers whose time is limited, for the weeks in which any begins.
    households_parted
        Ids of clients of one household whom the plan places in different provinces.
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
    funds: tuple[FundUse, ...]
    officers: tuple[OfficerWeek, ...]
    households_parted: tuple[tuple[str, ...], ...]


def seat_price(plan: Plan) -> Floats:
    """Price of a seat of each offer, of shape (m,)."""
    price = np.asarray(plan.shadow_price, dtype=float)
    return price if price.ndim == 1 else np.asarray(price.sum(axis=1))


def figures(problem: CaseloadProblem, plan: Plan) -> Figures:
    """Return what a manager reads."""
    chosen = plan.assignment[plan.assignment >= 0]
    total = len(problem.caseload)
    funds = _funds(problem, plan, chosen)
    rest = next((fund for fund in funds if fund.name == REST), None)
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
        fund_price=rest.price if rest else 0.0,
        scarce=_scarce(problem, plan),
        funds=funds,
        officers=_officers(problem, plan),
        households_parted=_parted(problem, plan.assignment),
    )


def _scarce(problem: CaseloadProblem, plan: Plan) -> tuple[ScarceSeat, ...]:
    price = seat_price(plan)
    dear = sorted(np.flatnonzero(price > SCARCE).tolist(), key=lambda row: (-price[row], row))
    return tuple(
        ScarceSeat(problem.offer_id(row), int(problem.seats[row]), float(price[row]))
        for row in dear
    )


def _funds(problem: CaseloadProblem, plan: Plan, chosen: Rows) -> tuple[FundUse, ...]:
    money = problem.money
    spent = np.zeros(len(money.names) + 1)
    np.add.at(spent, money.of[chosen], problem.cost_usd[chosen])
    return tuple(
        FundUse(
            name, float(money.usd[row]), float(spent[row]), A_FUND_MORE_USD * plan.fund_price[row]
        )
        for row, name in enumerate(money.names)
    )


def _officers(problem: CaseloadProblem, plan: Plan) -> tuple[OfficerWeek, ...]:
    time = problem.time
    if time is None:
        return ()
    begun = np.zeros(time.load.shape, dtype=int)
    for row, chosen in enumerate(plan.assignment.tolist()):
        if chosen >= 0 and time.officer[row] >= 0:
            begun[time.officer[row], time.week[chosen]] += 1
    price = plan.load_price if plan.load_price.shape == begun.shape else np.zeros(begun.shape)
    return tuple(
        OfficerWeek(
            time.officers[who], time.mondays[when], int(begun[who, when]),
            int(time.load[who, when]), float(price[who, when]),
        )
        for who, when in np.argwhere(begun > 0).tolist()
    )  # fmt: skip


def _parted(problem: CaseloadProblem, assignment: Rows) -> tuple[tuple[str, ...], ...]:
    """Return the members of each household who are placed in different provinces."""
    placed = {int(problem.client[row]): row for row in np.flatnonzero(assignment >= 0)}
    return tuple(
        tuple(str(problem.caseload.client_id[client]) for client in members)
        for members in of_one_household(problem.caseload, placed)
        if len({_province(problem, client, assignment[placed[client]]) for client in members}) > 1
    )


def _province(problem: CaseloadProblem, client: int, chosen: int) -> str:
    """Return where a client works: what is done at home is where the home is."""
    offer, market = problem.offer[chosen], problem.market
    if market.home_based[offer] == 1 or market.kind[offer] == GRANT:
        return (problem.caseload.home_place[client] or "?")[:2]
    return problem.place[chosen]

"""A solved plan as the rows that keep it."""

from dataclasses import asdict
from typing import Any

from matcher.planning import Group
from matcher.planning.caseload_figures import Figures
from matcher.planning.caseload_report import PlanLine as Line
from models.plan import CaseloadPlan, PlanLine

TOLD_SCARCE = 30
"""Scarce offers a plan keeps, the dearest."""

TOLD_WEEKS, TOLD_HOUSEHOLDS = 500, 200
"""Weeks of officers, and parted households, that a plan keeps."""

DECIMALS = 6
"""Decimals of a share or a price that are kept."""


def plan_row(
    plan_id: str, figures: Figures, already_placed: int, unaccompanied: int, **facts: Any
) -> CaseloadPlan:
    """Return the row of a plan.

    Parameters
    ----------
    plan_id
        Its id.
    figures
        What a manager reads.
    already_placed
        Clients left out because they hold a seat.
    unaccompanied
        Clients without an officer, where officers' time is limited.
    facts
        Who asked what, and what it was made from.
    """
    told = {
        "no_offer": figures.no_offer,
        "already_placed": already_placed,
        "mean_value": round(figures.mean_value, DECIMALS),
        "price_of_fairness": figures.price_of_fairness,
        "fund_usd": figures.fund_usd,
        "spent_usd": figures.spent_usd,
        "fund_price": round(figures.fund_price, DECIMALS),
        "scarce_offers": len(figures.scarce),
        "groups": [_group(group) for group in figures.groups],
        "scarce": [asdict(seat) for seat in figures.scarce[:TOLD_SCARCE]],
        "funds": [asdict(fund) for fund in figures.funds],
        "officers": [
            asdict(week) | {"monday": week.monday.isoformat()}
            for week in figures.officers[:TOLD_WEEKS]
        ],
        "unaccompanied": unaccompanied,
        "households_parted": [list(ids) for ids in figures.households_parted[:TOLD_HOUSEHOLDS]],
    }
    return CaseloadPlan(
        plan_id=plan_id,
        status="proposed",
        proof=figures.status.value,
        clients=figures.clients,
        placed=figures.placed,
        objective=figures.objective,
        bound=figures.bound,
        gap=figures.gap,
        seconds=figures.seconds,
        figures=told,
        **facts,
    )


def _group(group: Group) -> dict[str, Any]:
    return {
        "label": str(group.label),
        "size": group.size,
        "placed": group.placed,
        "mean_value": round(group.mean_value, DECIMALS),
        "floor": None if group.floor is None else round(group.floor, DECIMALS),
        "floor_price": round(group.floor_price, DECIMALS),
        "reached": bool(group.reached),
    }


def line_row(plan_id: str, line: Line, client_version: int) -> PlanLine:
    """Return the row of a client's line."""
    values = asdict(line) | {"standing": line.standing.value, "refused": dict(line.refused)}
    return PlanLine(plan_id=plan_id, client_version=client_version, **values)

"""Use case: what a household could live from, a main and a side livelihood, income against risk."""

from typing import Any

import numpy as np

from api.context import Context
from api.officer import cases
from api.officer.plan_schemas import LivelihoodsOut
from matcher.planning.household_portfolio import LivelihoodPair, household_frontier


def frontier(
    context: Context, client_id: str, grant_usd: float = 0.0, labour_days: float | None = None
) -> dict[str, Any]:
    """Return the pairs of livelihoods that no other beats in both income and risk.

    Parameters
    ----------
    context
        Who asks.
    client_id
        The client.
    grant_usd
        A grant beside her own capital, USD.
    labour_days
        Days a month the household can work on it; None: one person's working month.

    Raises
    ------
    NotFound
        Where there is no such client.
    """
    kept = context.services.memory(cases.CaseCache)
    case = kept.of(context.session, client_id, context.today)
    context.record("livelihoods", client_id)
    pairs = household_frontier(
        case.caseload, 0, context.engine.knowledge, labour_days, grant_usd
    )  # fmt: skip
    answer = {
        "client_id": client_id,
        "capital_unknown": bool(np.isnan(case.caseload.capital_usd[0])),
        "items": [_told(context, pair) for pair in pairs],
    }
    return LivelihoodsOut.model_validate(answer).model_dump(mode="json")


def _told(context: Context, pair: LivelihoodPair) -> dict[str, Any]:
    found = pair.portfolio
    return {
        "main": pair.main,
        "main_name": _name(context, pair.main),
        "side": pair.side,
        "side_name": None if pair.side is None else _name(context, pair.side),
        "main_days": found.main_days,
        "side_days": found.side_days,
        "income_usd": found.income_usd,
        "risk": found.risk,
        "start_usd": found.start_usd,
    }


def _name(context: Context, code: str) -> str:
    known = context.engine.knowledge.livelihoods
    return str(known.names[context.language][known.index(code)])

"""What the demo shows: three slates, what would help, and one offer that is not made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.context import Context
from api.employer.opportunities import whole_market
from api.failures import Refused
from api.officer import queries, slates
from api.officer.slates import StoredSlate
from matcher import Help, Market, Reason
from matcher.safety import Verdict
from models.client import Client

CLIENTS = 3


@dataclass(frozen=True)
class ShownCase:
    """One client with the slate and what would help.

    Parameters
    ----------
    client
        The client.
    slate
        The stored slate.
    helps
        What would help, the most useful first.
    """

    client: Client
    slate: StoredSlate
    helps: Sequence[Help]


@dataclass(frozen=True)
class Shown:
    """All that the demo shows.

    Parameters
    ----------
    cases
        Three clients.
    refused_id, refused_title
        The best-paid vacancy that the safety screen blocks.
    reasons
        Why it is not offered to the first client.
    """

    cases: Sequence[ShownCase]
    refused_id: str
    refused_title: str
    reasons: Sequence[Reason]


def show(context: Context, cohort: str, k: int) -> Shown:
    """Make the slates of the first clients of a cohort who agreed to be matched.

    Raises
    ------
    Refused
        Where the database holds no such client, or no vacancy that is blocked.
    """
    clients = [
        client
        for client in queries.clients(context.session, "", 100, cohort)
        if client.consent_to_match
    ][:CLIENTS]
    if not clients:
        raise Refused(f"no client of the cohort {cohort} agreed to be matched")
    cases = [_case(context, client, k) for client in clients]
    view = whole_market(context)
    row = _best_paid_blocked(view.market, view.screen.verdict == Verdict.BLOCK)
    refused_id = str(view.market.opportunity_id[row])
    title_km = view.market.title_km[row] if context.language == "km" else None
    return Shown(
        cases,
        refused_id,
        str(title_km or view.market.title[row]),
        slates.why_not(context, clients[0].client_id, refused_id),
    )


def _case(context: Context, client: Client, k: int) -> ShownCase:
    slate = slates.make(context, client.client_id, k)
    return ShownCase(client, slate, slates.what_would_help(context, client.client_id))


def _best_paid_blocked(market: Market, blocked: np.ndarray) -> int:
    wages = np.where(blocked & (market.kind == "vacancy"), market.monthly_wage_usd, np.nan)
    if np.isnan(wages).all():
        raise Refused("no vacancy of this market is blocked")
    return int(np.nanargmax(wages))

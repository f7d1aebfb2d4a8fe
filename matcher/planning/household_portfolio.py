"""The frontier of income and risk for one client's household, from the reference tables."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.gates import consent, land, livelihood, setting
from matcher.knowledge import Knowledge
from matcher.market import Market
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.planning.livelihood_portfolio import (
    NO_SIDE,
    Choices,
    Means,
    Portfolio,
    income_risk_frontier,
)
from matcher.profiles import Profiles
from matcher.vocabulary import GRANT, HAZARDS

START_GATES: Final = (consent.GATE, livelihood.GATE, setting.GATE, land.GATE)
"""Gates that a business of her own has to pass; money is weighed for both livelihoods together."""


@dataclass(frozen=True)
class LivelihoodPair:
    """An efficient portfolio of a household, by the livelihoods' codes.

    Parameters
    ----------
    main, side
        Codes of livelihoods; side is None where there is none.
    portfolio
        Days, income, risk and cost.
    """

    main: str
    side: str | None
    portfolio: Portfolio


def household_frontier(
    caseload: Caseload,
    row: int,
    knowledge: Knowledge,
    labour_days: float | None = None,
    grant_usd: float = 0.0,
) -> list[LivelihoodPair]:
    """Return the efficient pairs of livelihoods that a client's household may start.

    Livelihoods that need an employer are left out, and so is what she excludes, whatever needs
    land or water that is not there or not known, and whatever her money and the grant don't start.

    Parameters
    ----------
    caseload, row
        The client.
    knowledge
        Compiled reference tables.
    labour_days
        Days a month the household can work on it; None: one person's working month.
    grant_usd
        Grant beside her own capital, USD; capital that is not known counts as none.

    Returns
    -------
    pairs
        Highest income first, each with less risk than the one before; empty where nothing is open.
    """
    profiles = Profiles(caseload.take([row]), knowledge)
    offers = Offers(_one_business_each(knowledge), knowledge)
    pairs = Pairs.all_of(profiles, offers)
    forbidden = np.zeros(pairs.shape, dtype=bool)
    for gate in START_GATES:
        forbidden |= gate.forbids(pairs)
    rows = np.flatnonzero(~forbidden[0])
    full_month = knowledge.parameters["working_days_per_month"]
    choices = _choices(pairs, rows, full_month)
    means = _means(profiles, full_month if labour_days is None else labour_days, grant_usd)
    found = income_risk_frontier(
        choices, means, knowledge.climate.correlation,
        knowledge.parameters["idiosyncratic_income_sd"],
    )  # fmt: skip
    codes = offers.market.livelihood[rows]
    return [
        LivelihoodPair(codes[p.main], None if p.side == NO_SIDE else codes[p.side], p)
        for p in found
    ]


def _one_business_each(knowledge: Knowledge) -> Market:
    """Return a market of one business for each livelihood that needs money to start."""
    known = knowledge.livelihoods
    businesses = [
        {
            "opportunity_id": str(code), "kind": GRANT, "title": str(known.names["en"][row]),
            "livelihood": str(code), "home_based": True, "settings": [],
        }
        for row, code in enumerate(known.codes)
        if known.startup_usd[row] > 0
    ]  # fmt: skip
    return Market.from_records(businesses)


def _choices(pairs: Pairs, rows: NDArray[np.intp], full_month: float) -> Choices:
    """Return the businesses at her home, climate losses taken off at their yearly frequency."""
    offers = pairs.offers
    frequency = offers.knowledge.climate.bad_year_frequency
    income = offers.monthly_income * (1.0 - pairs.loss[0] * frequency)
    return Choices(
        income[rows], np.full(len(rows), full_month), offers.start_usd[rows],
        offers.land_m2[rows], pairs.hazard_parts[0][rows],
    )  # fmt: skip


def _means(profiles: Profiles, labour_days: float, grant_usd: float) -> Means:
    caseload = profiles.caseload
    income, loadings = _others(profiles)
    return Means(
        labour_days,
        float(np.nan_to_num(caseload.capital_usd[0])) + grant_usd,
        float(np.nan_to_num(caseload.land_m2[0])),
        income,
        loadings,
    )


def _others(profiles: Profiles) -> tuple[Floats, Floats]:
    """Return the household's other incomes as told by livelihood, and their hazard loadings."""
    told: Any = profiles.household_incomes[0]
    if told is None or np.isnan(told[1]).any():
        return np.empty(0), np.empty((0, len(HAZARDS)))
    shares, loadings = told
    known = profiles.knowledge.livelihoods
    amounts = dict(profiles.caseload.household_livelihoods[0])
    total = sum(usd for code, usd in amounts.items() if known.index(code) >= 0)
    return shares * total, loadings

"""The household portfolio: a main and a side livelihood, and the frontier of income and risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.household import quadratic
from matcher.planning.errors import InvalidPlanInput

Indices = NDArray[np.intp]

NO_SIDE: Final = -1
"""What stands for the side livelihood where there is none."""

MAIN_SHARES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of the labour that a main livelihood may take."""


@dataclass(frozen=True, eq=False)
class Choices:
    """Livelihoods a household may start.

    Parameters
    ----------
    income_usd
        (l,) USD a month at full time, climate losses taken off; nan is left out.
    full_days
        (l,) days a month that full time takes; fewer days earn in proportion.
    start_usd
        (l,) what a start takes, whole however few the days.
    land_m2
        (l,) land it needs.
    loadings
        (l, h) hazard x sensitivity x (1 - adaptation); nan is left out.
    """

    income_usd: Floats
    full_days: Floats
    start_usd: Floats
    land_m2: Floats
    loadings: Floats


@dataclass(frozen=True, eq=False)
class Means:
    """What a household has for it, and what it lives from already.

    Parameters
    ----------
    labour_days
        Days a month to work.
    capital_usd, land_m2
        Money for the start, grants included, and land.
    income_usd, loadings
        (k,) and (k, h) incomes it has already; they stay, and count in the risk.
    """

    labour_days: float
    capital_usd: float
    land_m2: float
    income_usd: Floats
    loadings: Floats


@dataclass(frozen=True)
class Portfolio:
    """A main and a side livelihood.

    Parameters
    ----------
    main, side
        Rows of the choices; side is -1 where there is none.
    main_days, side_days
        Days a month for each.
    income_usd
        Expected income of the household, USD a month, with what it has already.
    risk
        Standard deviation of that income as a share of it.
    start_usd
        What starting takes.
    """

    main: int
    side: int
    main_days: float
    side_days: float
    income_usd: float
    risk: float
    start_usd: float


@dataclass(frozen=True, eq=False)
class _Every:
    """Every portfolio within the means, as columns."""

    main: Indices
    side: Indices
    main_days: Floats
    side_days: Floats
    income_usd: Floats
    risk: Floats
    start_usd: Floats

    def row(self, i: int) -> Portfolio:
        return Portfolio(
            int(self.main[i]), int(self.side[i]), float(self.main_days[i]),
            float(self.side_days[i]), float(self.income_usd[i]), float(self.risk[i]),
            float(self.start_usd[i]),
        )  # fmt: skip


def income_risk_frontier(
    choices: Choices,
    means: Means,
    correlation: Floats,
    idiosyncratic_sd: float,
    main_shares: Sequence[float] = MAIN_SHARES,
) -> list[Portfolio]:
    r"""Return the portfolios that no other beats in both income and risk, dearest risk first.

    All pairs at all shares of the labour are looked at; :math:`\sigma^2 = w^T B \Sigma B^T w +
    \sum_i w_i^2 \sigma_{idio}^2` with income shares :math:`w` over everything the household lives
    from. Days of both livelihoods are limited by full time; the main one takes at least half the
    labour. Of portfolios with equal income and risk, the cheaper start stands, then the first.

    Parameters
    ----------
    choices
        Livelihoods it may start.
    means
        Labour, capital, land, and incomes there are.
    correlation
        (h, h) correlation of the hazards.
    idiosyncratic_sd
        Spread of an income that no hazard explains.
    main_shares
        Shares of the labour, from a half to the whole, that the main livelihood may take.

    Raises
    ------
    InvalidPlanInput
        Where labour, capital or land is unknown, or a share is not between a half and one.

    References
    ----------
    Markowitz, H. (1952). Portfolio selection. Journal of Finance 7, 77-91.
    """
    _check(means, main_shares)
    every = _every(choices, means, correlation, idiosyncratic_sd, main_shares)
    return _efficient(every)


def _check(means: Means, main_shares: Sequence[float]) -> None:
    for name in ("labour_days", "capital_usd", "land_m2"):
        value = getattr(means, name)
        if not value >= 0:
            raise InvalidPlanInput(f"{name}: expected a known amount of at least 0, got {value}")
    if wrong := [share for share in main_shares if not 0.5 <= share <= 1.0]:
        raise InvalidPlanInput(f"main_shares: expected shares from 0.5 to 1, got {wrong}")


def _every(
    choices: Choices, means: Means, correlation: Floats, idiosyncratic_sd: float,
    main_shares: Sequence[float],
) -> _Every:  # fmt: skip
    """Return every portfolio within the means, with income and risk."""
    main, side, share = _pairs(choices, main_shares)
    none = side == NO_SIDE
    full, start = np.append(choices.full_days, 0.0), np.append(choices.start_usd, 0.0)
    land = np.append(choices.land_m2, 0.0)
    days = np.stack([share, 1.0 - share], axis=1) * means.labour_days
    both = np.stack([main, np.where(none, len(choices.income_usd), side)], axis=1)
    days = np.minimum(days, full[both])
    cost = start[both].sum(axis=1)
    fits = (cost <= means.capital_usd + 1e-9) & (land[both].sum(axis=1) <= means.land_m2 + 1e-9)
    fits &= (days[:, 0] > 0) & (none | (days[:, 1] > 0))
    both, days, cost = both[fits], days[fits], cost[fits]
    earned = np.append(choices.income_usd, 0.0)[both] * _part(days, full[both])
    total, risk = _income_and_risk(choices, means, both, earned, correlation, idiosyncratic_sd)
    return _Every(main[fits], side[fits], days[:, 0], days[:, 1], total, risk, cost)


def _pairs(choices: Choices, main_shares: Sequence[float]) -> tuple[Indices, Indices, Floats]:
    """Return main, side and share of every portfolio of known incomes, the whole labour alone."""
    known = ~np.isnan(choices.income_usd) & ~np.isnan(choices.loadings).any(axis=1)
    rows = np.flatnonzero(known)
    shares = np.array([share for share in main_shares if share < 1.0])
    a, b, c = (x.ravel() for x in np.meshgrid(rows, rows, shares, indexing="ij"))
    apart = a != b
    main = np.concatenate([rows, a[apart]])
    side = np.concatenate([np.full(len(rows), NO_SIDE), b[apart]])
    return main, side, np.concatenate([np.ones(len(rows)), c[apart]])


def _part(days: Floats, full: Floats) -> Floats:
    return np.divide(days, full, out=np.zeros_like(days), where=full > 0)


def _income_and_risk(
    choices: Choices, means: Means, both: Indices, earned: Floats, correlation: Floats,
    idiosyncratic_sd: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return income (p,) in USD a month, and its standard deviation as a share of it."""
    loadings = np.vstack([choices.loadings, np.zeros(choices.loadings.shape[1])])
    total = earned.sum(axis=1) + means.income_usd.sum()
    exposed = np.einsum("pa,pah->ph", earned, loadings[both])
    exposed = exposed + means.income_usd @ means.loadings
    own = (earned**2).sum(axis=1) + (means.income_usd**2).sum()
    variance = quadratic(exposed, correlation) + own * idiosyncratic_sd**2
    spread = np.sqrt(np.maximum(variance, 0.0))
    return total, np.divide(spread, total, out=np.full(len(total), np.inf), where=total > 0)


def _efficient(every: _Every) -> list[Portfolio]:
    """Return the rows that no other beats in both income and risk, highest income first."""
    income, risk = every.income_usd.round(9), every.risk.round(12)
    order = np.lexsort((every.start_usd, risk, -income))
    found: list[Portfolio] = []
    least = np.inf
    for i in order:
        if risk[i] < least:
            least = risk[i]
            found.append(every.row(int(i)))
    return found

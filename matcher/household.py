"""The household: net income, what it is measured against, and how its incomes vary together."""

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats, or_zero
from matcher.reference import Parameters

DAYS_A_MONTH = 365.25 / 12


class PovertyLine:
    """The national poverty line per person, carried to today's prices and to USD a month."""

    def __init__(self, parameters: Parameters) -> None:
        khr_a_day = parameters["poverty_line_khr_per_day"] * parameters["cpi_factor"]
        self.usd_a_month = khr_a_day * DAYS_A_MONTH / parameters["khr_per_usd"]

    def ratio(self, household_income_usd: Floats, household_size: Floats) -> Floats:
        """Return income per person over the line; NaN where either figure is unknown."""
        return household_income_usd / (household_size * self.usd_a_month)


def net_monthly_income(
    income: Floats, loss: Floats, transport: Floats, debt_service: Floats, childcare: Floats
) -> Floats:
    """Return what is left of an income, USD a month.

    ``income x (1 - loss) - transport - debt service - childcare``. A cost or a loss that is not
    known is not counted (the suggestion says so); an income that is not known stays unknown.

    Parameters
    ----------
    income, transport, debt_service, childcare
        USD a month; they broadcast together.
    loss
        Expected share of the income lost to the climate, in [0, 1].

    Examples
    --------
    >>> net_monthly_income(*map(np.float64, (200, 0.1, 20, 30, np.nan))).item()
    130.0
    """
    costs = or_zero(transport) + or_zero(debt_service) + or_zero(childcare)
    return np.asarray(income * (1.0 - or_zero(loss)) - costs)


def income_variance(
    weights: Floats, loadings: Floats, correlation: Floats, idiosyncratic_sd: float
) -> float:
    r"""Return the variance of a portfolio of incomes, as a share of its mean.

    :math:`\sigma^2 = w^T B \Sigma B^T w + \sum_i w_i^2 \sigma_{idio}^2`.

    Parameters
    ----------
    weights
        Income shares, of shape (n,), adding up to 1.
    loadings
        ``B``: hazard x sensitivity x (1 - adaptation) of each income, of shape (n, 4).
    correlation
        ``Σ``: correlation of the hazards, of shape (4, 4).
    idiosyncratic_sd
        Spread of an income that no hazard explains.
    """
    together = weights @ loadings
    common = together @ correlation @ together
    return float(common + (weights**2).sum() * idiosyncratic_sd**2)


def diversification_ratio(
    weights: Floats, loadings: Floats, correlation: Floats, idiosyncratic_sd: float
) -> float:
    """Return the weighted mean of the incomes' own risks over the risk of all together.

    1 means that everything fails at once; the more, the better spread.

    References
    ----------
    Y. Choueifaty and Y. Coignard (2008), Toward maximum diversification, Journal of Portfolio
    Management 35.

    Examples
    --------
    >>> flood, heat = [1.0, 0, 0, 0], [0, 0, 1.0, 0]
    >>> half, alike = np.array([0.5, 0.5]), np.array([flood, flood])
    >>> diversification_ratio(half, alike, np.eye(4), 0.0)
    1.0
    >>> round(diversification_ratio(half, np.array([flood, heat]), np.eye(4), 0.0), 3)
    1.414
    """
    alone = ((loadings @ correlation) * loadings).sum(axis=1) + idiosyncratic_sd**2
    together = income_variance(weights, loadings, correlation, idiosyncratic_sd)
    return float(weights @ np.sqrt(alone) / np.sqrt(together)) if together > 0 else 1.0


def joint_risk(
    share: Floats,
    offer: Floats,
    household: Floats,
    household_idiosyncratic: Floats,
    correlation: Floats,
    idiosyncratic_sd: float,
) -> Floats:
    """Return the standard deviation of the household's income with an offer's in it.

    The same formula as :func:`income_variance`, for many pairs. Hazards that tend to exclude each
    other are taken as unrelated here (negative correlations count as zero), so that more hazard
    can never look like less risk.

    Parameters
    ----------
    share
        The offer's share of the household's income, of shape (p,).
    offer, household
        Loadings on the hazards, of shape (p, 4).
    household_idiosyncratic
        Variance of the household's other incomes that no hazard explains, of shape (p,).
    correlation
        Of shape (4, 4).
    idiosyncratic_sd
        The same for one income.

    Returns
    -------
    risk
        Share of the mean income, of shape (p,).
    """
    together = share[:, None] * offer + (1.0 - share)[:, None] * household
    common = quadratic(together, np.maximum(correlation, 0.0))
    own = share**2 * idiosyncratic_sd**2 + (1.0 - share) ** 2 * household_idiosyncratic
    return np.asarray(np.sqrt(common + own))


def quadratic(x: Floats, matrix: NDArray[np.float64]) -> Floats:
    """Return ``xᵀMx`` of each row; written out, so that no row depends on its neighbours."""
    total = np.zeros(len(x))
    for i, j in np.ndindex(matrix.shape):
        total += matrix[i, j] * x[:, i] * x[:, j]
    return total

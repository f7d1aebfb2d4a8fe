"""How well the incomes of a household are spread with an offer as one of them."""

import numpy as np

from matcher.columns import Floats
from matcher.knowledge import Knowledge
from matcher.pairs import Indices
from matcher.profiles import Profiles

HALF = 0.5
"""The offer's share of the income where the household has another; else all of it."""


class Diversification:
    """The ratio of :func:`matcher.household.diversification_ratio`, for one offer more.

    What the household's own incomes give does not change with the offer, so each offer costs two
    sums over pairs of hazards.

    Parameters
    ----------
    knowledge
        The correlation of hazards, and the spread that they don't explain.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._correlation = knowledge.climate.correlation
        self._own = float(knowledge.parameters["idiosyncratic_income_sd"]) ** 2

    def ratios(self, profiles: Profiles, client: Indices, parts: Floats) -> Floats:
        """Return the ratio with each of p offers, of shape (p,).

        1 is no spread; NaN where the incomes are not known, or the hazards of the offer.

        Parameters
        ----------
        profiles, client
            Whose household it is, of shape (p,).
        parts
            The part of each hazard in what the offer may lose, of shape (p, 4).
        """
        loadings, variance = profiles.household_exposure
        own = np.where(profiles.has_household_income, HALF, 1.0)[client]
        rest = 1.0 - own
        mixed = rest[:, None] * loadings[client] + own[:, None] * parts
        unexplained = rest * rest * variance[client] + own * own * self._own
        together = self._common(mixed) + unexplained
        alone = np.sqrt(self._common(parts) + self._own)
        apart = rest * profiles.household_risk[client] + own * alone
        certain = together <= 0
        ratio = apart / np.sqrt(np.where(certain, 1.0, together))
        return np.where(certain, 1.0, ratio)

    def _common(self, parts: Floats) -> Floats:
        """Variance that hazards give each income; summed so that no row depends on the others."""
        pairs = parts[:, :, None] * self._correlation * parts[:, None, :]
        found: Floats = pairs.sum(axis=(1, 2))
        return found

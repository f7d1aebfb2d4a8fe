"""How well the incomes of a household are spread with an offer as one of them."""

import numpy as np

from matcher.columns import Floats
from matcher.knowledge import Knowledge
from matcher.pairs import Indices
from matcher.profiles import Profiles


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
        told, p = profiles.beside_offer[client], len(parts)
        own = told[:, 0]
        common = self._common(np.concatenate([told[:, 1:5] + own[:, None] * parts, parts]))
        together = common[:p] + told[:, 5]
        apart = told[:, 6] + own * np.sqrt(common[p:] + self._own)
        certain = together <= 0
        ratio = apart / np.sqrt(np.where(certain, 1.0, together))
        return np.where(certain, 1.0, ratio)

    def _common(self, parts: Floats) -> Floats:
        """Variance that hazards give each income; summed so that no row depends on the others."""
        found: Floats = np.einsum("pi,ij,pj->p", parts, self._correlation, parts)
        return found

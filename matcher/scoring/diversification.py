"""How well the incomes of a household are spread with an offer as one of them."""

import math
from collections.abc import Sequence

from matcher.knowledge import Knowledge
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
        self._correlation: list[list[float]] = knowledge.climate.correlation.tolist()
        self._own = float(knowledge.parameters["idiosyncratic_income_sd"]) ** 2

    def ratio(self, profiles: Profiles, client: int, parts: Sequence[float]) -> float | None:
        """Return the ratio with an offer; 1 is no spread, None where the incomes are not known.

        Parameters
        ----------
        profiles, client
            Whose household it is.
        parts
            The part of each hazard in what the offer may lose.
        """
        if profiles.household_incomes[client] is None:
            return None
        own = HALF if profiles.has_household_income[client] else 1.0
        loadings, variance = profiles.household_exposure
        rest = 1.0 - own
        mixed = [
            rest * theirs + own * part
            for theirs, part in zip(loadings[client].tolist(), parts, strict=True)
        ]
        unexplained = rest * rest * float(variance[client]) + own * own * self._own
        together = self._common(mixed) + unexplained
        if together <= 0:
            return 1.0
        alone = math.sqrt(self._common(parts) + self._own)
        apart = rest * float(profiles.household_risk[client]) + own * alone
        return apart / math.sqrt(together)

    def _common(self, parts: Sequence[float]) -> float:
        """Variance that hazards give one income."""
        total = 0.0
        for row, one in zip(self._correlation, parts, strict=True):
            if one:
                total += one * sum(map(float.__mul__, row, parts))
        return total

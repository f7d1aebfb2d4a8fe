"""Spread of the household's income with the offer as half of it; what fails together adds up."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.household_risk


FEATURE = Feature("household_risk", "share", -1, Group.CLIMATE, _values, Fold.MONEY)

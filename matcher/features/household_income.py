"""Household income per person with the offer in it, over the national poverty line."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.household_ratio


FEATURE = Feature("household_income", "x poverty line", +1, Group.INCOME, _values, Fold.MONEY)

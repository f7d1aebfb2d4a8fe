"""Months until the first income, those of a course that comes first included."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    own = pairs.offers.months_to_income[pairs.offer]
    if pairs.after is None:
        return own
    return own + pairs.offers.months_to_income[pairs.after]


FEATURE = Feature("months_to_income", "months", -1, Group.INCOME, _values, Fold.STEPS)

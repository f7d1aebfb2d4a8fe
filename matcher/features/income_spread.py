"""Half the width of the usual income range over its middle; 0 for a stated wage."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.offers.income_spread[pairs.offer]


FEATURE = Feature("income_spread", "share", -1, Group.INCOME, _values, Fold.OFFER)

"""Own money needed to start, after the grant; for a course, its fee."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.start_usd


FEATURE = Feature("own_money", "USD", -1, Group.INCOME, _values, Fold.STEPS)

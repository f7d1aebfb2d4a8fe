"""Income after climate loss, transport, debt and childcare, over the garment minimum wage."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.net_income_usd / pairs.offers.comparator_wage_usd


FEATURE = Feature("net_income", "x minimum wage", +1, Group.INCOME, _values, Fold.MONEY)

"""Share of the income at risk in a year of floods, drought, heat or wind, today."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.loss


FEATURE = Feature("climate_loss", "share", -1, Group.CLIMATE, _values, Fold.PLACES)

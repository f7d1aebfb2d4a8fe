"""The same in the 2050 scenario."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.loss_in(2050)


FEATURE = Feature("climate_loss_2050", "share", -1, Group.CLIMATE, _values, Fold.PLACES)

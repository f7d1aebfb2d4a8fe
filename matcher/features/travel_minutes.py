"""Minutes to work, one way, by the vehicle the client has."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.travel_minutes


FEATURE = Feature("travel_minutes", "minutes", -1, Group.REACH, _values, Fold.PLACES)

"""How near the work is to what the client would like."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.preference


FEATURE = Feature("preference", "share", +1, Group.PERSON, _values, Fold.WORK)

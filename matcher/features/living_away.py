"""Whether the client would live away from home."""

import numpy as np

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.lives_away.astype(np.float64)


FEATURE = Feature("living_away", "0/1", -1, Group.REACH, _values, Fold.PLACES)

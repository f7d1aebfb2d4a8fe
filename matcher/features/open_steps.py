"""Steps to an income that nobody can promise today: the work after a course."""

import numpy as np

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    own = pairs.offers.is_training[pairs.offer].astype(np.float64)
    return own if pairs.after is None else own + 1.0


FEATURE = Feature("open_steps", "steps", -1, Group.INCOME, _values, Fold.STEPS)

"""Share of what the work needs of the body that the client can give, or the employer adapts."""

import numpy as np

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    able = pairs.profiles.able(pairs.offers.demands)
    share = able[pairs.client, pairs.offers.demand_set[pairs.offer]]
    adapted = pairs.offers.market.adaptable[pairs.offer] == 1
    return np.where(adapted, 1.0, share)


FEATURE = Feature("access", "share", +1, Group.PERSON, _values, Fold.WORK)

"""Young children whom nobody at home looks after while the client is away."""

import numpy as np

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    children = pairs.profiles.children_without_care[pairs.client]
    return np.where(pairs.offers.home_based[pairs.offer], 0.0, children)


FEATURE = Feature("care_load", "children", -1, Group.PERSON, _values, Fold.PLACES)

"""Years of experience that the posting asks for and the client does not bring."""

import numpy as np

from matcher.columns import Floats, or_zero
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    asked = or_zero(pairs.offers.market.required_experience_years[pairs.offer])
    short = np.maximum(asked - pairs.experience_years, 0.0)
    return np.where(asked == 0, 0.0, short)


FEATURE = Feature("experience_shortfall", "years", -1, Group.SKILLS, _values, Fold.WORK)

"""Years in this or a near occupation, each worth less the further it lies in the ISCO-08 tree."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.experience_years


FEATURE = Feature("experience", "years", +1, Group.SKILLS, _values, Fold.WORK)

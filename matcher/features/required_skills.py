"""Share of the required skills that the client covers, by weight; near skills count in part."""

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs


def _values(pairs: Pairs) -> Floats:
    return pairs.coverage(pairs.offers.required_skills)


FEATURE = Feature("required_skills", "share", +1, Group.SKILLS, _values, Fold.SKILLS)

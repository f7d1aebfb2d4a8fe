"""Whether the client asked for this kind of offer: a job, a training or a grant."""

import numpy as np

from matcher.columns import Floats
from matcher.features.feature import Feature, Fold, Group
from matcher.pairs import Pairs
from matcher.vocabulary import KINDS, TRAINING


def _values(pairs: Pairs) -> Floats:
    wished = pairs.profiles.kind_wished(KINDS)[pairs.client]
    offers = pairs.offers
    kind = np.stack([offers.is_vacancy, offers.is_training, offers.is_grant])[:, pairs.offer]
    if pairs.after is not None:
        kind[KINDS.index(TRAINING)] = True
    told = np.where(kind, np.moveaxis(wished, -1, 0), -np.inf)
    return np.asarray(told.max(axis=0))


FEATURE = Feature("preferred_kind", "0/1", +1, Group.PERSON, _values, Fold.WORK)

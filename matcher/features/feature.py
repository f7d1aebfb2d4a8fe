"""What a feature is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matcher.columns import Floats
from matcher.pairs import Pairs


class Group(StrEnum):
    """What a feature speaks of."""

    SKILLS = "skills and experience"
    REACH = "reach"
    INCOME = "income"
    CLIMATE = "climate"
    PERSON = "preference and household"


@dataclass(frozen=True)
class Feature:
    """One thing that makes an offer better or worse for a client.

    Parameters
    ----------
    name
        Name in the scorecard, in explanations and in the store.
    unit
        Unit of the value.
    direction
        +1 where more is never worse, -1 where more is never better.
    group
        What it speaks of.
    values
        Takes pairs, returns one value a pair; NaN where it is not known.
    """

    name: str
    unit: str
    direction: int
    group: Group
    values: Callable[[Pairs], Floats]

    def __call__(self, pairs: Pairs) -> Floats:
        """Return the value of each pair, of the pairs' shape."""
        return np.broadcast_to(np.asarray(self.values(pairs), dtype=np.float64), pairs.shape)

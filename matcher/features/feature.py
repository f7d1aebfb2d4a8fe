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


class Fold(StrEnum):
    """What settles a feature's value, so that a compiled scorer works it out once for many pairs.

    ``PAIR`` is nothing in particular: such a feature always works, by the slower reference.
    """

    CLIENT = "the client alone"
    OFFER = "the offer alone"
    STEPS = "the offer, and the course before it"
    SKILLS = "the client's skills and a class of needs"
    WORK = "the client and a class of work"
    PLACES = "the home and the place of work"
    MONEY = "the client, the places and the pay"
    PAIR = "the pair"


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
    fold
        What settles the value.
    """

    name: str
    unit: str
    direction: int
    group: Group
    values: Callable[[Pairs], Floats]
    fold: Fold = Fold.PAIR

    def __call__(self, pairs: Pairs) -> Floats:
        """Return the value of each pair, of the pairs' shape."""
        return np.broadcast_to(np.asarray(self.values(pairs), dtype=np.float64), pairs.shape)

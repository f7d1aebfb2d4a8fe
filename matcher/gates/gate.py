"""What a gate is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairs import Pairs

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Gate:
    """A hard rule that says whether a pair may be offered.

    Parameters
    ----------
    name
        What it guards.
    codes
        Reason codes it can give.
    failures
        Takes pairs, returns one mask a code, in the order of ``codes``; masks broadcast with the
        pairs. A pair may fail for several reasons.
    evidence
        Takes one pair, returns the facts behind the verdict as plain values.
    lasting
        Whether it also holds for the second step of a pathway, months from now: seats and closing
        dates of today say nothing about then.
    """

    name: str
    codes: tuple[str, ...]
    failures: Callable[[Pairs], Sequence[Bools]]
    evidence: Callable[[Pairs], Mapping[str, object]]
    lasting: bool = True

    def forbids(self, pairs: Pairs) -> Bools:
        """Tell which pairs may not be offered, as a mask that broadcasts with the pairs."""
        masks = self.failures(pairs)
        forbidden = masks[0]
        for mask in masks[1:]:
            forbidden = forbidden | mask
        return forbidden


def nothing_more(pairs: Pairs) -> Mapping[str, object]:
    """Return no evidence: the code says it all."""
    return {}

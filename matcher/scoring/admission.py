"""Gates over a block of clients: which pairs may be offered, and why the others may not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from matcher.gates import Gate
from matcher.gates.gate import Bools
from matcher.pairs import Pairs


@dataclass(frozen=True)
class Admission:
    """Verdict of the gates on every pair of a block.

    Parameters
    ----------
    allowed
        Of shape (n, m).
    refused
        Offers refused to each client, by reason code, each of shape (n,).
    """

    allowed: Bools
    refused: dict[str, NDArray[np.intp]]

    def counts(self, row: int) -> dict[str, int]:
        """Return the refusals of one client by code, the most frequent first; zeros left out."""
        return by_code(self.refused, (int(total[row]) for total in self.refused.values()))


def by_code(codes: Iterable[str], counts: Iterable[int]) -> dict[str, int]:
    """Return the refusals of one client by code, the most frequent first; zeros left out."""
    hit = [found for found in zip(codes, counts, strict=True) if found[1]]
    hit.sort(key=itemgetter(1), reverse=True)
    return dict(hit)


def admit(pairs: Pairs, gates: Sequence[Gate]) -> Admission:
    """Return what the gates say of every pair of a block."""
    shape = pairs.shape
    forbidden = np.zeros(shape, dtype=bool)
    refused: dict[str, NDArray[np.intp]] = {}
    for gate in gates:
        for code, mask in zip(gate.codes, gate.failures(pairs), strict=True):
            forbidden |= mask
            refused[code] = _count(mask, shape)
    return Admission(~forbidden, refused)


def may_follow(pairs: Pairs, gates: Sequence[Gate]) -> Bools:
    """Tell which pairs no lasting gate forbids: what may come after a course."""
    forbidden = np.zeros(pairs.shape, dtype=bool)
    for gate in gates:
        if gate.lasting:
            forbidden |= gate.forbids(pairs)
    return ~forbidden


def _count(mask: Bools, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Offers hit per client, counted without spreading the mask out."""
    n, m = shape
    if mask.shape[1] == 1:
        return np.broadcast_to(mask[:, 0] * m, n)
    return np.broadcast_to(mask.sum(axis=1), n)

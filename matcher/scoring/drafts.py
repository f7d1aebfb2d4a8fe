"""From what is chosen to slates: the same for a market at rest and for one that changes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.pairs import Indices
from matcher.profiles import Profiles
from matcher.scoring.explanation import Explainer
from matcher.scoring.measures import Measures
from matcher.scoring.ways import Posting, Way
from matcher.slate import Slate, Suggestion

Step = tuple[int, int]
"""Training that comes first (-1: none), and offer."""


class Draft(NamedTuple):
    """Some clients in a row with what stands in their slates, in numbers.

    Parameters
    ----------
    profiles
        The clients.
    chosen
        What stands in the slate of each, best first.
    admissible
        Offers that no gate forbids, of shape (n,).
    refused
        Refusals of each client by code.
    considered
        Offers looked at.
    posting
        Finds the offer at a position.
    measure
        Gives the numbers of steps: client, training first (-1: none) and offer, of shape (p, 3).
    """

    profiles: Profiles
    chosen: list[list[Step]]
    admissible: NDArray[np.intp]
    refused: list[dict[str, int]]
    considered: int
    posting: Callable[[int], Posting]
    measure: Callable[[Indices], Measures]


def slates(draft: Draft, k: int, explainer: Explainer) -> Iterator[Slate]:
    """Return the slates of k that were drafted, in the order of their clients."""
    chosen = draft.chosen
    steps = [(row, *step) for row, slate in enumerate(chosen) for step in slate]
    told = iter(_told(draft, steps, explainer) if steps else ())
    for row, slate in enumerate(chosen):
        refused = draft.refused[row]
        yield Slate(
            client_id=str(draft.profiles.caseload.client_id[row]),
            suggestions=tuple(islice(told, len(slate))),
            considered=draft.considered,
            admissible=int(draft.admissible[row]),
            refused=refused,
            note=explainer.note(draft.considered, len(slate), k, refused),
        )


def _told(
    draft: Draft, steps: Sequence[tuple[int, int, int]], explainer: Explainer
) -> list[Suggestion]:
    measures = draft.measure(np.array(steps, dtype=np.intp))
    return explainer.suggestions(draft.profiles, [_way(draft, *step) for step in steps], measures)


def _way(draft: Draft, client: int, first: int, offer: int) -> Way:
    return Way(client, draft.posting(first) if first >= 0 else None, draft.posting(offer))

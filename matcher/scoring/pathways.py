"""Pathways: a training on offer, then the work or the grant that it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.gates import Gate
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.scoring.admission import may_follow
from matcher.scoring.scorecard import Scorecard

Indices = NDArray[np.intp]

COURSES = 8
"""Trainings a client that are followed up: the best of each livelihood, best livelihoods first."""


class Pathways(NamedTuple):
    """Pathways of a block of clients, one entry a pathway.

    Parameters
    ----------
    client
        Index of the client in the block.
    first, second
        Indices of the training and of what follows.
    score
        Log-odds.
    """

    client: Indices
    first: Indices
    second: Indices
    score: Floats


@dataclass(frozen=True)
class Graduates:
    """Clients as they would be after a course, with what they could do then.

    Parameters
    ----------
    profiles
        One row for each client and course.
    client, course
        Which, of shape (rows,).
    pairs
        Every graduate with every second step.
    """

    profiles: Profiles
    client: Indices
    course: Indices
    pairs: Pairs


def find_pathways(
    profiles: Profiles, offers: Offers, scores: Floats, scorecard: Scorecard, gates: Sequence[Gate]
) -> Pathways:
    """Return the best way on from each course, by kind, where the course makes it better.

    Parameters
    ----------
    profiles, offers
        A block of clients and the market.
    scores
        Scores of the offers alone, NaN where a gate forbids, of shape (n, m).
    scorecard, gates
        What scores and what forbids; gates that don't last are not asked of the second step.
    """
    graduates = _graduates(profiles, offers, scores)
    if graduates is None:
        return Pathways(*(np.empty(0, dtype=np.intp),) * 3, np.empty(0))
    pairs = _only(graduates.pairs, may_follow(graduates.pairs, gates))
    score = scorecard.score(pairs)
    client = graduates.client[pairs.client]
    alone = scores[client, pairs.offer]
    better = np.isnan(alone) | (score > alone)
    course = graduates.course[pairs.client]
    kept = _best_of_each(pairs, offers, score, better)
    return Pathways(client[kept], course[kept], pairs.offer[kept], score[kept])


def graduate(
    profiles: Profiles, offers: Offers, client: Indices, first: Indices, second: Indices
) -> Pairs:
    """Return clients, as they would be after a course, with what would follow it.

    Parameters
    ----------
    profiles, offers
        A block of clients and the market.
    client, first, second
        Indices of the client in the block, of the course and of what follows, of shape (p,).
    """
    taught = [offers.market.teaches[course] or () for course in first]
    learned = profiles.after_learning(client, taught)
    return Pairs(learned, offers, np.arange(len(first)), second, after=first)


def _graduates(profiles: Profiles, offers: Offers, scores: Floats) -> Graduates | None:
    client, course = _courses(offers, scores)
    after = [offers.by_livelihood[int(offers.livelihood[c])] for c in course]
    after = [second[~offers.is_training[second]] for second in after]
    row = np.repeat(np.arange(len(course)), [len(second) for second in after])
    if not len(row):
        return None
    taught = [offers.market.teaches[c] or () for c in course]
    learned = profiles.after_learning(client, taught)
    pairs = Pairs(learned, offers, row, np.concatenate(after), after=course[row])
    return Graduates(learned, client, course, pairs)


def _courses(offers: Offers, scores: Floats) -> tuple[Indices, Indices]:
    """The best admissible training of each livelihood for each client, a few livelihoods."""
    trainings = np.flatnonzero(offers.is_training & (offers.livelihood >= 0))
    client, position = np.nonzero(~np.isnan(scores[:, trainings]))
    course = trainings[position]
    rounded = -np.round(scores[client, course], 9)
    order = np.lexsort((offers.id_order[course], rounded, client))
    taken: dict[int, set[int]] = {}
    kept = []
    for entry in order:
        one, livelihood = int(client[entry]), int(offers.livelihood[course[entry]])
        known = taken.setdefault(one, set())
        if len(known) < COURSES and livelihood not in known:
            known.add(livelihood)
            kept.append(entry)
    rows = np.array(kept, dtype=np.intp)
    return client[rows], course[rows]


def _only(pairs: Pairs, wanted: NDArray[np.bool_]) -> Pairs:
    after = None if pairs.after is None else pairs.after[wanted]
    return Pairs(pairs.profiles, pairs.offers, pairs.client[wanted], pairs.offer[wanted], after)


def _best_of_each(
    pairs: Pairs, offers: Offers, score: Floats, better: NDArray[np.bool_]
) -> Indices:
    """Entries that are the best vacancy or the best grant after a course."""
    order = np.lexsort((offers.id_order[pairs.offer], -np.round(score, 9)))
    order = order[better[order]]
    group = 2 * pairs.client[order] + offers.is_grant[pairs.offer[order]]
    first = np.unique(group, return_index=True)[1]
    return order[first]

"""The engine's way through the readable formulas: every pair by arrays, block by block."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.gates import Gate
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles
from matcher.scoring.admission import Admission, admit
from matcher.scoring.candidates import best_first, candidate, single_offers
from matcher.scoring.drafts import Draft
from matcher.scoring.measures import measure_steps
from matcher.scoring.pathways import find_pathways
from matcher.scoring.ranker import Ranking
from matcher.scoring.scorecard import Scorecard
from matcher.scoring.ways import Posting
from matcher.slate import Candidate, choose

PAIRS_A_BLOCK = 1_000_000
"""Pairs looked at together: enough to be fast, few enough to stay in little memory."""


class _Block(NamedTuple):
    """Some clients in a row with the verdicts and scores of every offer."""

    start: int
    profiles: Profiles
    admission: Admission
    scores: Floats


class ReferencePath:
    """Scores, rankings and drafts as gates and features say them.

    Parameters
    ----------
    knowledge, scorecard, gates
        What the engine knows, how it weighs and what it forbids.
    """

    def __init__(self, knowledge: Knowledge, scorecard: Scorecard, gates: Sequence[Gate]) -> None:
        self._knowledge = knowledge
        self._scorecard = scorecard
        self._gates = gates

    def score(self, caseload: Caseload, offers: Offers) -> Floats:
        """Return the score of every pair in log-odds, of shape (n, m); NaN where a gate forbids."""
        scores = np.full((len(caseload), len(offers)), np.nan)
        for block in self._blocks(caseload, offers):
            scores[block.start : block.start + len(block.profiles)] = block.scores
        return scores

    def rank(self, caseload: Caseload, offers: Offers, k: int) -> Ranking:
        """Return the best single offers of each client by score alone; ties by offer id."""
        ids = np.full((len(caseload), k), -1, dtype=np.intp)
        scores = np.full((len(caseload), k), np.nan)
        for block in self._blocks(caseload, offers):
            for row, own in enumerate(block.scores, block.start):
                best = best_first(own, offers)[:k]
                ids[row, : len(best)], scores[row, : len(best)] = best, own[best]
        return Ranking(ids, scores)

    def drafts(self, caseload: Caseload, offers: Offers, k: int) -> Iterator[Draft]:
        """Yield what stands in slates of k, some clients at a time."""
        for block in self._blocks(caseload, offers):
            admission = block.admission
            yield Draft(
                block.profiles,
                [
                    [(one.first, one.offer) for one in choose(found, k)]
                    for found in self._candidates(block, offers, k)
                ],
                admission.allowed.sum(axis=1),
                [admission.counts(row) for row in range(len(block.profiles))],
                len(offers),
                partial(Posting, offers),
                partial(measure_steps, self._scorecard, block.profiles, offers),
            )

    def _blocks(self, caseload: Caseload, offers: Offers) -> Iterator[_Block]:
        size = max(1, PAIRS_A_BLOCK // max(1, len(offers)))
        for start in range(0, len(caseload), size):
            rows = np.arange(start, min(start + size, len(caseload)))
            profiles = Profiles(caseload.take(rows), self._knowledge)
            admission = admit(Pairs.all_of(profiles, offers), self._gates)
            yield _Block(start, profiles, admission, self._scores(profiles, offers, admission))

    def _scores(self, profiles: Profiles, offers: Offers, admission: Admission) -> Floats:
        client, offer = np.nonzero(admission.allowed)
        scores = np.full(admission.allowed.shape, np.nan)
        scores[client, offer] = self._scorecard.score(Pairs(profiles, offers, client, offer))
        return scores

    def _candidates(self, block: _Block, offers: Offers, k: int) -> list[list[Candidate]]:
        """What could stand in the slate of each client of a block."""
        candidates = [single_offers(own, offers, k) for own in block.scores]
        ways = find_pathways(block.profiles, offers, block.scores, self._scorecard, self._gates)
        for client, first, second, score in zip(*map(np.ndarray.tolist, ways), strict=True):
            candidates[client].append(candidate(offers, first, second, score))
        return candidates

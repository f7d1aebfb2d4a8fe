"""Slates from a snapshot of a market that changes."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.profiles import Profiles
from matcher.safety import Flag
from matcher.scoring.admission import by_code
from matcher.scoring.candidates import candidate
from matcher.scoring.compiled.live import Snapshot, joined
from matcher.scoring.compiled.scorer import Scorer
from matcher.scoring.explanation import Explainer
from matcher.slate import Candidate, Slate, choose
from matcher.vocabulary import PATHWAY


def live_slates(
    scorer: Scorer, profiles: Profiles, snapshot: Snapshot, k: int, explainer: Explainer, cores: int
) -> list[Slate]:
    """Return the slates of some clients, all from the same snapshot."""
    market = snapshot.compiled
    found = scorer.candidates(scorer.caseload(profiles, market), market, k, cores)
    chosen = []
    for row in range(len(profiles)):
        ways = found.ways[row, : found.candidates[row]].tolist()
        scored = zip(ways, found.scores[row].tolist(), strict=False)
        chosen.append(
            choose(
                [
                    _candidate(snapshot, first, second, score)
                    for (first, second, _), score in scored
                ],
                k,
            )
        )
    steps = [(row, c.first, c.offer) for row, slate in enumerate(chosen) for c in slate]
    few, steps = _few(snapshot, steps, profiles.knowledge)
    client, first, second = np.array(steps, dtype=np.intp).reshape(-1, 3).T
    told = iter(explainer.suggestions(profiles, few, client, first, second))
    considered = market.tally.totals["all"]
    slates = []
    for row, slate in enumerate(chosen):
        refused = by_code(found.refused, row)
        slates.append(
            Slate(
                client_id=str(profiles.caseload.client_id[row]),
                suggestions=tuple(islice(told, len(slate))),
                considered=considered,
                admissible=int(found.admissible[row]),
                refused=refused,
                note=explainer.note(considered, len(slate), k, refused),
            )
        )
    return slates


def _candidate(snapshot: Snapshot, first: int, second: int, score: float) -> Candidate:
    offers, row = snapshot.find(second)
    order = snapshot.compiled.stock.order
    ties = (int(order[second]), int(order[first]) if first >= 0 else -1)
    found = candidate(offers, -1, row, score)
    kind = PATHWAY if first >= 0 else found.kind
    return replace(found, offer=second, first=first, kind=kind, order=ties)


def _few(
    snapshot: Snapshot, steps: Sequence[tuple[int, int, int]], knowledge: Knowledge
) -> tuple[Offers, list[tuple[int, int, int]]]:
    """The offers chosen as a small market of their own, and the steps in its positions."""
    wanted = sorted({p for _, first, second in steps for p in (first, second) if p >= 0})
    if not wanted:
        return snapshot.compiled.offers, []
    position = {old: new for new, old in enumerate(wanted)} | {-1: -1}
    found = [snapshot.find(old) for old in wanted]
    market = joined([offers.market.take([row]) for offers, row in found])
    few = Offers(market, knowledge)
    screens = {str(o.market.opportunity_id[row]): o for o, row in found}
    few.__dict__["screen"] = _Screens(screens)
    return few, [(row, position[first], position[second]) for row, first, second in steps]


class _Screens:
    """The flags of a few offers, from the screens of the markets they came with."""

    def __init__(self, offers: dict[str, Offers]) -> None:
        self._offers = offers

    def flags(self, opportunity_id: str) -> tuple[Flag, ...]:
        """Return the flags of one offer."""
        return self._offers[opportunity_id].screen.flags(opportunity_id)

"""The engine's way through the compiled scorer; numba is loaded only where it is asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.gates import Gate
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.profiles import Profiles
from matcher.scoring.admission import by_code
from matcher.scoring.candidates import candidate
from matcher.scoring.explanation import Explainer
from matcher.scoring.scorecard import Scorecard
from matcher.slate import Candidate, Slate

if TYPE_CHECKING:
    from matcher.scoring.compiled.caseload import CompiledCaseload
    from matcher.scoring.compiled.live import LiveMarket
    from matcher.scoring.compiled.market import CompiledMarket
    from matcher.scoring.compiled.scorer import Found, Scorer

CLIENTS_A_BLOCK = 500
"""Clients whose slates are worked out together."""

MARKETS_KEPT = 4
"""Markets whose derived columns are kept; a market that is not asked for again is let go."""

ByReference = Callable[[Caseload], list[Candidate]]
"""Candidates of one client as the reference finds them."""


class NotCompiled(ValueError):  # noqa: N818 - reads as what it is
    """An engine that scores by the reference has no compiled clients; says why."""


class Draft(NamedTuple):
    """Some clients in a row with what their slates are chosen from."""

    profiles: Profiles
    candidates: list[list[Candidate]]
    admissible: NDArray[np.intp]
    refused: list[dict[str, int]]


class CompiledPath:
    """Scores, rankings and candidates by compiled kernels; keeps the last few markets folded."""

    def __init__(self, scorer: "Scorer", scorecard: Scorecard) -> None:
        self._scorer = scorer
        self._scorecard = scorecard
        self._markets: tuple[CompiledMarket, ...] = ()

    def prepare(self, caseload: Caseload, offers: Offers) -> "CompiledCaseload":
        """Return clients ready for a market."""
        profiles = Profiles(caseload, offers.knowledge)
        return self._scorer.caseload(profiles, self._market(offers))

    def rank(
        self, block: "CompiledCaseload", offers: Offers, k: int, cores: int
    ) -> tuple[NDArray[np.intp], Floats]:
        """Return positions of the best offers of each client, and scores, of shape (n, k)."""
        return self._scorer.rank(block, self._market(offers), k, cores)

    def score(self, caseload: Caseload, offers: Offers, cores: int) -> Floats:
        """Return every score, of shape (n, m); NaN where a gate forbids."""
        return self._scorer.score(self.prepare(caseload, offers), self._market(offers), cores)

    def live(self, offers: Offers) -> "LiveMarket":
        """Return a market that can be patched."""
        from matcher.scoring.compiled.live import LiveMarket

        return LiveMarket(offers, self._scorecard)

    def live_slates(
        self, profiles: Profiles, market: "LiveMarket", k: int, explainer: Explainer, cores: int
    ) -> list[Slate]:
        """Return the slates of some clients from the newest snapshot of a market."""
        from matcher.scoring.compiled.serving import live_slates

        return live_slates(self._scorer, profiles, market.snapshot, k, explainer, cores)

    def drafts(
        self, caseload: Caseload, offers: Offers, k: int, cores: int, by_reference: ByReference
    ) -> Iterator[Draft]:
        """Return what slates of k are chosen from, some clients at a time."""
        market = self._market(offers)
        for start in range(0, len(caseload), CLIENTS_A_BLOCK):
            rows = np.arange(start, min(start + CLIENTS_A_BLOCK, len(caseload)))
            profiles = Profiles(caseload.take(rows), offers.knowledge)
            clients = self._scorer.caseload(profiles, market)
            found = self._scorer.candidates(clients, market, k, cores)
            yield Draft(
                profiles,
                [_candidates(found, i, profiles, offers, by_reference) for i in range(len(rows))],
                found.admissible,
                [by_code(found.refused, row) for row in range(len(rows))],
            )

    def _market(self, offers: Offers) -> "CompiledMarket":
        for found in self._markets:
            if found.offers is offers:
                return found
        found = self._scorer.market(offers)
        self._markets = (found, *self._markets[: MARKETS_KEPT - 1])
        return found


def compiled_path(
    wanted: bool | None, knowledge: Knowledge, scorecard: Scorecard, gates: Sequence[Gate]
) -> tuple[CompiledPath | None, str]:
    """Return the compiled path, or why there is none.

    Raises
    ------
    NotCompiled
        Where it must be there (``wanted`` is True) and can't.
    """
    if wanted is False:
        return None, "not asked for: Engine(..., compiled=True)"
    try:
        from matcher.scoring.compiled.scorer import Scorer, reason_against

        reason = reason_against(scorecard.features, gates)
    except ModuleNotFoundError as error:
        if error.name != "numba":
            raise
        reason = "numba is missing: install livelihood-placement[speed]"
    if not reason:
        return CompiledPath(Scorer(knowledge, scorecard), scorecard), ""
    if wanted:
        raise NotCompiled(reason)
    return None, reason


def _candidates(
    found: "Found", row: int, profiles: Profiles, offers: Offers, by_reference: ByReference
) -> list[Candidate]:
    """Candidates of one client; by the reference where scores are too near to tell apart."""
    ways = found.ways[row, : found.candidates[row]]
    if ways[:, 2].any():
        return by_reference(profiles.caseload.take([row]))
    scores = found.scores[row, : len(ways)].tolist()
    return [
        candidate(offers, first, second, score)
        for (first, second, _), score in zip(ways.tolist(), scores, strict=True)
    ]

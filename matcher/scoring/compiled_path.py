"""The engine's way through the compiled scorer; numba is loaded only where it is asked for."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import Caseload
from matcher.columns import Floats
from matcher.gates import REASONS, Gate
from matcher.kept import Kept
from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.pairs import Indices
from matcher.profiles import Profiles
from matcher.scoring.admission import by_code
from matcher.scoring.drafts import Draft, Step
from matcher.scoring.measures import Measures
from matcher.scoring.ranker import Ranker
from matcher.scoring.scorecard import Scorecard
from matcher.scoring.ways import Posting

if TYPE_CHECKING:
    from matcher.scoring.compiled.caseload import CompiledCaseload, FoldedClients
    from matcher.scoring.compiled.live import LiveMarket
    from matcher.scoring.compiled.market import CompiledMarket
    from matcher.scoring.compiled.scorer import Scorer

CLIENTS_A_BLOCK = 500
"""Clients whose slates are worked out together."""

MARKETS_KEPT = 4
"""Markets whose derived columns are kept; a market that is not asked for again is let go."""

CASES_KEPT = 1_000
"""Blocks of one client that are kept folded, for the market they were last asked for."""

ByReference = Callable[[Caseload], list[Step]]
"""What stands in the slate of one client as the reference finds it."""


class NotCompiled(ValueError):  # noqa: N818 - reads as what it is
    """An engine that scores by the reference has no compiled clients; says why."""


class CompiledPath:
    """Scores, rankings and candidates by compiled kernels; keeps the last few markets folded."""

    def __init__(self, scorer: "Scorer", knowledge: Knowledge, scorecard: Scorecard) -> None:
        self._scorer = scorer
        self._knowledge = knowledge
        self._scorecard = scorecard
        self._markets = Kept(scorer.market, MARKETS_KEPT)
        self._cases = Kept(_Case, CASES_KEPT)

    def fold(self, offers: Offers) -> None:
        """Fold a market now, so that the first who asks does not wait for it."""
        self._market(offers)

    def clients(self, caseload: Caseload) -> "FoldedClients":
        """Return clients folded to be ranked, as far as that goes without a market."""
        return self._scorer.clients(Profiles(caseload, self._knowledge)).to_rank()

    def ranker(self, offers: Offers) -> Ranker:
        """Return what ranks clients against a market and can be sent away."""
        return Ranker(self._scorer, self._market(offers))

    def has_folded(self, offers: Offers) -> bool:
        """Tell whether a market is kept folded."""
        return offers in self._markets

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

    def measures(self, profiles: Profiles, offers: Offers, steps: Indices) -> Measures:
        """Return the numbers of steps: client, training first (-1: none) and offer, (p, 3)."""
        market = self._market(offers)
        return self._scorer.measures(self._clients(profiles, market), market, steps)

    def allows(self, profiles: Profiles, offers: Offers, offer: int) -> bool:
        """Tell whether no gate forbids an offer to the client of a block of one."""
        market = self._market(offers)
        return self._scorer.allows(self._clients(profiles, market), market, offer)

    def count_refusals(self, profiles: Profiles, offers: Offers) -> None:
        """Count what is refused to clients by class, as a slate does: to have its kernel loaded."""
        self._scorer.count_refusals(profiles, self._market(offers))

    def load(self, profiles: Profiles, offers: Offers) -> None:
        """Load the kernels that choose and measure: none is loaded where a slate is empty."""
        market = self._market(offers)
        self._scorer.load(self._clients(profiles, market), market)

    def live(self, offers: Offers) -> "LiveMarket":
        """Return a market that can be patched."""
        from matcher.scoring.compiled.live import LiveMarket

        return LiveMarket(offers, self._scorecard)

    def blocks(self, caseload: Caseload) -> Iterator[Caseload]:
        """Yield clients, some at a time."""
        if len(caseload) <= CLIENTS_A_BLOCK:
            yield caseload
            return
        for start in range(0, len(caseload), CLIENTS_A_BLOCK):
            yield caseload.take(np.arange(start, min(start + CLIENTS_A_BLOCK, len(caseload))))

    def draft(
        self, profiles: Profiles, offers: Offers, k: int, cores: int, by_reference: ByReference
    ) -> Draft:
        """Return what slates of k are chosen from."""
        posting = partial(Posting, offers)
        return self._draft(profiles, self._market(offers), posting, k, cores, by_reference)

    def live_draft(self, profiles: Profiles, market: "LiveMarket", k: int, cores: int) -> Draft:
        """Return what slates of k are chosen from, all from the newest snapshot of a market."""
        now = market.snapshot
        return self._draft(profiles, now.compiled, now.find, k, cores)

    def _draft(
        self,
        profiles: Profiles,
        market: "CompiledMarket",
        posting: Callable[[int], Posting],
        k: int,
        cores: int,
        by_reference: ByReference | None = None,
    ) -> Draft:
        clients = self._clients(profiles, market)
        found = self._scorer.candidates(clients, market, k, cores)
        chosen = found.steps()
        if by_reference:
            for row in np.flatnonzero(found.unsure).tolist():
                chosen[row] = by_reference(profiles.caseload.take([row]))
        return Draft(
            profiles,
            chosen,
            found.admissible,
            [by_code(REASONS, counts) for counts in found.refused.tolist()],
            market.tally.offers,
            posting,
            partial(self._scorer.measures, clients, market),
        )

    def _market(self, offers: Offers) -> "CompiledMarket":
        return self._markets.of(offers)

    def _clients(self, profiles: Profiles, market: "CompiledMarket") -> "CompiledCaseload":
        """Clients folded for a market; a client alone is folded once for it."""
        if len(profiles) > 1:
            return self._scorer.caseload(profiles, market)
        return self._cases.of(profiles).folded(market, self._scorer)


class _Case:
    """One client, folded for the market that was asked for last; lets that market go."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._last: tuple[ReferenceType[CompiledMarket], CompiledCaseload] | None = None

    def __reduce__(self) -> tuple[type["_Case"], tuple[Profiles]]:
        """Send the client alone: what is folded is soon folded again."""
        return _Case, (self._profiles,)

    def folded(self, market: "CompiledMarket", scorer: "Scorer") -> "CompiledCaseload":
        """Return the client folded for a market."""
        last = self._last
        if last is None or last[0]() is not market:
            self._last = last = ref(market), scorer.caseload(self._profiles, market)
        return last[1]


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
        reason = "numba is missing: install livelihood-placement with its dependencies"
    if not reason:
        return CompiledPath(Scorer(knowledge, scorecard), knowledge, scorecard), ""
    if wanted:
        raise NotCompiled(reason)
    return None, reason

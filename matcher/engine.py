"""The engine: caseload and market in, slates with reasons out."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.caseload import NOBODY, Caseload
from matcher.changes import helps
from matcher.columns import Floats
from matcher.errors import NotOffered, UnknownId
from matcher.features import FEATURES, Feature
from matcher.gates import GATES, Gate
from matcher.kept import Kept
from matcher.knowledge import Knowledge
from matcher.market import Market
from matcher.offers import Offers
from matcher.pairs import Indices, Pairs
from matcher.profiles import Profiles
from matcher.reference import ReferenceTables
from matcher.safety import Screen
from matcher.scoring.compiled_path import (
    MARKETS_KEPT,
    CompiledPath,
    NotCompiled,
    compiled_path,
)
from matcher.scoring.drafts import Draft, Step, slates
from matcher.scoring.explanation import Explainer
from matcher.scoring.measures import Measures, measure_steps
from matcher.scoring.pathways import graduate
from matcher.scoring.ranker import Ranker, Ranking
from matcher.scoring.reference_path import ReferencePath
from matcher.scoring.scorecard import Scorecard
from matcher.scoring.ways import Posting, Way
from matcher.slate import Help, Reason, Slate, Suggestion

if TYPE_CHECKING:
    from matcher.scoring.compiled.caseload import CompiledCaseload, FoldedClients
    from matcher.scoring.compiled.live import LiveMarket

CASES_KEPT = 1_000
"""Caseloads of one client whose derived columns are kept: officers ask about a client again."""

Progress = Callable[[int, int], None]


class Engine:
    """Suggests opportunities to clients, and says why and why not.

    The same engine serves any caseload and market. What it derives from a market is kept for the
    last few markets.

    Parameters
    ----------
    reference
        The reference tables, the expert scorecard among them.
    features, gates
        What scores and what forbids; the registered ones unless told otherwise.
    compiled
        Whether scores come from compiled kernels: True, they must; None, where numba is there and
        features and gates allow it.

    Attributes
    ----------
    compiled_reason : str
        Why scores come from the slower reference; empty where they are compiled.

    Raises
    ------
    NotCompiled
        Where kernels must be there and can't.
    """

    def __init__(
        self,
        reference: ReferenceTables,
        features: Sequence[Feature] = FEATURES,
        gates: Sequence[Gate] = GATES,
        compiled: bool | None = False,
    ) -> None:
        self.knowledge = Knowledge(reference)
        self.scorecard = Scorecard(reference.scorecard, features)
        self.gates = tuple(gates)
        self._offers = Kept(self._derive_offers, MARKETS_KEPT)
        self._cases = Kept(self._derive_profiles, CASES_KEPT)
        self._explainers: dict[str, Explainer] = {}
        self._reference = ReferencePath(self.knowledge, self.scorecard, self.gates)
        self._path, self.compiled_reason = compiled_path(
            compiled, self.knowledge, self.scorecard, self.gates
        )

    @property
    def version(self) -> str:
        """Version of the model: changes with any weight."""
        return self.scorecard.version

    def fold(self, market: Market) -> None:
        """Derive now what answers need of a market, so that the first does not wait for it."""
        offers = self._seen(market)
        if self._path:
            self._path.fold(offers)
        else:
            _ = offers.screen

    def has_folded(self, market: Market) -> bool:
        """Tell whether a market is kept folded for kernels, so that an answer takes an instant."""
        if self._path is None or market not in self._offers:
            return False
        return self._path.has_folded(self._seen(market))

    def warm(self, market: Market) -> None:
        """Fold a market and answer about nobody, so that no kernel is loaded while one waits."""
        self.warm_scores(market)
        self.warm_slates(market)

    def warm_scores(self, market: Market) -> None:
        """The first part of :meth:`warm`: fold it; load what scores, counts and explains."""
        self.fold(market)
        if self._path and len(market):
            nobody, offers = Profiles(NOBODY, self.knowledge), self._seen(market)
            self._path.load(nobody, offers)
            self._path.allows(nobody, offers, 0)
            self._path.count_refusals(nobody, offers)
            self.score(NOBODY, market)  # last: what compiles slates beside keeps its callees

    def warm_slates(self, market: Market) -> None:
        """The second part of :meth:`warm`: load what finds slates, the largest of the kernels.

        Where nothing is kept, two processes may do the two parts at once: each takes what the
        other has compiled.
        """
        self.suggest(NOBODY, market, k=1)

    def screen(self, market: Market) -> Screen:
        """Return the safety screen of a market."""
        return self._seen(market).screen

    def suggest(
        self,
        caseload: Caseload,
        market: "Market | LiveMarket",
        k: int = 5,
        language: str = "en",
        progress: Progress | None = None,
        cores: int = 1,
    ) -> list[Slate]:
        """Return a slate for each client, in order.

        Parameters
        ----------
        caseload, market
            Clients and opportunities.
        k
            Suggestions a slate holds at most.
        language
            Language of the words in it: ``en`` or ``km``.
        progress
            Called with the number of clients done and their total.
        cores
            Threads that score; the slates are the same with any number.

        Raises
        ------
        ValueError
            Where ``k`` is not positive or the language is not known.
        """
        if k < 1:
            raise ValueError(f"k: expected at least 1, got {k}")
        if not isinstance(market, Market):
            profiles = self._profiles(caseload)
            drafts = iter([self._compiled.live_draft(profiles, market, k, cores)])
        else:
            drafts = self._drafts(caseload, self._seen(market), k, cores)
        found: list[Slate] = []
        for draft in drafts:
            found += slates(draft, k, self._explainer(language))
            if progress:
                progress(len(found), len(caseload))
        return found

    def live(self, market: Market) -> "LiveMarket":
        """Return a market that can be patched while slates are asked of it.

        Raises
        ------
        NotCompiled
            Where this engine scores by the reference.
        """
        return self._compiled.live(self._seen(market))

    def rank(self, caseload: Caseload, market: Market, k: int = 10, cores: int = 1) -> Ranking:
        """Return the best single offers of each client by score alone; ties by offer id."""
        if self._path:
            return self.score_block(self.prepare(caseload, market), market, k, cores)
        return self._reference.rank(caseload, self._seen(market), k)

    def prepare(self, caseload: Caseload, market: Market) -> "CompiledCaseload":
        """Return clients ready for :meth:`score_block` on a market.

        Raises
        ------
        NotCompiled
            Where this engine scores by the reference.
        """
        return self._compiled.prepare(caseload, self._seen(market))

    def clients(self, caseload: Caseload) -> "FoldedClients":
        """Return clients folded before any market is known; a :class:`Ranker` goes on from there.

        Raises
        ------
        NotCompiled
            Where this engine scores by the reference.
        """
        return self._compiled.clients(caseload)

    def ranker(self, market: Market) -> Ranker:
        """Return what ranks clients against a market and is quick to send to another process.

        Raises
        ------
        NotCompiled
            Where this engine scores by the reference.
        """
        return self._compiled.ranker(self._seen(market))

    def score_block(
        self, block: "CompiledCaseload", market: Market, k: int = 10, cores: int = 1
    ) -> Ranking:
        """Return the same as :meth:`rank` for clients that were prepared for the market.

        Raises
        ------
        NotCompiled
            Where this engine scores by the reference.
        """
        return Ranking(*self._compiled.rank(block, self._seen(market), k, cores))

    def score(self, caseload: Caseload, market: Market, cores: int = 1) -> Floats:
        """Return the score of every pair in log-odds, of shape (n, m); NaN where a gate forbids."""
        if self._path:
            return self._path.score(caseload, self._seen(market), cores)
        return self._reference.score(caseload, self._seen(market))

    def why(
        self,
        caseload: Caseload,
        market: Market,
        client_id: str,
        opportunity_id: str,
        language: str = "en",
        then: str | None = None,
    ) -> Suggestion:
        """Return one offer, or a pathway, as it would be suggested to one client.

        Parameters
        ----------
        caseload, market
            Clients and opportunities.
        client_id, opportunity_id
            Which pair.
        language
            ``en`` or ``km``.
        then
            For a pathway: what would follow the training ``opportunity_id``.

        Raises
        ------
        UnknownId
            Where there is no such client or opportunity.
        NotOffered
            Where a gate forbids it; carries every reason.
        """
        offers = self._seen(market)
        profiles, offer = self._find(caseload, offers, client_id, opportunity_id)
        explainer = self._explainer(language)
        first, second = -1, offer
        reasons = self._reasons(profiles, offers, offer, explainer)
        if then is not None:
            first, second = offer, _offer(offers, then)
            after = graduate(profiles, offers, *np.array([[0], [first], [second]]))
            reasons += explainer.reasons(after, [gate for gate in self.gates if gate.lasting])
        if reasons:
            raise NotOffered(reasons)
        steps = np.array([[0, first, second]])
        measures = self._measures(profiles, offers, steps)
        before = Posting(offers, first) if first >= 0 else None
        return explainer.suggestions(profiles, [Way(0, before, Posting(offers, second))], measures)[
            0
        ]

    def why_not(
        self,
        caseload: Caseload,
        market: Market,
        client_id: str,
        opportunity_id: str,
        language: str = "en",
    ) -> list[Reason]:
        """Return every reason why an offer may not be made to a client; none where it may.

        Raises
        ------
        UnknownId
            Where there is no such client or opportunity.
        """
        offers = self._seen(market)
        profiles, offer = self._find(caseload, offers, client_id, opportunity_id)
        return self._reasons(profiles, offers, offer, self._explainer(language))

    def what_would_help(
        self, caseload: Caseload, market: Market, client_id: str, language: str = "en"
    ) -> list[Help]:
        """Return what can be changed and what it would change, the most useful first.

        Only things that can change are tried: a course on offer, a grant on offer, a document, a
        vehicle. Each is tried by scoring the changed client against the whole market.

        Raises
        ------
        UnknownId
            Where there is no such client.
        """
        client = caseload.take([_row(caseload.client_id, client_id, "client")])
        offers = self._seen(market)
        score = self._reference.score
        return helps(client, offers, score(client, offers)[0], score, self._explainer(language))

    def _reasons(
        self, profiles: Profiles, offers: Offers, offer: int, explainer: Explainer
    ) -> list[Reason]:
        """Why a pair may not be offered; kernels tell in an instant where it may."""
        if self._path and self._path.allows(profiles, offers, offer):
            return []
        return explainer.reasons(_pair(profiles, offers, offer), self.gates)

    def _measures(self, profiles: Profiles, offers: Offers, steps: Indices) -> Measures:
        if self._path:
            return self._path.measures(profiles, offers, steps)
        return measure_steps(self.scorecard, profiles, offers, steps)

    def _explainer(self, language: str) -> Explainer:
        if language not in self._explainers:
            self._explainers[language] = Explainer(self.knowledge, self.scorecard, language)
        return self._explainers[language]

    def _seen(self, market: Market) -> Offers:
        return self._offers.of(market)

    def _derive_offers(self, market: Market) -> Offers:
        return Offers(market, self.knowledge)

    def _derive_profiles(self, caseload: Caseload) -> Profiles:
        return Profiles(caseload, self.knowledge)

    def _profiles(self, caseload: Caseload) -> Profiles:
        """Clients seen through the reference; those of a single client are kept."""
        alone = len(caseload) == 1
        return self._cases.of(caseload) if alone else self._derive_profiles(caseload)

    def _find(
        self, caseload: Caseload, offers: Offers, client_id: str, opportunity_id: str
    ) -> tuple[Profiles, int]:
        row = _row(caseload.client_id, client_id, "client")
        offer = _offer(offers, opportunity_id)
        one = caseload.take([row]) if len(caseload) > 1 else caseload
        return self._profiles(one), offer

    @property
    def _compiled(self) -> CompiledPath:
        if self._path is None:
            raise NotCompiled(self.compiled_reason)
        return self._path

    def _drafts(self, caseload: Caseload, offers: Offers, k: int, cores: int) -> Iterator[Draft]:
        def by_reference(client: Caseload) -> list[Step]:
            return next(self._reference.drafts(client, offers, k)).chosen[0]

        if self._path is None:
            yield from self._reference.drafts(caseload, offers, k)
            return
        for some in self._path.blocks(caseload):
            yield self._path.draft(self._profiles(some), offers, k, cores, by_reference)


def _pair(profiles: Profiles, offers: Offers, offer: int) -> Pairs:
    return Pairs(profiles, offers, np.array([0]), np.array([offer]))


def _offer(offers: Offers, wanted: str) -> int:
    found = offers.rows.get(wanted)
    if found is None:
        raise UnknownId("opportunity", wanted)
    return found


def _row(ids: NDArray[np.object_], wanted: str, what: str) -> int:
    found = np.flatnonzero(ids == wanted)
    if not len(found):
        raise UnknownId(what, wanted)
    return int(found[0])

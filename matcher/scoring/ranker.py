"""Clients ranked by kernels against one market: all that takes, and no more, to be sent away."""

from typing import TYPE_CHECKING, NamedTuple

from matcher.columns import Floats
from matcher.pairs import Indices

if TYPE_CHECKING:
    from matcher.scoring.compiled.caseload import FoldedClients
    from matcher.scoring.compiled.market import CompiledMarket
    from matcher.scoring.compiled.scorer import Scorer


class Ranking(NamedTuple):
    """The best offers of each client.

    Parameters
    ----------
    ids
        Positions in the market, of shape (n, k); -1 where there are fewer.
    scores
        Log-odds, of shape (n, k); NaN where there are fewer.
    """

    ids: Indices
    scores: Floats


class Ranker:
    """Ranks clients against one folded market; another process can do so with a copy.

    Parameters
    ----------
    scorer
        How the engine weighs.
    market
        The market.
    """

    def __init__(self, scorer: "Scorer", market: "CompiledMarket") -> None:
        self._scorer = scorer
        self._market = market.to_rank()

    def rank(self, folded: "FoldedClients", k: int, cores: int = 1) -> Ranking:
        """Return the best offers of clients that an engine with the same tables has folded."""
        return Ranking(*self._scorer.rank(folded.facing(self._market), self._market, k, cores))

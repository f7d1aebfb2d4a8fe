"""Results as Arrow tables.

Scores and probabilities are rounded to nine decimals, where the engine itself calls two scores
equal: processors differ behind them.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa

from matcher.caseload import Caseload
from matcher.columns import Objects
from matcher.engine import Engine
from matcher.market import Market
from matcher.scoring.ranker import Ranking
from matcher.scoring.scorecard import Scorecard
from matcher.slate import Slate

DECIMALS = 9

_SHORT = [
    pa.field("client_id", pa.string(), nullable=False),
    pa.field("position", pa.int32(), nullable=False),
    pa.field("opportunity_id", pa.string(), nullable=False),
    pa.field("kind", pa.string(), nullable=False),
    pa.field("score", pa.float64(), nullable=False),
    pa.field("retention_90d", pa.float64(), nullable=False),
    pa.field("retention_180d", pa.float64(), nullable=False),
]
_REASON = pa.struct(
    [
        pa.field("feature", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("contribution", pa.float64()),
        pa.field("text", pa.string()),
    ]
)
RANKS = pa.schema(_SHORT)
"""Columns of the best offers by score: one row a client and offer, best first."""

SLATES = pa.schema(
    [
        *_SHORT,
        pa.field("steps", pa.list_(pa.string())),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("title", pa.string()),
        pa.field("livelihood", pa.string()),
        pa.field("base", pa.float64()),
        pa.field("reasons", pa.list_(_REASON)),
        pa.field("certain", pa.string()),
        pa.field("hoped", pa.string()),
        pa.field("cautions", pa.list_(pa.string())),
        pa.field("income_usd", pa.float64()),
        pa.field("net_income_usd", pa.float64()),
        pa.field("travel_minutes", pa.float64()),
        pa.field("diversification", pa.float64()),
    ]
)
"""Columns of full slates: one row a suggestion, in the order the officer sees them."""

_COPIED = ("opportunity_id", "kind", "title", "livelihood", "certain", "hoped")
_ROUNDED = (
    "score",
    "base",
    "retention_90d",
    "retention_180d",
    "income_usd",
    "net_income_usd",
    "travel_minutes",
    "diversification",
)


class Answer(NamedTuple):
    """What a block of clients gets.

    Parameters
    ----------
    rows
        An Arrow table, by client in their order and then by position.
    full, without
        Clients with as many suggestions as were asked for, and with none.
    """

    rows: Any
    full: int
    without: int


class Listed(NamedTuple):
    """What a ranking tells of an offer beside its score, as Arrow arrays, one value an offer."""

    opportunity_id: Any
    kind: Any

    @classmethod
    def of(cls, market: Market) -> Self:
        """Return it for a market."""
        told = market.opportunity_id, market.kind
        return cls(*(pa.array(column, pa.string()) for column in told))


def ranks(ranking: Ranking, client_id: Objects, offers: Listed, scorecard: Scorecard) -> Answer:
    """Return a ranking of a block of clients as rows.

    Parameters
    ----------
    ranking
        The best offers of each client.
    client_id
        The clients.
    offers
        The market.
    scorecard
        What the scores were taken with.
    """
    given = ranking.ids >= 0
    row, position = np.nonzero(given)
    offer, scores = ranking.ids[row, position], ranking.scores[row, position]
    columns = [
        client_id[row],
        position + 1,
        *(column.take(pa.array(offer)) for column in offers),
        *(np.round(values, DECIMALS) for values in (scores, *scorecard.retention(scores))),
    ]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, RANKS, strict=True)]
    rows = pa.Table.from_arrays(arrays, schema=RANKS)
    return _answer(rows, given.sum(axis=1), given.shape[1])


def slates(engine: Engine, caseload: Caseload, market: Market, k: int, language: str) -> Answer:
    """Return the full slate of each client."""
    found = engine.suggest(caseload, market, k, language)
    rows = pa.Table.from_pylist([row for slate in found for row in _slate_rows(slate)], SLATES)
    return _answer(rows, np.array([len(slate.suggestions) for slate in found]), k)


def _answer(rows: Any, given: Any, k: int) -> Answer:
    return Answer(rows, full=int((given == k).sum()), without=int((given == 0).sum()))


def _slate_rows(slate: Slate) -> Iterable[dict[str, Any]]:
    for position, suggestion in enumerate(slate.suggestions, 1):
        low, high = suggestion.interval
        yield {
            "client_id": slate.client_id,
            "position": position,
            "steps": list(suggestion.steps),
            "cautions": list(suggestion.cautions),
            "low": _rounded(low),
            "high": _rounded(high),
            **{name: getattr(suggestion, name) for name in _COPIED},
            **{name: _rounded(getattr(suggestion, name)) for name in _ROUNDED},
            "reasons": [
                {
                    "feature": line.feature,
                    "value": _rounded(line.value),
                    "contribution": _rounded(line.contribution),
                    "text": line.text,
                }
                for line in suggestion.reasons
            ],
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS)

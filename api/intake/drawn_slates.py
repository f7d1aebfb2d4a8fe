"""Slates of a drawn history, as rows: every option, and how likely each was to be put first.

They hold what a model is judged by: features, contributions, propensities. Words were never shown
to anybody, so none are kept.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from api.plain_json import Written, dumped
from matcher.columns import Floats
from matcher.simulation import Simulator
from matcher.simulation.logs import Log

NOTE: Final = "Drawn: nobody was shown this slate, and no words were kept."


class DrawnSlate(NamedTuple):
    """One slate that never was.

    Parameters
    ----------
    head
        Columns of the slate, without its id and its day.
    offers
        Columns of its options, the one that was put first, without the slate's id.
    """

    head: dict[str, Any]
    offers: list[dict[str, Any]]


class Drawn(NamedTuple):
    """What the scorecard says of every option of a log, each of shape (options,)."""

    score: Floats
    values: Floats
    contributions: Floats
    retention_90d: Floats
    retention_180d: Floats
    low: Floats
    high: Floats


def drawn_slates(simulator: Simulator, log: Log, rows: Iterator[int]) -> Iterator[DrawnSlate]:
    """Yield the slates of some rows of a log.

    Parameters
    ----------
    simulator
        Whose clients and offers they are.
    log
        The log.
    rows
        Rows of the log.
    """
    market, admissible = simulator.market, (~np.isnan(simulator.score)).sum(axis=1)
    for row in rows:
        options = np.flatnonzero(log.offered[row]).tolist()
        places = sorted(options, key=lambda place: place != log.chosen[row])
        said = _said(simulator, log, row, places)
        offers = [
            _offer(simulator, int(log.offer[row, place]), said, number)
            | {"position": number + 1, "propensity": float(log.behaviour[row, place])}
            for number, place in enumerate(places)
        ]
        client = int(log.client[row])
        head = {
            "client_id": str(simulator.caseload.client_id[client]),
            "language": "en",
            "asked": log.offered.shape[1],
            "considered": len(market),
            "admissible": int(admissible[client]),
            "refused": {},
            "note": NOTE,
        }
        yield DrawnSlate(head, offers)


def _said(simulator: Simulator, log: Log, row: int, places: list[int]) -> Drawn:
    card = simulator.engine.scorecard
    values = list(log.features[row, places].T)
    worth = card.contributions(values)
    score = simulator.score[log.client[row], log.offer[row, places]]
    told = card.forecast(score, card.variance(values, worth))
    return Drawn(
        score,
        np.stack(values, axis=1),
        np.stack(worth, axis=1),
        told.retention_90d,
        told.retention_180d,
        told.low,
        told.high,
    )


def _offer(simulator: Simulator, offer: int, said: Drawn, number: int) -> dict[str, Any]:
    market, names = simulator.market, simulator.feature_names
    opportunity_id = str(market.opportunity_id[offer])
    told = {
        "opportunity_id": opportunity_id,
        "kind": str(market.kind[offer]),
        "steps": [opportunity_id],
        "score": float(said.score[number]),
        "base": simulator.engine.scorecard.base,
        "contributions": dict(zip(names, said.contributions[number].tolist(), strict=True)),
        "retention_90d": float(said.retention_90d[number]),
        "retention_180d": float(said.retention_180d[number]),
    }
    interval = (float(said.low[number]), float(said.high[number]))
    values = [None if value != value else value for value in said.values[number].tolist()]
    shown = told | WORDLESS | {"interval": interval, "title": str(market.title[offer])}
    return told | {
        "features": dict(zip(names, values, strict=True)),
        "interval_low": interval[0],
        "interval_high": interval[1],
        "shown": Written(dumped(shown)),
    }


WORDLESS: Final[dict[str, Any]] = {
    "livelihood": None,
    "employer": None,
    "place": None,
    "reasons": [],
    "certain": "",
    "hoped": "",
    "cautions": [],
    "income_usd": None,
    "net_income_usd": None,
    "travel_minutes": None,
    "climate": {},
    "diversification": None,
}
"""What of a suggestion is not drawn."""

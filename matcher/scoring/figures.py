"""The numbers of each pair as plain values."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import Floats
from matcher.scoring.measures import Measures
from matcher.scoring.scorecard import Forecast


class Figures(NamedTuple):
    """The numbers of one pair; NaN where one is not known.

    ``order`` holds the positions of the features, the weightiest first; ``spread`` is the ratio
    of :class:`matcher.scoring.diversification.Diversification`.
    """

    values: list[float]
    contributions: list[float]
    order: list[int]
    score: float
    retention: tuple[float, float]
    interval: tuple[float, float]
    place: int
    net_income_usd: float
    travel_minutes: float
    loss: float
    hazard_parts: list[float]
    spread: float


def figures(measures: Measures, forecast: Forecast, spread: Floats) -> Iterator[Figures]:
    """Return the numbers of each pair."""
    return map(
        Figures,
        measures.values.tolist(),
        measures.contributions.tolist(),
        np.argsort(-np.abs(measures.contributions), axis=1, kind="stable").tolist(),
        measures.score.tolist(),
        zip(forecast.retention_90d.tolist(), forecast.retention_180d.tolist(), strict=True),
        zip(forecast.low.tolist(), forecast.high.tolist(), strict=True),
        measures.place.tolist(),
        measures.net_income_usd.tolist(),
        measures.travel_minutes.tolist(),
        measures.loss.tolist(),
        measures.hazard_parts.tolist(),
        spread.tolist(),
    )

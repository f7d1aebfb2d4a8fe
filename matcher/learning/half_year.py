"""From day 90 to day 180: what the second three months take, learned beside the expert's opinion.

The scorecard's score is of day 90; one shift of its log-odds leads to day 180. The cumulative
incidence of :class:`OutcomeModel` says what share of those there on day 90 is there on day 180, and
the shift is the one that gives that share, drawn to the expert's by how many were seen so long.
"""

from typing import Final

import pandas as pd
from scipy.optimize import brentq

from matcher.columns import Floats
from matcher.learning.outcomes import OutcomeModel
from matcher.learning.placements import CENSORED, Placements
from matcher.learning.prior import Prior
from matcher.learning.retention import RetentionModel
from matcher.scoring.scorecard import LATER, probability

QUARTER_DAYS: Final = 90
HALF_YEAR_DAYS: Final = 180
LEAST_EACH: Final = 10
"""Fewer who left, or who stayed, between both days leave the expert's shift as it is."""

WIDEST: Final = 20.0


def retention_180d(model: RetentionModel, table: pd.DataFrame, features: Floats) -> Floats:
    """Return the probability of being there and safe after 180 days, of shape (n,)."""
    return probability(model.decision_function(features) + shift_of(model, table))


def shift_of(model: RetentionModel, table: pd.DataFrame) -> float:
    """Return a model's own shift, or the expert's where it has learned none."""
    own = model.half_year_shift
    return float(_expert(table)["points"]) if own is None else own


def half_year_shift(
    model: RetentionModel, placements: Placements, table: pd.DataFrame
) -> float | None:
    """Return the log-odds by which day 180 is below day 90; None where too few were seen so long.

    Parameters
    ----------
    model
        Of day 90.
    placements
        All that is known.
    table
        The expert scorecard, with her shift and how unsure she is of it.
    """
    left, stayed = _between(placements)
    if min(left, stayed) < LEAST_EACH:
        return None
    outcomes = OutcomeModel(prior=Prior.of(table))
    outcomes.fit(placements.features, placements.days, placements.cause)
    there = outcomes.retention(placements.features, [QUARTER_DAYS, HALF_YEAR_DAYS]).mean(axis=0)
    share = float(there[1] / there[0])
    log_odds = model.decision_function(placements.features)
    before = float(probability(log_odds).mean())
    after = share * before
    found = brentq(lambda s: float(probability(log_odds + s).mean()) - after, -WIDEST, 0.0)
    variance = share * (1.0 - share) / (left + stayed) * (before / (after * (1.0 - after))) ** 2
    expert = _expert(table)
    doubt = float(expert["uncertainty"]) ** 2
    weight = doubt / (doubt + variance)
    return float(weight * found + (1.0 - weight) * float(expert["points"]))


def _between(placements: Placements) -> tuple[int, int]:
    """How many are known to have left between both days, and to have stayed."""
    days, gone = placements.days, placements.cause != CENSORED
    left = gone & (days > QUARTER_DAYS) & (days <= HALF_YEAR_DAYS)
    return int(left.sum()), int(((days >= HALF_YEAR_DAYS) & ~left).sum())


def _expert(table: pd.DataFrame) -> pd.Series:
    return table.loc[table["feature"] == LATER].iloc[0]

"""Yearly retraining from what follow-up has told."""

from typing import Final

import numpy as np

from matcher.columns import Floats
from matcher.learning import Prior, RetentionModel
from matcher.learning.placements import labels
from matcher.scoring.scorecard import Scorecard
from matcher.simulation.logs import HALF_YEAR
from matcher.simulation.programme.desk import Desk

BASE_SD: Final = 0.5
"""How unsure the expert is of the base on day 180: 0.45 on day 90 and 0.2 of the months after."""


def expert_prior(scorecard: Scorecard) -> Prior:
    """Return the expert's opinion of day 180 as a prior."""
    half_year = float(scorecard.retention(np.array([scorecard.base]))[1][0])
    directions = tuple(feature.direction for feature in scorecard.features)
    base = np.log(half_year / (1.0 - half_year))
    return Prior(base, BASE_SD, scorecard.terms, directions)


def relearned(desk: Desk) -> Floats:
    """Return the probability of being there and safe after 180 days, of shape (pairs,)."""
    stage = desk.stage
    pairs, observed = desk.outcomes()
    known = labels(observed.days, observed.cause, HALF_YEAR)
    model = RetentionModel(prior=expert_prior(stage.simulator.engine.scorecard))
    model.fit(stage.features[pairs[known.row]], known.retained, sample_weight=known.weight)
    return np.asarray(model.predict_proba(stage.features)[:, 1])

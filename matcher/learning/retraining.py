"""From placements to a model beside the expert's, and to the scorecard it stands for."""

from typing import Final

import numpy as np
import pandas as pd

from matcher.features import FEATURES
from matcher.learning.placements import Placements
from matcher.learning.prior import Prior
from matcher.learning.retention import RetentionModel
from matcher.scoring.scorecard import LATER, LEARNED

HORIZON_DAYS: Final = 90
"""The scorecard's score is the log-odds of being retained and safe on this day."""

SCHEMA: Final = tuple(feature.name for feature in FEATURES)
"""Columns of what a model learns from, in order."""

DIRECTIONS: Final = {feature.name: feature.direction for feature in FEATURES}


def expert_model(table: pd.DataFrame) -> RetentionModel:
    """Return the expert scorecard as a model: nothing learned yet."""
    nothing = np.empty((0, len(SCHEMA)))
    return RetentionModel(prior=Prior.of(table)).fit(nothing, np.empty(0, dtype=np.int64))


def retrained(placements: Placements, table: pd.DataFrame, seed: int = 0) -> RetentionModel:
    """Return the expert's opinion moved by outcomes.

    Parameters
    ----------
    placements
        All that is known.
    table
        The expert scorecard.
    seed
        Of the estimator.
    """
    labels = placements.labels(HORIZON_DAYS)
    model = RetentionModel(prior=Prior.of(table), random_state=seed)
    return model.fit(placements.features[labels.row], labels.retained, labels.weight)


def learned_scorecard(model: RetentionModel, table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the scorecard that scores as a model does, under the model's version.

    Parameters
    ----------
    model
        What was learned.
    table
        The expert scorecard, for everything that is not learned.
    version
        Of the model; the scorecard's own.
    """
    learned = model.scorecard(table)
    told = learned["feature"] != LATER
    if model.half_year_shift is not None:
        learned.loc[~told, "points"] = repr(model.half_year_shift)
        told[:] = True
    learned.loc[told, "basis"], learned.loc[told, "source"] = LEARNED, version
    return learned

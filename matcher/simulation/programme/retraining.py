"""Yearly retraining from what follow-up has told."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.learning import Prior, RetentionModel
from matcher.scoring.scorecard import Scorecard
from matcher.simulation.logs import HALF_YEAR
from matcher.simulation.programme.desk import Desk
from matcher.simulation.visits import Observed
from matcher.simulation.world import VISIT_DAYS, Cause

BASE_SD: Final = 0.5
"""How unsure the expert is of the base on day 180: 0.45 on day 90 and 0.2 of the months after."""

_VISITS: Final = VISIT_DAYS.index(HALF_YEAR) + 1


class Labels(NamedTuple):
    """Who is known to be there and safe after 180 days.

    Parameters
    ----------
    row
        Rows of the placements of which it is known, of shape (q,).
    retained
        1 there and safe, 0 gone, of shape (q,).
    weight
        How many placements each stands for, of shape (q,): itself and those lost like it.
    """

    row: NDArray[np.intp]
    retained: NDArray[np.int64]
    weight: Floats


def half_year_labels(observed: Observed) -> Labels:
    """Return what is known of the first 180 days, weighted for those of whom it is not.

    Who left early is known sooner than who stayed. Each known outcome is weighted by the inverse
    of the probability of being followed up long enough to be known.

    References
    ----------
    Robins, J. M., Rotnitzky, A. (1992), Recovery of information and adjustment for dependent
    censoring using surrogate markers.
    """
    gone = (observed.cause != Cause.CENSORED) & (observed.days <= HALF_YEAR)
    stayed = observed.days >= HALF_YEAR
    known = gone | stayed
    visit = np.searchsorted(VISIT_DAYS, observed.days, side="left")
    needed = np.where(gone, visit, _VISITS - 1)
    made = np.where(known, _VISITS, np.searchsorted(VISIT_DAYS, observed.days, side="right"))
    followed = np.ones(_VISITS)
    for v in range(_VISITS):
        due = (made >= v) & ~(gone & (needed < v))
        missed = ~known & (made == v)
        followed[v] = 1.0 - missed.sum() / max(1, due.sum())
    row = np.flatnonzero(known)
    weight = np.asarray(1.0 / np.cumprod(followed)[needed[row]], dtype=np.float64)
    return Labels(row, (~gone[row]).astype(np.int64), weight)


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
    labels = half_year_labels(observed)
    model = RetentionModel(prior=expert_prior(stage.simulator.engine.scorecard))
    model.fit(stage.features[pairs[labels.row]], labels.retained, sample_weight=labels.weight)
    return np.asarray(model.predict_proba(stage.features)[:, 1])

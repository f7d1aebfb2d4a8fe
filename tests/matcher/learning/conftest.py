"""The expert's opinion, and placements drawn from a law that is known."""

from typing import NamedTuple

import numpy as np
import pytest

from data import Reference
from matcher.columns import Floats
from matcher.features import FEATURES
from matcher.learning import Prior
from matcher.scoring.scorecard import probability


class Drawn(NamedTuple):
    """Features with gaps, true log-odds and outcomes."""

    features: Floats
    log_odds: Floats
    outcome: Floats


@pytest.fixture(scope="session")
def expert(reference: Reference) -> Prior:
    return Prior.of(reference.scorecard)


def features_like(prior: Prior, rows: int, dice: np.random.Generator) -> Floats:
    """Values over the range of each term; one in twenty is not known."""
    ends = np.array([[term.knots[0], term.knots[-1]] for term in prior.terms])
    values = ends[:, 0] + dice.random((rows, len(FEATURES))) * np.ptp(ends, axis=1)
    return np.where(dice.random(values.shape) < 0.05, np.nan, values)


def expert_log_odds(prior: Prior, features: Floats) -> Floats:
    parts = [term(features[:, k]) for k, term in enumerate(prior.terms)]
    return np.asarray(prior.base + np.sum(parts, axis=0))


def drawn(prior: Prior, rows: int, seed: int, strength: float = 1.0) -> Drawn:
    """Outcomes where the expert is right but for the strength of what she says."""
    dice = np.random.default_rng(seed)
    features = features_like(prior, rows, dice)
    expert = expert_log_odds(prior, features)
    log_odds = prior.base + strength * (expert - prior.base)
    outcome = (dice.random(rows) < probability(log_odds)).astype(float)
    return Drawn(features, log_odds, outcome)

"""What the second three months take is learned, and is the expert's where too few were seen."""

import numpy as np
import pytest

from data import Reference
from matcher.learning import Prior
from matcher.learning.half_year import half_year_shift, retention_180d, shift_of
from matcher.learning.placements import Placements
from matcher.learning.retraining import expert_model, learned_scorecard, retrained
from matcher.scoring.scorecard import LATER
from tests.matcher.learning.conftest import features_like


def followed(expert: Prior, n: int, leaves_later: float, seed: int = 1) -> Placements:
    """Draw placements: 7 in 10 there on day 90, a share of them gone by day 180, 3 in 10 lost."""
    dice = np.random.default_rng(seed)
    features = features_like(expert, n, dice)
    early, later = dice.random(n) < 0.3, dice.random(n) < leaves_later
    left_on = np.where(early, 60.0, np.where(later, 130.0, np.inf))
    made = (dice.random((n, 4)) < 0.9).cumprod(axis=1).sum(axis=1)
    last = np.array([0.0, 30, 90, 180, 365])[made]
    told = left_on <= last
    placed_on = np.full(n, np.datetime64("2024-01-01"))
    days = np.where(told, left_on, last)
    return Placements(features, days, told.astype(np.int64), np.arange(n), placed_on)


@pytest.mark.parametrize("leaves_later", [0.1, 0.4])
def test_day_180_is_as_often_reached_as_it_was(
    reference: Reference, expert: Prior, leaves_later: float
) -> None:
    table, seen = reference.scorecard, followed(expert, 2_000, leaves_later)
    model = retrained(seen, table)
    model.half_year_shift = half_year_shift(model, seen, table)
    share = (
        retention_180d(model, table, seen.features).sum()
        / model.predict_proba(seen.features)[:, 1].sum()
    )
    assert share == pytest.approx(1 - leaves_later, abs=0.04)
    learned = learned_scorecard(model, table, "retention-1").set_index("feature")
    assert float(learned.loc[LATER, "points"]) == model.half_year_shift
    assert set(learned["source"]) == {"retention-1"}


def test_with_few_seen_so_long_the_expert_is_believed(reference: Reference, expert: Prior) -> None:
    table, seen = reference.scorecard, followed(expert, 40, 0.1)
    model = retrained(seen, table)
    assert half_year_shift(model, seen, table) is None
    assert shift_of(expert_model(table), table) == -0.4
    assert learned_scorecard(model, table, "v").set_index("feature").loc[LATER, "source"] != "v"

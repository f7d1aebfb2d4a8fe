"""Yearly retraining from what follow-up has told: as the product does it, let in on proof only."""

from typing import Final

import numpy as np

from matcher.learning import Prior, RetentionModel, row_log_loss
from matcher.learning.placements import Placements
from matcher.learning.retraining import HORIZON_DAYS
from matcher.scoring.scorecard import Scorecard, probability
from matcher.simulation.programme.desk import Desk
from matcher.simulation.programme.stage import Stage

HELD_OUT_SHARE: Final = 0.25
"""Share of the placements, the latest, that judge what was learned from those before."""

_START: Final = np.datetime64("2000-01-01", "D")
"""Day on which every programme starts: only differences count."""


def expert_prior(scorecard: Scorecard) -> Prior:
    """Return the expert's opinion as a prior."""
    directions = tuple(feature.direction for feature in scorecard.features)
    return Prior(scorecard.base, scorecard.base_sd, scorecard.terms, directions)


class Learner:
    """What placements are thought to be worth, from the expert's opinion on.

    Parameters
    ----------
    stage
        The programme's; of it only what the desk has seen is learned from.

    Attributes
    ----------
    worth
        Probability of being there and safe after 180 days, of shape (pairs,).
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._scorecard = stage.simulator.engine.scorecard
        self._log_odds = stage.simulator.score[stage.client, stage.offer]
        self.worth = stage.expert

    def learn(self, desk: Desk) -> None:
        """Learn from what is known by now, if that predicts the latest quarter better.

        What is judged was learned from what was known before that quarter began; what is let in
        has learned all.
        """
        placements = _placements(desk)
        due = _START + np.timedelta64(desk.today - HORIZON_DAYS, "D")
        old = placements.take(placements.placed_on <= due)
        if not len(old):
            return
        first = np.sort(old.placed_on)[int(len(old) * (1.0 - HELD_OUT_SHARE))]
        learned = self._fitted(placements.as_known(first))
        if learned is None or not self._is_better(learned, old.started_from(first)):
            return
        final = self._fitted(placements)
        assert final is not None  # it holds what the first was fitted to
        self._log_odds = final.decision_function(self._stage.features)
        self.worth = self._scorecard.retention(self._log_odds)[1]

    def _fitted(self, placements: Placements) -> RetentionModel | None:
        known = placements.labels(HORIZON_DAYS)
        if not len(known.row):
            return None
        model = RetentionModel(prior=expert_prior(self._scorecard))
        return model.fit(placements.features[known.row], known.retained, known.weight)

    def _is_better(self, learned: RetentionModel, later: Placements) -> bool:
        """Tell whether a model predicts later placements better than what is thought now."""
        known = later.labels(HORIZON_DAYS)
        if not len(known.row):
            return False
        told = known.retained.astype(np.float64)
        pair = later.row_id[known.row].astype(np.intp)
        now = probability(self._log_odds[pair])
        then = learned.predict_proba(later.features[known.row])[:, 1]
        gain = row_log_loss(told, now) - row_log_loss(told, then)
        return bool(np.average(gain, weights=known.weight) > 0)


def _placements(desk: Desk) -> Placements:
    """Return what follow-up has told of every placement so far."""
    stage = desk.stage
    pairs, observed = desk.outcomes()
    return Placements(
        features=stage.features[pairs],
        days=observed.days.astype(np.float64),
        cause=observed.cause,
        row_id=pairs,
        placed_on=_START + stage.calendar.arrives[stage.client[pairs]].astype("timedelta64[D]"),
    )

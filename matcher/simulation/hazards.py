r"""From a pair's features and what nobody sees to the hazards of leaving, and back to shares.

The daily hazard of leaving by way :math:`c` in the window :math:`w` between two visits is

.. math:: \lambda_{wc} = \lambda^0_{wc}\,
          \exp\left(-\kappa \sum_k s_{kc} f_k(x_k) + u_c + \dots\right)

with the scorecard's terms :math:`f_k`, the world's strengths :math:`s_{kc}` and what no feature
shows, :math:`u_c`. Within a window hazards are constant, so that shares have a closed form.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.scoring.scorecard import Scorecard
from matcher.simulation.world import EXITS, VISIT_DAYS, Cause, World

Integers = NDArray[np.int64]
Incidence = dict[Cause, Floats]
"""Share that left by each way, of shape (p, days)."""

_EDGES: Final = np.array((0, *VISIT_DAYS), dtype=np.float64)
_FRAILTY: Final = np.array([0.0, 1.0, 1.0])
"""Who is frail leaves and is harmed sooner, not for the better."""
_QUALITY: Final = np.array([0.5, 1.0, 1.0])
"""A bad employer is left for anything."""
_INCREASING: Final = np.array([0.0, 1.0, 1.0])
"""Shocks and interactions make people leave and be harmed, not find something better."""
_UNKNOWN_LOSS: Final = 0.5
_NODES: Final = 9
_LAST_YEAR: Final = 3.0


class Situations(NamedTuple):
    """Placements as the world sees them, one an entry.

    Parameters
    ----------
    features
        Values of the scorecard's features, of shape (p, q); NaN unknown.
    frailty, quality
        Log-hazards of the client and of the employer that no feature shows, of shape (p,).
    hidden
        Whether the employer harms where no screen sees it, of shape (p,).
    struck
        Whether flood or drought strikes the client's province in that year, of shape (p,).
    year
        Year of the placement, from 0, of shape (p,).
    """

    features: Floats
    frailty: Floats
    quality: Floats
    hidden: NDArray[np.bool_]
    struck: NDArray[np.bool_]
    year: Floats

    @classmethod
    def ordinary(cls, features: Floats) -> "Situations":
        """Return placements in the first year, of clients and with employers like most."""
        zero, no = np.zeros(len(features)), np.zeros(len(features), dtype=bool)
        return cls(features, zero, zero, no, no, zero)


class OutcomeLaw:
    """The law of a world.

    Parameters
    ----------
    world
        Its figures.
    scorecard
        The expert's: its features and the shape of their terms.
    """

    def __init__(self, world: World, scorecard: Scorecard) -> None:
        self.world = world
        self.scorecard = scorecard
        self.features = tuple(feature.name for feature in scorecard.features)
        self._strengths = np.array([world.strengths[name] for name in self.features])
        reached = [world.drift.get(name, 1.0) for name in self.features]
        self._drift = np.array(reached) - 1.0
        self._baseline = _baseline(world)

    def hazards(self, at: Situations) -> Floats:
        """Return the daily hazard of each way of leaving, of shape (p, windows, ways)."""
        relative = np.exp(self._log_relative(at))
        return np.asarray(self._baseline * relative[:, None, :])

    def incidence(self, at: Situations, days: Sequence[float] = VISIT_DAYS) -> Incidence:
        """Return the share that has left by each way by each day."""
        shares = _shares(self.hazards(at), days)
        return {cause: shares[:, :, slot] for slot, cause in enumerate(EXITS)}

    def retained(self, at: Situations, days: Sequence[float] = VISIT_DAYS) -> Floats:
        """Return the share still there and safe on each day, of shape (p, days)."""
        return np.asarray(1.0 - _shares(self.hazards(at), days).sum(axis=2))

    def marginal_incidence(self, at: Situations, days: Sequence[float] = VISIT_DAYS) -> Incidence:
        """Return :meth:`incidence` averaged over frailty and quality: what features can tell."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        weights = weights / weights.sum()
        total = np.zeros((len(at.features), len(days), len(EXITS)))
        ordinary = at._replace(frailty=np.zeros_like(at.year), quality=np.zeros_like(at.year))
        hazards = self.hazards(ordinary)
        for u, of_client in zip(nodes * self.world.frailty_sd, weights, strict=True):
            for v, of_employer in zip(nodes * self.world.quality_sd, weights, strict=True):
                more = np.exp(u * _FRAILTY + v * _QUALITY)
                total += of_client * of_employer * _shares(hazards * more, days)
        return {cause: total[:, :, slot] for slot, cause in enumerate(EXITS)}

    def draw(self, at: Situations, patience: Floats, way: Floats) -> tuple[Integers, Integers]:
        """Return the day each placement ends and its cause; the last day and 0 if it does not.

        Parameters
        ----------
        at
            Placements.
        patience
            Uniform random numbers, of shape (p,): the higher, the longer the placement lasts.
            The same numbers under two policies make them comparable.
        way
            Uniform random numbers, of shape (p,): which way it ends.
        """
        hazards = self.hazards(at)
        by_window = hazards.sum(axis=2)
        reached = np.cumsum(by_window * np.diff(_EDGES), axis=1)
        wanted = -np.log1p(-patience)
        window = (reached < wanted[:, None]).sum(axis=1)
        ended = window < len(VISIT_DAYS)
        slot = np.minimum(window, len(VISIT_DAYS) - 1)
        row = np.arange(len(slot))
        missing = reached[row, slot] - wanted
        day = np.ceil(_EDGES[slot + 1] - missing / by_window[row, slot])
        share = np.cumsum(hazards[row, slot], axis=1) / by_window[row, slot, None]
        cause = 1 + (share[:, :-1] < way[:, None]).sum(axis=1)
        day = np.where(ended, np.maximum(day, 1), VISIT_DAYS[-1])
        return day.astype(np.int64), np.where(ended, cause, 0).astype(np.int64)

    def _log_relative(self, at: Situations) -> Floats:
        """Return the log-hazard of each way against the neutral, of shape (p, ways)."""
        terms = self._terms(at.features)
        part = np.clip(at.year / _LAST_YEAR, 0.0, 1.0)[:, None]
        shape = (terms * (1.0 + part * self._drift)) @ self._strengths
        worse = self._together(terms) + self._shock(at)
        more = -self.world.log_hazard_per_log_odds * shape
        more += at.frailty[:, None] * _FRAILTY + at.quality[:, None] * _QUALITY
        more += worse[:, None] * _INCREASING
        more[:, EXITS.index(Cause.OTHER)] += self.world.growth * at.year
        if self.world.hidden_harm:
            more[:, EXITS.index(Cause.HARM)] += np.log(self.world.hidden_harm.factor) * at.hidden
        return np.asarray(more)

    def _terms(self, features: Floats) -> Floats:
        """Return the scorecard's points for each feature, of shape (p, q)."""
        return np.stack(self.scorecard.contributions(list(features.T)), axis=1)

    def _together(self, terms: Floats) -> Floats:
        """Return what pairs of terms add to the log-hazard, of shape (p,)."""
        added = np.zeros(len(terms))
        for first, second, effect in self.world.interactions:
            added += effect * self._badness(terms, first) * self._badness(terms, second)
        return added

    def _badness(self, terms: Floats, name: str) -> Floats:
        """Return where a term stands between its best, 0, and its worst, 1."""
        column = self.features.index(name)
        points = self.scorecard.terms[column].points
        return np.asarray((points.max() - terms[:, column]) / np.ptp(points))

    def _shock(self, at: Situations) -> Floats:
        if self.world.shock is None:
            return np.zeros(len(at.features))
        loss = at.features[:, self.features.index("climate_loss")]
        loss = np.where(np.isnan(loss), _UNKNOWN_LOSS, loss)
        return np.asarray(self.world.shock.effect * loss * at.struck)


def _baseline(world: World) -> Floats:
    """Return the neutral daily hazards, of shape (windows, ways)."""
    lost = -np.diff(np.log((1.0, *world.staying)))
    daily = lost / np.diff(_EDGES)
    return np.asarray(daily[:, None] * np.array(world.exit_shares))


def _shares(hazards: Floats, days: Sequence[float]) -> Floats:
    """Return the share that left by each way by each day, of shape (p, days, ways)."""
    until = np.asarray(days, dtype=np.float64)
    if (until < 0).any() or (until > VISIT_DAYS[-1]).any():
        raise ValueError(f"days: expected 0 to {VISIT_DAYS[-1]}, got {list(days)}")
    total = hazards.sum(axis=2)
    before = np.cumsum(total * np.diff(_EDGES), axis=1) - total * np.diff(_EDGES)
    spent = np.clip(until[:, None] - _EDGES[:-1], 0.0, np.diff(_EDGES))
    left = np.exp(-before)[:, None, :] * -np.expm1(-total[:, None, :] * spent)
    return np.asarray(np.einsum("pdw,pwc->pdc", left, hazards / total[:, :, None]))

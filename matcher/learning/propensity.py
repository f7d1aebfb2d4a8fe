"""Logging for learning: near ties of a slate are shuffled now and then, with known probabilities.

What is shuffled is what would be shown anyway: only the order can change, so nothing a gate forbids
can come in, and nothing the officer should see can fall out.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.columns import Floats
from matcher.learning.offpolicy.log import Booleans, Integers

MOST: Final = 0.25
"""Slates are shuffled with at most this probability."""

WIDEST: Final = 0.25
"""Scores further apart than this, in log-odds, are never called a near tie."""


class InvalidSlate(ValueError):  # noqa: N818 - reads as what it is
    """Scores that are not those of a slate, or an exploration beyond its bounds."""


@dataclass(frozen=True)
class Exploration:
    """How near ties are shuffled.

    Parameters
    ----------
    probability
        With which a slate is shuffled at all: the total variation between the orders shown with and
        without exploration is never more.
    tie
        Log-odds within which offers are as good as one another: none of a group is further than
        this behind its first.

    Raises
    ------
    InvalidSlate
        Where either is beyond its bound.
    """

    probability: float = 0.1
    tie: float = 0.1

    def __post_init__(self) -> None:
        for name, most in (("probability", MOST), ("tie", WIDEST)):
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise InvalidSlate(f"exploration, {name}: expected 0 to {most}, got {value}")


NONE: Final = Exploration(probability=0.0, tie=0.0)
"""The slate as it was ranked."""


@dataclass(frozen=True)
class ShownOrder:
    """The order in which a slate is shown, and how likely each place of each offer was.

    Parameters
    ----------
    order
        Of shape (k,): rank, from 0, of the offer shown at each place.
    propensity
        Of shape (k, k): probability of each offer, by its rank, at each place. Rows and columns add
        up to 1.
    shuffled
        Whether the lot fell on shuffling.
    """

    order: Integers
    propensity: Floats
    shuffled: bool

    @property
    def shown_propensity(self) -> Floats:
        """Probability with which the offer at each place stood there, of shape (k,)."""
        return np.asarray(self.propensity[self.order, np.arange(len(self.order))])

    @property
    def first_propensity(self) -> Floats:
        """Probability of each offer, in the order shown, to stand first, of shape (k,)."""
        return np.asarray(self.propensity[self.order, 0])


def shown_order(
    scores: Floats, generator: np.random.Generator, exploration: Exploration | None = None
) -> ShownOrder:
    """Return the order in which a slate is shown.

    One lot decides whether the slate is shuffled at all; if so, each group of near ties is put in
    an order drawn evenly. The same scores and the same generator state give the same order, so a
    seed stored with the slate repeats it.

    Parameters
    ----------
    scores
        Of shape (k,): log-odds of the offers of one slate, best first, every one admissible.
    generator
        Where the lots come from.
    exploration
        How near ties are shuffled; the default one without.

    Raises
    ------
    InvalidSlate
        Where scores are not numbers in falling order.

    Examples
    --------
    >>> shown = shown_order(np.array([0.50, 0.45, -1.0]), np.random.default_rng(0))
    >>> shown.order.tolist(), shown.propensity[0].round(2).tolist()
    ([0, 1, 2], [0.95, 0.05, 0.0])
    """
    exploration = exploration or Exploration()
    groups = _groups(_falling(scores), exploration.tie)
    order = np.arange(len(scores))
    shuffled = bool(generator.random() < exploration.probability)
    if shuffled:
        order = np.lexsort((generator.random(len(scores)), groups))
    return ShownOrder(order, _propensity(groups, exploration.probability), shuffled)


def place_propensity(scores: Floats, exploration: Exploration | None = None) -> Floats:
    """Return the probability of each offer of a slate at each place, of shape (k, k)."""
    exploration = exploration or Exploration()
    return _propensity(_groups(_falling(scores), exploration.tie), exploration.probability)


def first_shown(scores: Floats, offered: Booleans, exploration: Exploration = NONE) -> Floats:
    """Return the probability with which a policy shows each option first, of shape (n, m).

    What `policy_value` takes as the target for a model: its scores of the options that were
    offered, and how it would explore.

    Parameters
    ----------
    scores
        Of shape (n, m): log-odds; not looked at where nothing was offered.
    offered
        Of shape (n, m).
    exploration
        How near ties would be shuffled; not at all without.

    Raises
    ------
    InvalidSlate
        Where a score that counts is not a number.

    Examples
    --------
    >>> first_shown(np.array([[0.2, 0.9, 5.0]]), np.array([[True, True, False]])).tolist()
    [[0.0, 1.0, 0.0]]
    """
    if not np.isfinite(scores[offered]).all():
        raise InvalidSlate("scores: expected numbers wherever something was offered")
    inside = np.where(offered, scores, -np.inf)
    best = inside.max(axis=1, keepdims=True)
    first = inside.argmax(axis=1)
    near = best - inside <= exploration.tie
    even = near / near.sum(axis=1, keepdims=True)
    kept = np.eye(scores.shape[1])[first]
    return np.asarray((1 - exploration.probability) * kept + exploration.probability * even)


def _falling(scores: Floats) -> Floats:
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 1 or not np.isfinite(scores).all() or (np.diff(scores) > 0).any():
        raise InvalidSlate(f"scores: expected numbers of one slate, best first, got {scores}")
    return scores


def _groups(scores: Floats, tie: float) -> Integers:
    """Number of each offer's group; none is further behind the first of its group than a tie."""
    groups, first, number = np.zeros(len(scores), dtype=np.intp), 0, 0
    for rank in range(1, len(scores)):
        if scores[first] - scores[rank] > tie:
            first, number = rank, number + 1
        groups[rank] = number
    return groups


def _propensity(groups: Integers, probability: float) -> Floats:
    same = groups[:, None] == groups[None, :]
    even = same / np.maximum(same.sum(axis=1, keepdims=True), 1)
    return np.asarray((1 - probability) * np.eye(len(groups)) + probability * even)

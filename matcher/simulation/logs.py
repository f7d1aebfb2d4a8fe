"""Logs as a programme would have them: selected offers, known propensities, lost visits."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.scoring.scorecard import probability
from matcher.simulation.hazards import Integers
from matcher.simulation.simulator import Indices, Simulator
from matcher.simulation.visits import FollowUp, Observed, observe
from matcher.simulation.world import TERMS, VISIT_DAYS, Cause

Bools = NDArray[np.bool_]

HALF_YEAR: Final = 180
"""Day on which staying is rewarded."""


@dataclass(frozen=True)
class Log:
    """What a programme saw, and beside it what it could not see.

    One row a client who could be offered anything; options are the places of her slate.

    Parameters
    ----------
    client
        Row of each client in the caseload, of shape (n,).
    offer
        Offer at each place, of shape (n, m); -1 where there are fewer.
    features
        Of shape (n, m, q); NaN unknown, and where there is no option.
    offered
        Whether there is an option at a place, of shape (n, m).
    chosen
        Place of the option that was put to the client, of shape (n,).
    propensity
        Probability with which the policy put it, of shape (n,); ``behaviour`` has them all, (n, m).
    accepted
        Whether she took it, of shape (n,).
    reward
        1.0 if she took it and is known to be there and safe after 180 days, 0.0 if not, NaN where
        lost follow-up hides it, of shape (n,).
    observed
        Days and causes of the accepted placements, as known after follow-up, of shape (q,).
    value
        *Unseen.* True probability of each option's reward, of shape (n, m); 0 where there is none.
    true_reward
        *Unseen.* ``reward`` as if nobody was lost, of shape (n,).
    day, cause
        *Unseen.* What happens to the accepted placements, of shape (q,).
    """

    client: Indices
    offer: Indices
    features: Floats
    offered: Bools
    chosen: Indices
    propensity: Floats
    behaviour: Floats
    accepted: Bools
    reward: Floats
    observed: Observed
    value: Floats
    true_reward: Floats
    day: Integers
    cause: Integers

    @property
    def placed(self) -> Floats:
        """Features of the accepted placements, of shape (q, features)."""
        rows = np.flatnonzero(self.accepted)
        return np.asarray(self.features[rows, self.chosen[rows]])

    @property
    def lost_share(self) -> float:
        """Share of the placements whose outcome is not known to the end."""
        known, days = self.observed.cause != Cause.CENSORED, self.observed.days
        return float(np.mean(~known & (days < VISIT_DAYS[-1])))

    def true_value(self, target: Floats) -> float:
        """Return the true mean reward of a policy on these clients.

        Parameters
        ----------
        target
            Probability of each option, of shape (n, m).
        """
        return float((target * self.value).sum(axis=1).mean())


def draw_log(
    simulator: Simulator,
    options: int = 5,
    sharpness: float = 1.0,
    explore: float = 0.1,
    lost: float = TERMS.lost,
    year: int = 0,
    draw: int = 0,
) -> Log:
    """Return a log of one offer put to each client.

    A slate holds options at random among those that no gate forbids. The policy that was at work
    puts one of them: with probability ``explore`` any, else the higher the expert's score the more
    likely. The client takes it or declines; whether follow-up loses her hangs on the features.

    Parameters
    ----------
    simulator
        Clients and offers in a world.
    options
        Most options on a slate.
    sharpness
        How far the policy follows the score: 0 not at all; the probability of an option is
        proportional to ``exp(sharpness * score)``.
    explore
        Probability of an option at random, in [0, 1].
    lost
        Share of the placements lost to follow-up, in [0, 1).
    year
        Year of the programme, from 0.
    draw
        Another number, another log of the same people.

    Raises
    ------
    ValueError
        Where a share is outside its range or there is no option.
    """
    if options < 1 or not 0.0 <= explore <= 1.0:
        raise ValueError(f"expected options >= 1 and explore in [0, 1], got {options}, {explore}")
    dice = np.random.default_rng((simulator.seed, 2, draw))
    client, offer = _slates(simulator, options, dice)
    offered = offer >= 0
    behaviour = _behaviour(simulator.score[client[:, None], offer], offered, sharpness, explore)
    chosen = _pick(behaviour, dice.random(len(client)))
    row = np.arange(len(client))
    features = _features(simulator, client, offer, offered)
    taking = _taking(simulator, features)
    accepted = dice.random(len(client)) < taking[row, chosen]
    q = np.flatnonzero(accepted)
    placed = features[q, chosen[q]]
    day, cause = simulator.outcomes(client[q], offer[q, chosen[q]], year, draw)
    followed = FollowUp.losing(lost, simulator.feature_names, placed, day, cause)
    observed = observe(day, cause, followed.visits_made(placed, dice.random(len(q))))
    return Log(
        client=client,
        offer=offer,
        features=features,
        offered=offered,
        chosen=chosen,
        propensity=behaviour[row, chosen],
        behaviour=behaviour,
        accepted=accepted,
        reward=_rewards(accepted, observed.days, observed.cause),
        observed=observed,
        value=taking * _staying(simulator, client, offer, offered, features, year),
        true_reward=_rewards(accepted, day, cause),
        day=day,
        cause=cause,
    )


def acceptance(simulator: Simulator, features: Floats) -> Floats:
    """Return the probability that each offer is taken: a wish makes it likelier.

    Parameters
    ----------
    simulator
        Whose scorecard tells what a wish is.
    features
        Of shape (p, q).
    """
    base, slope = TERMS.accepted
    wish = np.zeros(len(features))
    for name in ("preference", "preferred_kind"):
        column = simulator.feature_names.index(name)
        wish += simulator.engine.scorecard.terms[column](features[:, column])
    return probability(base + slope * wish)


def _slates(
    simulator: Simulator, options: int, dice: np.random.Generator
) -> tuple[Indices, Indices]:
    """Return the clients who may be offered anything, and the options of each, (n, m)."""
    noise = np.where(np.isnan(simulator.score), -1.0, dice.random(simulator.score.shape))
    width = min(options, noise.shape[1])
    best = np.argpartition(-noise, width - 1, axis=1)[:, :width]
    best = np.where(np.take_along_axis(noise, best, axis=1) >= 0, best, -1)
    best = -np.sort(-best, axis=1)
    client = np.flatnonzero(best[:, 0] >= 0)
    return client, best[client]


def _behaviour(score: Floats, offered: Bools, sharpness: float, explore: float) -> Floats:
    worth = np.where(offered, sharpness * score, -np.inf)
    worth = np.exp(worth - worth.max(axis=1, keepdims=True))
    follow = worth / worth.sum(axis=1, keepdims=True)
    anything = offered / offered.sum(axis=1, keepdims=True)
    return np.asarray((1.0 - explore) * follow + explore * anything)


def _pick(behaviour: Floats, luck: Floats) -> Indices:
    upto = np.cumsum(behaviour, axis=1)
    return np.asarray((upto < luck[:, None] * upto[:, -1:]).sum(axis=1), dtype=np.intp)


def _features(simulator: Simulator, client: Indices, offer: Indices, offered: Bools) -> Floats:
    row, place = np.nonzero(offered)
    features = np.full((*offer.shape, len(simulator.feature_names)), np.nan)
    features[row, place] = simulator.features(client[row], offer[row, place])
    return features


def _taking(simulator: Simulator, features: Floats) -> Floats:
    n, m, q = features.shape
    return acceptance(simulator, features.reshape(n * m, q)).reshape(n, m)


def _staying(
    simulator: Simulator,
    client: Indices,
    offer: Indices,
    offered: Bools,
    features: Floats,
    year: int,
) -> Floats:
    """Return the true probability of being there and safe after 180 days, of shape (n, m)."""
    row, place = np.nonzero(offered)
    at = simulator.situations(client[row], offer[row, place], year, features[row, place])
    staying = np.zeros(offered.shape)
    staying[row, place] = simulator.law.retained(at, [HALF_YEAR])[:, 0]
    return staying


def _rewards(accepted: Bools, days: Integers, cause: Integers) -> Floats:
    """Return 1 for there and safe after 180 days, 0 for declined or gone, NaN for not known."""
    gone = (cause != Cause.CENSORED) & (days <= HALF_YEAR)
    kept = np.where(days >= HALF_YEAR, 1.0, np.nan)
    rewards = np.zeros(len(accepted))
    rewards[accepted] = np.where(gone, 0.0, kept)
    return rewards

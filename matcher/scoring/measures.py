"""What a pair comes to, in numbers: all that a suggestion tells of it."""

from typing import NamedTuple

import numpy as np

from matcher.columns import Floats
from matcher.offers import Offers
from matcher.pairs import Indices, Pairs
from matcher.profiles import Profiles
from matcher.scoring.pathways import graduate
from matcher.scoring.scorecard import Scorecard


class Measures(NamedTuple):
    """The numbers of p pairs; compiled kernels give the same as the reference.

    Parameters
    ----------
    values, contributions
        Of every feature, and its log-odds, of shape (p, features).
    score, variance
        Log-odds, and the variance that the table's uncertainties give them, of shape (p,).
    place
        Index of the place of work, of shape (p,); -1 where it is unknown.
    net_income_usd, travel_minutes
        USD a month, and minutes one way, of shape (p,); NaN where unknown.
    loss, hazard_parts
        Share of the income at risk, of shape (p,), and the part of each hazard, (p, 4).
    """

    values: Floats
    contributions: Floats
    score: Floats
    variance: Floats
    place: Indices
    net_income_usd: Floats
    travel_minutes: Floats
    loss: Floats
    hazard_parts: Floats


def measure(scorecard: Scorecard, pairs: Pairs) -> Measures:
    """Return the numbers of pairs."""
    values = scorecard.values(pairs)
    contributions = scorecard.contributions(values)
    return Measures(
        np.stack(values, axis=-1),
        np.stack(contributions, axis=-1),
        scorecard.total(contributions),
        scorecard.variance(values, contributions),
        pairs.place,
        pairs.net_income_usd,
        pairs.travel_minutes,
        pairs.loss,
        pairs.hazard_parts,
    )


def measure_steps(
    scorecard: Scorecard, profiles: Profiles, offers: Offers, steps: Indices
) -> Measures:
    """Return the numbers of offers alone and of pathways.

    Parameters
    ----------
    scorecard
        How the engine weighs.
    profiles, offers
        A block of clients and the market.
    steps
        Client, training that comes first (-1: none) and offer, of shape (p, 3).
    """
    alone = steps[:, 1] < 0
    first = measure(scorecard, Pairs(profiles, offers, steps[alone, 0], steps[alone, 2]))
    if alone.all():
        return first
    then = measure(scorecard, graduate(profiles, offers, *steps[~alone].T))
    order = np.argsort(np.argsort(~alone, kind="stable"), kind="stable")
    return Measures(*(np.concatenate(both)[order] for both in zip(first, then, strict=True)))

"""A plan with arrivals: seats, and employers who may be paused, are priced for those to come.

:class:`matcher.planning.Arrivals` keeps the seats of one market until its last arrival. Here
offers open and close all the time, and an employer at whom harm is reported is paused with all
offers to come. So each batch is planned with two prices from futures that are drawn anew: what
those to come lose by a seat, and what they lose by an employer, times the risk that this placement
ends in harm.

References
----------
Ahani, N., Golz, P., Procaccia, A., Teytelboym, A., Trapp, A. (2023), Dynamic placement in refugee
resettlement, Operations Research: prices from sampled futures.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.columns import Floats
from matcher.simulation.programme.calendar import DAYS_A_YEAR, Days
from matcher.simulation.programme.desk import Batch, Desk
from matcher.simulation.programme.futures import Outlook, best_plan
from matcher.simulation.programme.stage import NO_PAIR, Stage
from matcher.simulation.simulator import Indices
from matcher.simulation.world import Cause

FUTURES: Final = 6
"""Futures a batch is priced with."""

AHEAD_DAYS: Final = DAYS_A_YEAR
"""How long an employer is missed: a year, whenever the programme ends."""

STEP_DAYS: Final = 30
EXITS_BEFORE, HARMED_BEFORE = 10.0, 1.0
"""Harm before any report: one exit in ten, as sure as ten exits would tell. Judgement."""

_NEVER: Final = -1e3


class Uses(NamedTuple):
    """Placements in futures.

    Parameters
    ----------
    employer
        Of shape (q,).
    loss
        What the future loses without the seat, of shape (q,).
    risk
        Probability that the placement ends in harm, of shape (q,).
    """

    employer: Indices
    loss: Floats
    risk: Floats


class Foresight:
    """Plans batch after batch of one programme, and remembers what employers are worth.

    Parameters
    ----------
    stage
        The programme's; of it only what the desk has seen is looked at.
    """

    def __init__(self, stage: Stage) -> None:
        self._employer_worth = np.zeros(int(stage.employer.max(initial=0)) + 1)

    def __call__(self, desk: Desk, batch: Batch) -> Indices:
        """Return the column of the offer for each client of a batch, -1 for none."""
        share = harm_share(desk)
        seat_price = self._look_ahead(desk, batch, share)
        value = self._after_risk(desk, batch.value, batch.offers, share)
        return _planned(value - seat_price, np.minimum(desk.seats[batch.offers], len(value)))

    def _after_risk(self, desk: Desk, value: Floats, offers: Indices, share: float) -> Floats:
        """Return values less the risk of losing the employer, of the same shape."""
        return value - share * (1.0 - value) * self._employer_worth[desk.stage.employer[offers]]

    def _look_ahead(self, desk: Desk, batch: Batch, share: float) -> Floats:
        """Return the price of a seat of each offer of a batch; learn what employers are worth."""
        dice = np.random.default_rng((desk.stage.simulator.seed, 4, desk.today, len(batch.clients)))
        outlook = Outlook.of(desk)
        prices, uses = np.zeros((FUTURES, len(desk.seats))), []
        for price in prices:
            offers, seats, pairs = outlook.draw(dice)
            worth = np.where(pairs == NO_PAIR, 0.0, batch.worth[pairs])
            net = np.where(worth > 0, self._after_risk(desk, worth, offers, share), 0.0)
            plan = best_plan(np.maximum(net, 0.0), seats)
            today = plan.column < len(outlook.here)
            price[offers[plan.column[today]]] = plan.loss[today]
            risk = share * (1.0 - worth[plan.row, plan.column])
            employer = desk.stage.employer[offers[plan.column]]
            uses.append(Uses(employer, plan.loss + risk * self._employer_worth[employer], risk))
        self._learn(uses, outlook.days)
        return np.asarray(prices.mean(axis=0)[batch.offers])

    def _learn(self, futures: Sequence[Uses], days: int) -> None:
        """Move what employers are worth half-way to what they are in new futures.

        An employer is worth what those to come would lose without; whoever is placed there later
        risks what is left of it then. So it is added up backwards from a year ahead.
        """
        employer, loss, risk = (np.concatenate(parts) for parts in zip(*futures, strict=True))
        worth = np.zeros_like(self._employer_worth)
        share = STEP_DAYS / (len(futures) * days)
        for _ in range(AHEAD_DAYS // STEP_DAYS):
            kept = np.maximum(loss - risk * worth[employer], 0.0)
            worth += share * np.bincount(employer, kept, minlength=len(worth))
        self._employer_worth = (self._employer_worth + worth) / 2.0


def harm_share(desk: Desk) -> float:
    """Return the share of those who leave that was harmed, as far as follow-up has told."""
    _, observed = desk.outcomes()
    harmed = int((observed.cause == Cause.HARM).sum())
    exits = int((observed.cause != Cause.CENSORED).sum())
    return (HARMED_BEFORE + harmed) / (EXITS_BEFORE + exits)


def _planned(net: Floats, seats: Days) -> Indices:
    """Return the best column for each client, -1 where nothing is worth its price."""
    offer_of_seat = np.repeat(np.arange(len(seats)), seats)
    staying_out = np.zeros((len(net), len(net)))
    each = np.concatenate([np.where(np.isnan(net), _NEVER, net)[:, offer_of_seat], staying_out], 1)
    column_of = np.concatenate([offer_of_seat, np.full(len(net), -1)])
    chosen = linear_sum_assignment(each, maximize=True)[1]
    return np.asarray(column_of[chosen], dtype=np.intp)

"""What seats will be worth to those still to come, and whether there are seats for all."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.futures import Cases
from matcher.planning.arrivals.prices import Demand, seat_prices

Floats = NDArray[np.float64]

TEMPERATURE: Final = 0.05
"""Blur of sampled choices, in spreads of a case's value over the sites."""

ALLOWANCE: Final = 0.1
"""Share by which people may outnumber seats before any is left unplaced for another's sake.

Years of some hundred families differ by as much from one another."""

FILLED: Final = 0.995
"""Share of the seats that trimmed futures fill, where there are seats for all."""

PLACED: Final = 3.0
"""What being placed counts where there are seats for all, in best values of the batch."""

FLUID_FROM: Final = 100
"""Resources from which futures are priced together, as one future of many small cases."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a batch has to reckon with.

    Parameters
    ----------
    price
        (futures, m, d) prices under each future; (1, m, d) where there is none.
    enough
        Whether there are seats for all who are expected, or nearly.
    best
        The greatest value of a pair of the batch.
    """

    price: Floats
    enough: bool
    best: float

    @property
    def mean_price(self) -> Floats:
        """Price (m, d) on average over the futures."""
        return np.asarray(self.price.mean(axis=0))

    @property
    def placed(self) -> float:
        """What being placed counts beside the value of the pair."""
        return PLACED * self.best if self.enough else 0.0


def enough_seats(
    batch: Cases, later: Cases, futures: int, left: Floats, owed: Floats | None
) -> bool:
    """Tell whether the seats (m, d) left hold the batch and those to come, or nearly.

    Nearly: people may outnumber the seats by the allowance and by one case of middling size.
    """
    takes = batch.and_also(later).size.mean(axis=1)
    if not len(takes):
        return True
    coming = takes[len(batch) :].sum(axis=0) / max(1, futures) if owed is None else owed
    wanted = takes[: len(batch)].sum(axis=0) + coming
    there = left.sum(axis=0)
    return bool((wanted <= there * (1 + ALLOWANCE) + takes.mean(axis=0)).all())


def outlook(
    batch: Cases,
    later: Cases,
    futures: int,
    left: Floats,
    before: Floats,
    owed: Floats | None = None,
) -> Outlook:
    """Return the outlook of a batch.

    Where there are seats for all, futures that ask for more than there are (a draw of large
    families) are trimmed to what fits, and being placed outweighs every price: prices then steer,
    and leave nobody out.

    Parameters
    ----------
    batch, later
        Cases of the batch, and of the futures, one future after the other.
    futures
        How many.
    left
        (m, d) seats left.
    before
        (futures, m, d) the last prices.
    owed
        (d,) what those to come take all in all; None: as much as the futures.
    """
    enough = enough_seats(batch, later, futures, left, owed)
    best = float(np.nanmax(batch.value, initial=0.0))
    if not len(later) or not len(batch):
        return Outlook(np.zeros((1, *left.shape)), enough, best)
    draft = Outlook(before, enough, best)
    n = len(later) // futures
    trim = _trim(batch, later, futures, left) if enough else np.ones(futures)
    value = np.where(_open(later, left), later.value, np.nan) + draft.placed
    value = np.where(np.isnan(value), -np.inf, value).reshape(futures, n, -1)
    now = np.where(np.isnan(batch.value), -np.inf, batch.value + draft.placed)
    demand = Demand(
        *_with_batch(now, batch.size, value, later.size.reshape(futures, n, *later.size.shape[1:])),
        np.hstack([np.ones((futures, len(batch))), np.repeat(trim[:, None], n, axis=1)]),
        np.where(left <= 1e-9, 1.0, left),
        TEMPERATURE * spread(later.value),
    )
    if left.size >= FLUID_FROM:
        demand, before = _as_fluid(demand), before.mean(axis=0, keepdims=True)
    price = seat_prices(demand, np.maximum(before, 1e-3 * spread(later.value)))
    return Outlook(np.where(left <= 1e-9, before, price), enough, best)


def _open(later: Cases, left: Floats) -> NDArray[np.bool_]:
    """Tell which pairs (n, m) the seats left can hold at all."""
    return np.asarray((later.size <= left + 1e-9).all(axis=2))


def _trim(batch: Cases, later: Cases, futures: int, left: Floats) -> Floats:
    """Return the weight (futures,) of each future's cases at which all fit."""
    room = FILLED * left.sum(axis=0) - batch.size.mean(axis=1).sum(axis=0)
    takes = later.size.mean(axis=1).reshape(futures, -1, left.shape[1]).sum(axis=1)
    share = (room / np.maximum(takes, 1e-12)).min(axis=1)
    return np.asarray(np.clip(share, 0.05, 1.0))


def spread(value: Floats) -> float:
    """Return the standard deviation of a case's value over the sites, on average; 1 if nothing."""
    known = ~np.isnan(value)
    count = np.maximum(known.sum(axis=1), 1)
    middle = np.where(known, value, 0.0).sum(axis=1) / count
    squares = np.where(known, (value - middle[:, None]) ** 2, 0.0).sum(axis=1) / count
    found = float(np.sqrt(squares).mean())
    return found if found > 1e-12 else float(middle.mean()) or 1.0


def _with_batch(
    now: Floats, now_size: Floats, value: Floats, size: Floats
) -> tuple[Floats, Floats]:
    """Return values and sizes of each future with the batch before it."""
    futures = len(value)
    m = max(now_size.shape[1], size.shape[2])
    d = size.shape[3]
    first = np.broadcast_to(now_size, (futures, len(now), m, d))
    then = np.broadcast_to(size, (futures, size.shape[1], m, d))
    both = np.concatenate([np.broadcast_to(now, (futures, *now.shape)), value], axis=1)
    return both, np.concatenate([first, then], axis=1)


def _as_fluid(demand: Demand) -> Demand:
    """Return all futures as one, each case counting its share."""
    futures, n, m = demand.value.shape
    return Demand(
        demand.value.reshape(1, futures * n, m),
        demand.size.reshape(1, futures * n, *demand.size.shape[2:]),
        demand.weight.reshape(1, -1) / futures,
        demand.capacity,
        demand.temperature,
    )

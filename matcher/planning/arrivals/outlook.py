"""What seats will be worth to those still to come, and whether there are seats for all."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.futures import Cases
from matcher.planning.arrivals.prices import Demand, seat_prices
from matcher.planning.arrivals.seat_values import MOST_STEPS, gains_over_elsewhere, seat_values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TEMPERATURE: Final = 0.2
"""Blur of choices, in spreads of a case's value over the sites."""

FILLED: Final = 0.995
"""Share of the seats that trimmed futures fill, where there are seats for all."""

PLACED: Final = 1.0
"""What being placed counts where there are seats for all, in greatest values known."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a batch has to reckon with.

    Parameters
    ----------
    price
        (m, d) prices of seats or resources.
    worth
        (m, seats + 1) what seats are worth by how many are left; None where only prices are known.
    placed
        What being placed counts beside the value of the pair.
    """

    price: Floats
    worth: Floats | None
    placed: float


@dataclass(frozen=True, eq=False)
class Coming:
    """Those still expected.

    Parameters
    ----------
    cases
        Kinds of cases.
    count
        (n,) how many of each.
    arrivals
        How many in all.
    """

    cases: Cases
    count: Floats
    arrivals: int

    def takes(self) -> Floats:
        """Return what (d,) they take all in all."""
        return np.asarray(self.count @ self.cases.size.mean(axis=1))


def enough_seats(batch: Cases, coming: Floats, left: Floats, allowance: float) -> bool:
    """Tell whether the seats (m, d) left hold the batch and those to come (d,), or nearly.

    Nearly: people may outnumber the seats by the allowance, a share, and by one middling case.
    """
    takes = batch.size.mean(axis=1)
    one = takes.mean(axis=0) if len(takes) else 0.0
    return bool((takes.sum(axis=0) + coming <= left.sum(axis=0) * (1 + allowance) + one).all())


def outlook(batch: Cases, coming: Coming, left: Floats, before: Floats, enough: bool) -> Outlook:
    """Return the outlook of a batch.

    Where there are seats for all, those to come are trimmed to what fits when prices are found,
    and being placed outweighs every price: prices then steer, and leave nobody out.

    Parameters
    ----------
    batch
        Cases of the batch.
    coming
        Those who come after it.
    left
        (m, d) seats left.
    before
        (m, d) the last prices.
    enough
        Whether there are seats for all, or nearly.
    """
    known = np.concatenate([batch.value.ravel(), coming.cases.value.ravel()])
    placed = PLACED * float(np.nanmax(known, initial=0.0)) if enough else 0.0
    later = coming.cases
    if not len(later) or not len(batch):
        return Outlook(np.zeros(left.shape), None, placed)
    fits = (later.size <= left + 1e-9).all(axis=2)
    value = np.where(fits, later.value, np.nan) + placed
    trim = _trim(batch, coming, left) if enough else 1.0
    unit = spread(later.value)
    both = batch.and_also(Cases(value - placed, later.size))
    demand = Demand(
        np.where(np.isnan(both.value), -np.inf, both.value + placed)[None],
        both.size[None],
        np.concatenate([np.ones(len(batch)), trim * coming.count])[None],
        np.where(left <= 1e-9, 1.0, left),
        TEMPERATURE * unit,
    )
    found = seat_prices(demand, np.maximum(before, 1e-3 * unit)[None])[0]
    price = np.where(left <= 1e-9, before, found)
    return Outlook(price, _worth(value, coming, left, price), placed)


def _worth(value: Floats, coming: Coming, left: Floats, price: Floats) -> Floats | None:
    """Return what seats are worth by how many are left; None where they are not whole or too many.

    ``value`` (n, m) is that of those to come, nan where they can't go.
    """
    size = coming.cases.size
    if left.shape[1] > 1 or (size != np.rint(size)).any() or (left != np.rint(left)).any():
        return None
    sizes = len(np.unique(size))
    if coming.arrivals * left.sum() * sizes > MOST_STEPS:
        return None
    whole = np.ascontiguousarray(np.broadcast_to(size[:, :, 0], value.shape), dtype=np.int64)
    priced = np.where(np.isnan(value), -np.inf, value - whole * price[:, 0])
    chance = coming.count / coming.count.sum()
    gain = gains_over_elsewhere(value, priced)
    return seat_values(gain, whole, chance, left[:, 0].astype(np.int64), coming.arrivals)


def _trim(batch: Cases, coming: Coming, left: Floats) -> float:
    """Return the share of those to come at which all fit."""
    room = FILLED * left.sum(axis=0) - batch.size.mean(axis=1).sum(axis=0)
    share = (room / np.maximum(coming.takes(), 1e-12)).min()
    return float(np.clip(share, 0.05, 1.0))


def spread(value: Floats) -> float:
    """Return the standard deviation of a case's value over the sites, on average; 1 if nothing."""
    known = ~np.isnan(value)
    count = np.maximum(known.sum(axis=1), 1)
    middle = np.where(known, value, 0.0).sum(axis=1) / count
    squares = np.where(known, (value - middle[:, None]) ** 2, 0.0).sum(axis=1) / count
    found = float(np.sqrt(squares).mean())
    return found if found > 1e-12 else float(middle.mean()) or 1.0

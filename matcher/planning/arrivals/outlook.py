"""What seats will be worth to those still to come, and whether there are seats for all."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.planning.arrivals.cases import Cases
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


LOOKS: Final = 2
"""How often seats are valued, each time against the values elsewhere found before."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a batch has to reckon with.

    Parameters
    ----------
    price
        (m, d) prices of seats or resources.
    placed
        What being placed counts beside the value of the pair.
    """

    price: Floats
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

    def chance(self) -> Floats:
        """Return the chance (n,) of each kind to be the next to come."""
        return np.asarray(self.count / self.count.sum())


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
        return Outlook(np.zeros(left.shape), placed)
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
    return Outlook(np.where(left <= 1e-9, before, found), placed)


def worth_of_seats(
    coming: Coming, left: Floats, after: Floats, price: Floats, placed: float
) -> Floats | None:
    """Return what seats are worth (arrivals + 1, m, most left + 1) to those to come.

    By how many are still to come, by site, and by how many seats are left.

    Twice: at first a place elsewhere costs its seats' prices, then what the first look says that
    so many seats at once are worth there. None where seats are not whole, of several resources, or
    too many to look at.

    Parameters
    ----------
    coming
        Those to come.
    left, after
        (m, d) seats left before the batch, and about after it: what there will be elsewhere.
    price
        (m, d) prices of seats.
    placed
        What being placed counts beside the value of the pair.
    """
    size = coming.cases.size
    counted = len(coming.cases) > 0 and left.shape[1] == 1
    if not counted or (size != np.rint(size)).any() or (left != np.rint(left)).any():
        return None
    if LOOKS * coming.arrivals * left.sum() * len(np.unique(size)) > MOST_STEPS:
        return None
    takes = whole_sizes(coming.cases)
    seats, elsewhere = (told[:, 0].astype(np.int64) for told in (left, after))
    value = np.where(takes <= seats, coming.cases.value + placed, np.nan)
    closed = np.isnan(value) | (takes > elsewhere)
    site, chance = np.arange(len(seats)), coming.chance()
    cost: Floats = takes * price[:, 0]
    for _ in range(LOOKS):
        gain = gains_over_elsewhere(value, np.where(closed, -np.inf, value - cost))
        worth: Floats = seat_values(gain, takes, chance, seats, coming.arrivals)
        cost = worth[-1, site, elsewhere] - worth[-1, site, np.maximum(elsewhere - takes, 0)]
    return worth


def whole_sizes(cases: Cases) -> Ints:
    """Return the whole seats (n, m) that pairs take."""
    return np.array(np.broadcast_to(cases.size[:, :, 0], cases.value.shape), dtype=np.int64)


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

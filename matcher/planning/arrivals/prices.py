"""Prices of seats under sampled futures: the dual of the placement programme, smoothed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEWTON_STEPS: Final = 30
CLOSE_ENOUGH: Final = 1e-3
"""Newton decrement, in temperatures, at which prices are close enough."""

BARRIER: Final = 0.1
"""Weight of the barrier that keeps prices positive, in temperatures."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Those who want seats, in several futures.

    Parameters
    ----------
    value
        (futures, n, m) -inf forbids.
    size
        (futures, n, m or 1, d) what a pair takes.
    weight
        (futures, n) how many such cases there are.
    capacity
        (m, d) seats and other resources.
    temperature
        Value by which choices are blurred: 0 would be the exact linear programme.
    """

    value: Floats
    size: Floats
    weight: Floats
    capacity: Floats
    temperature: float

    def at(self, price: Floats) -> tuple[Floats, Floats]:
        """Return the dual's value (futures,) at prices (futures, m, d), and choices (.., n, m)."""
        gain = (self.value - (self.size * price[:, None]).sum(axis=3)) / self.temperature
        top = np.maximum(gain.max(axis=2), 0.0)
        share = np.exp(gain - top[:, :, None])
        total = np.exp(-top) + share.sum(axis=2)
        surplus = (self.weight * (top + np.log(total))).sum(axis=1)
        barrier = BARRIER * np.log(price).sum(axis=(1, 2))
        dual = (price * self.capacity).sum(axis=(1, 2)) + self.temperature * (surplus - barrier)
        return dual, share / total[:, :, None]

    def slope(self, price: Floats, share: Floats) -> tuple[Floats, Floats]:
        """Return gradient (futures, r) and Hessian (futures, r, r) at prices; r = m d."""
        futures, m, d = price.shape
        taken = share[:, :, :, None] * self.size
        load = (self.weight[:, :, None, None] * taken).sum(axis=1)
        gradient = self.capacity - load - BARRIER * self.temperature / price
        flat = taken.reshape(futures, -1, m * d)
        hessian = -np.swapaxes(flat * self.weight[:, :, None], 1, 2) @ flat / self.temperature
        both = np.einsum("kn,knjd,knje->kjde", self.weight, taken, np.broadcast_to(
            self.size, taken.shape), optimize=True)  # fmt: skip
        site = np.arange(m)
        inside = hessian.reshape(futures, m, d, m, d)
        inside[:, site, :, site, :] += np.moveaxis(both, 1, 0) / self.temperature
        own = np.arange(m * d)
        hessian[:, own, own] += BARRIER * self.temperature / price.reshape(futures, -1) ** 2
        return gradient.reshape(futures, -1), hessian


def seat_prices(demand: Demand, start: Floats) -> Floats:
    """Return prices (futures, m, d) at which each future's demand just fits the seats.

    Minimises the dual of each future's linear programme by Newton's method. Choices are blurred by
    an entropy term, which makes the dual smooth and its prices steadier than a vertex of the exact
    one; a logarithmic barrier keeps prices positive.

    Parameters
    ----------
    demand
        Those who want seats.
    start
        (futures, m, d) prices to start from, positive.

    References
    ----------
    Ahani, N., Golz, P., Procaccia, A., Teytelboym, A., Trapp, A. (2023). Dynamic placement in
    refugee resettlement. Operations Research: prices as duals over sampled arrivals.
    """
    price = start
    dual, share = demand.at(price)
    for _ in range(NEWTON_STEPS):
        gradient, hessian = demand.slope(price, share)
        step = -np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        gain: Floats = np.asarray(-(gradient * step).sum(axis=1), dtype=np.float64)
        if (gain < CLOSE_ENOUGH * demand.temperature).all():
            break
        whole: Floats = step.reshape(price.shape).astype(np.float64)
        price, dual, share = _descended(demand, price, dual, whole, gain)
    return price


def _descended(
    demand: Demand, price: Floats, dual: Floats, step: Floats, gain: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return prices after a step that keeps them positive and lowers the dual of each future."""
    shrink = np.where(step < 0, -price / np.minimum(step, -1e-300), np.inf).min(axis=(1, 2))
    length = np.minimum(1.0, 0.9 * shrink)
    for _ in range(20):
        moved = price + length[:, None, None] * step
        lower, share = demand.at(moved)
        short = lower > dual - 1e-4 * length * gain + 1e-9 * np.abs(dual)
        if not short.any():
            break
        length = np.where(short, length / 3.0, length)
    return moved, lower, share

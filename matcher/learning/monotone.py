"""The most likely coefficients among those whose terms never run against their directions.

References
----------
Lawson, C. L. and Hanson, R. J. (1974), Solving least squares problems, chapter 23: least distance
programming by non-negative least squares.
"""

from typing import NamedTuple

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import nnls
from scipy.special import expit, log_expit

from matcher.columns import Floats

STEPS = 50
HALVINGS = 30


class Limits(NamedTuple):
    """Coefficients are allowed where ``normal @ coefficients >= least``.

    Parameters
    ----------
    normal
        Of shape (m, r).
    least
        Of shape (m,); never above 0, so that the prior's mean is allowed.
    """

    normal: Floats
    least: Floats

    def hold(self, coefficients: Floats) -> bool:
        """Return whether coefficients are allowed, but for rounding."""
        return bool((self.normal @ coefficients >= self.least - 1e-9).all())


class Logistic(NamedTuple):
    """A logistic likelihood with a Gaussian prior around 0.

    Parameters
    ----------
    design
        Of shape (n, r).
    outcome, weight, offset
        Of shape (n,): 0 or 1, weight of the row, log-odds that are given.
    variance
        Prior variances, of shape (r,).
    """

    design: Floats
    outcome: Floats
    weight: Floats
    offset: Floats
    variance: Floats

    def loss(self, scaled: Floats) -> float:
        """Return the negative log posterior, of coefficients over prior standard deviations."""
        log_odds = self.offset + self.design @ (scaled * np.sqrt(self.variance))
        told = np.where(self.outcome > 0, log_odds, -log_odds)
        return float(-(self.weight @ log_expit(told)) + 0.5 * scaled @ scaled)

    def model(self, scaled: Floats) -> tuple[Floats, Floats]:
        """Return gradient and Hessian of the loss."""
        design = self.design * np.sqrt(self.variance)
        probability = expit(self.offset + design @ scaled)
        bend = self.weight * probability * (1.0 - probability)
        hessian = design.T @ (design * bend[:, None])
        hessian[np.diag_indices_from(hessian)] += 1.0
        return design.T @ (self.weight * (probability - self.outcome)) + scaled, hessian


def constrained_mode(problem: Logistic, mode: Floats, limits: Limits) -> Floats:
    """Return the mode within the limits; the given mode where that is allowed.

    Parameters
    ----------
    problem
        Likelihood and prior.
    mode
        Mode without limits, of shape (r,).
    limits
        What is allowed.
    """
    if limits.hold(mode):
        return mode
    scale = np.sqrt(problem.variance)
    normal = limits.normal * scale
    at = np.zeros(len(mode))
    for _ in range(STEPS):
        gradient, hessian = problem.model(at)
        move = _nearest(hessian, at, gradient, normal, limits.least) - at
        taken = _length(problem, at, move, float(gradient @ move)) * move
        at = at + taken
        if np.abs(taken).max(initial=0.0) < 1e-8:
            break
    return at * scale


def _nearest(
    hessian: Floats, at: Floats, gradient: Floats, normal: Floats, least: Floats
) -> Floats:
    """Minimum of a quadratic model within limits: a least distance problem."""
    root = cholesky(hessian, lower=True)
    target = at - solve_triangular(root.T, solve_triangular(root, gradient, lower=True))
    edges = solve_triangular(root, normal.T, lower=True)
    short = least - normal @ target
    size = max(float(np.abs(short).max()), 1e-12)
    wanted = np.zeros(len(at) + 1)
    wanted[-1] = 1.0
    stacked = np.vstack([edges, short / size])
    pulls, _ = nnls(stacked, wanted)
    residual = stacked @ pulls - wanted
    moved = -residual[:-1] / min(residual[-1], -1e-300) * size
    return np.asarray(target + solve_triangular(root.T, moved))


def _length(problem: Logistic, at: Floats, move: Floats, slope: float) -> float:
    """Longest of 1, 1/2, 1/4, ... by which the loss falls as it should."""
    start, length = problem.loss(at), 1.0
    for _ in range(HALVINGS):
        if problem.loss(at + length * move) <= start + 1e-4 * length * slope + 1e-12:
            break
        length /= 2.0
    return length

"""Empirical Bayes for a logistic model: how far each group of coefficients may move.

The strengths are those of the largest marginal likelihood by Laplace's approximation, each drawn
towards the common strength of its family, so that a few rows can't tell a useless column from a
useful one and many can.

References
----------
MacKay, D. J. C. (1992), Bayesian interpolation, Neural Computation 4(3).
Wood, S. N. and Fasiolo, M. (2017), A generalized Fellner-Schall method for smoothing parameter
optimization, Biometrics 73(4).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky
from scipy.linalg.lapack import dtrtri
from scipy.special import expit

from matcher.columns import Floats

ROUNDS: Final = 40
TOLERANCE: Final = 2e-3
"""Log-odds of any row that one more round may still move."""

STILL: Final = 1e-18
OWN: Final = 2.0
"""Coefficients' worth of evidence with which a group is drawn to its family."""

LARGEST_STEP: Final = 4.0
"""Log-odds that a row may move by in one step."""


@dataclass(frozen=True)
class Strengths:
    """Prior variances: groups of coefficients, in families.

    Parameters
    ----------
    group
        Group of each coefficient, of shape (r,).
    family
        Family of each group, of shape (g,).
    expected
        Variance expected of each family, of shape (f,); groups of a family that is not learned
        keep it.
    learned
        Whether a family's variance is learned, of shape (f,).
    stays
        Whether a family counts where there is no outcome at all, of shape (f,).
    """

    group: NDArray[np.intp]
    family: NDArray[np.intp]
    expected: Floats
    learned: NDArray[np.bool_]
    stays: NDArray[np.bool_]


@dataclass(frozen=True)
class Posterior:
    """What the data say of coefficients.

    Parameters
    ----------
    mode
        Of shape (r,).
    variance
        Prior variance of each coefficient, of shape (r,).
    """

    mode: Floats
    variance: Floats


def fit_strengths(
    design: Floats, outcome: Floats, weight: Floats, offset: Floats, strengths: Strengths
) -> Posterior:
    """Return the posterior under the strengths that make the outcomes most likely."""
    if weight.sum() <= 0:
        return _untold(strengths)
    common = strengths.expected.copy()
    variance = common[strengths.family]
    mode = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        before = mode
        mode, spread = step(design, outcome, weight, offset, mode, variance[strengths.group])
        variance, common = _learn(mode, spread, variance, common, strengths)
        if np.abs(design @ (mode - before)).max(initial=0.0) < TOLERANCE:
            break
    mode = settle(design, outcome, weight, offset, mode, variance[strengths.group])
    return Posterior(mode, variance[strengths.group])


def _untold(strengths: Strengths) -> Posterior:
    """Nothing is known yet: what could only be learned stands still."""
    variance = np.where(strengths.stays, strengths.expected, STILL)[strengths.family]
    variance = variance[strengths.group]
    return Posterior(np.zeros(len(variance)), variance)


def settle(
    design: Floats, outcome: Floats, weight: Floats, offset: Floats, mode: Floats, variance: Floats
) -> Floats:
    """Return the mode for given prior variances."""
    for _ in range(ROUNDS):
        before = mode
        mode, _ = step(design, outcome, weight, offset, mode, variance)
        if np.abs(mode - before).max(initial=0.0) < 1e-9:
            break
    return mode


def covariance_at(
    design: Floats, weight: Floats, offset: Floats, mode: Floats, variance: Floats
) -> Floats:
    """Return the posterior covariance by the bend of the likelihood at a mode."""
    root = _inverse_root(design, weight, expit(offset + design @ mode), variance)
    scale = np.sqrt(variance)
    return np.asarray((root.T @ root) * np.outer(scale, scale))


def step(
    design: Floats, outcome: Floats, weight: Floats, offset: Floats, mode: Floats, variance: Floats
) -> tuple[Floats, Floats]:
    """Return one Newton step from a mode, and the posterior variances there.

    Works in units of the prior's standard deviations, so that a variance near 0 does no harm.
    """
    probability = expit(offset + design @ mode)
    scale = np.sqrt(variance)
    root = _inverse_root(design, weight, probability, variance)
    slope = scale * (design.T @ (weight * (outcome - probability))) - mode / scale
    move = scale * (root.T @ (root @ slope))
    far = np.abs(design @ move).max(initial=0.0)
    spread = (root**2).sum(axis=0) * variance
    return mode + move * min(1.0, LARGEST_STEP / max(far, 1e-12)), spread


def _inverse_root(design: Floats, weight: Floats, probability: Floats, variance: Floats) -> Floats:
    """Inverse of the lower Cholesky factor of the posterior precision, in prior units."""
    bent = design * np.sqrt(weight * probability * (1.0 - probability))[:, None]
    scale = np.sqrt(variance)
    curved = (bent.T @ bent) * np.outer(scale, scale)
    curved[np.diag_indices_from(curved)] += 1.0
    inverse, _ = dtrtri(cholesky(curved, lower=True, check_finite=False), lower=1)
    return np.asarray(inverse)


def _learn(
    mode: Floats, spread: Floats, variance: Floats, common: Floats, strengths: Strengths
) -> tuple[Floats, Floats]:
    groups, families = len(strengths.family), len(common)
    known = 1.0 - spread / variance[strengths.group]
    measured = np.bincount(strengths.group, np.maximum(known, 0.0), groups)
    moved = np.bincount(strengths.group, mode**2, groups)
    drawn = OWN * common[strengths.family]
    learned = (drawn + moved) / (OWN + measured)
    learned = np.where(strengths.learned[strengths.family], learned, variance)
    count = np.bincount(strengths.family, minlength=families)
    precision = np.bincount(strengths.family, 1.0 / learned, families)
    shared = (count + 1.0) / (precision + 1.0 / strengths.expected)
    return learned, np.where(strengths.learned, np.clip(shared, 1e-6, 1e2), common)

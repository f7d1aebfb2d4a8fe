"""An additive design: every column's shapes beside each other, around an expert's terms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.learning.prior import Prior
from matcher.learning.shrinkage import Strengths
from matcher.learning.terms import FREE_SD, Family, Shapes, shapes_of
from matcher.scoring.scorecard import Term

WITHOUT_EXPERT: Final = {
    Family.BASE: 1.0,
    Family.COMMON: 1.0,
    Family.STRENGTH: 1.0,
    Family.LINE: 0.1,
    Family.RIPPLE: 0.02,
    Family.UNKNOWN: 0.1,
}
"""Variances expected of each family before the data tell; the base is never learned."""

WITH_EXPERT: Final = {
    **WITHOUT_EXPERT,
    Family.COMMON: 0.25,
    Family.LINE: 0.02,
    Family.RIPPLE: 0.005,
    Family.UNKNOWN: 1.0,
}
"""The same around an expert's terms, whose own uncertainties are units of base and strength."""


@dataclass(frozen=True)
class Additive:
    """A design matrix and the way back from its coefficients to terms.

    Parameters
    ----------
    shapes
        How each column may move.
    prior
        The expert's opinion that they move from, if any.
    base_sd
        What one unit of the first coefficient adds to the base, in log-odds.
    """

    shapes: tuple[Shapes, ...]
    prior: Prior | None
    base_sd: float

    @classmethod
    def of(cls, x: Floats, weight: Floats, prior: Prior | None) -> Self:
        """Return the design that suits columns of shape (n, p)."""
        terms: Sequence[Term | None] = prior.terms if prior else [None] * x.shape[1]
        shapes = tuple(shapes_of(x[:, k], weight, term) for k, term in enumerate(terms))
        return cls(shapes, prior, prior.base_sd if prior else FREE_SD)

    @property
    def _first(self) -> int:
        """Coefficients before those of the first column."""
        return 2 if self.prior else 1

    def _slices(self) -> list[slice]:
        ends = self._first + np.cumsum([0, *(len(s.family) for s in self.shapes)])
        return [slice(a, b) for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]

    @property
    def strengths(self) -> Strengths:
        """Groups of coefficients: a family in a column is one."""
        family = [Family.BASE, Family.COMMON][: self._first]
        group = list(range(self._first))
        for shapes in self.shapes:
            for kind in np.unique(shapes.family):
                group += [len(family)] * int((shapes.family == kind).sum())
                family.append(Family(kind))
        expected = WITH_EXPERT if self.prior else WITHOUT_EXPERT
        learned = np.ones(len(Family), dtype=bool)
        learned[Family.BASE] = self.prior is not None
        stays = np.isin(list(Family), (Family.BASE, Family.STRENGTH, Family.UNKNOWN))
        variances = np.array([expected[f] for f in Family])
        return Strengths(np.array(group), np.array(family), variances, learned, stays)

    def design(self, x: Floats) -> Floats:
        """Return the design of rows, of shape (n, r)."""
        parts = [np.full((len(x), 1), self.base_sd)]
        if self.prior:
            parts.append(self.offset(x)[:, None] - self.prior.base)
        parts += [shapes(x[:, k]) for k, shapes in enumerate(self.shapes)]
        return np.column_stack(parts)

    def offset(self, x: Floats) -> Floats:
        """Return the expert's log-odds, of shape (n,)."""
        total = np.full(len(x), self.prior.base if self.prior else 0.0)
        for k, term in enumerate(self.prior.terms if self.prior else ()):
            total = total + term(x[:, k])
        return total

    def limits(self, directions: Sequence[int]) -> tuple[Floats, Floats]:
        """Return what keeps every term in its direction: ``normal @ coefficients >= least``."""
        normals, least = [np.zeros((0, self._slices()[-1].stop))], [np.zeros(0)]
        for k, (way, part) in enumerate(zip(directions, self._slices(), strict=True)):
            if way == 0 or len(self.shapes[k].knots) < 2:
                continue
            rises = np.zeros((len(self.shapes[k].knots) - 1, normals[0].shape[1]))
            rises[:, part] = way * np.diff(self.shapes[k].points, axis=0)
            expert = way * np.diff(self.prior.terms[k].points) if self.prior else 0.0
            if self.prior:
                rises[:, 1] = expert
            normals.append(rises)
            least.append(np.full(len(rises), 0.0) - expert)
        return np.vstack(normals), np.concatenate(least)

    def points(self, mode: Floats, directions: Sequence[int]) -> tuple[float, list[Term]]:
        """Return base and terms; rounding never turns a term against its direction."""
        base = (self.prior.base if self.prior else 0.0) + self.base_sd * float(mode[0])
        terms = []
        for k, (shapes, part) in enumerate(zip(self.shapes, self._slices(), strict=True)):
            points, unknown = shapes.points @ mode[part], float(shapes.unknown @ mode[part])
            if self.prior:
                points = points + self.prior.terms[k].points * (1.0 + mode[1])
                unknown += self.prior.terms[k].unknown * (1.0 + float(mode[1]))
            terms.append(Term(shapes.knots, _kept(points, directions[k]), unknown, 0.0))
        return base, terms

    def terms(
        self, terms: Sequence[Term], covariance: Floats, x: Floats, weight: Floats
    ) -> tuple[tuple[Term, ...], float]:
        """Return terms with their uncertainties, and the base's standard deviation.

        A scorecard knows each part's uncertainty, not how they hang together: the parts are
        stretched so that rows are, on average, as uncertain as the posterior says.
        """
        if self.prior and weight.sum() <= 0:
            return self.prior.terms, self.prior.base_sd
        design = self.design(x)
        total = _mean_variance(design, covariance, weight)
        parts = [
            _mean_variance(design[:, part], covariance[part, part], weight)
            for part in self._slices()
        ]
        base = self.base_sd**2 * float(covariance[0, 0])
        stretch = np.sqrt(total / (base + sum(parts)))
        worth = [max(float(weight @ t(x[:, k]) ** 2 / weight.sum()), 1e-12)
                 for k, t in enumerate(terms)]  # fmt: skip
        uncertain = tuple(
            replace(term, uncertainty=float(stretch * np.sqrt(part / size)))
            for term, part, size in zip(terms, parts, worth, strict=True)
        )
        return uncertain, float(stretch * np.sqrt(base))


def _kept(points: Floats, way: int) -> Floats:
    turned = {1: np.maximum.accumulate, -1: np.minimum.accumulate}
    return np.asarray(turned[way](points)) if way else points


def _mean_variance(design: Floats, covariance: Floats, weight: Floats) -> float:
    second: NDArray[np.float64] = design.T @ (design * weight[:, None]) / weight.sum()
    return max(float((second * covariance).sum()), 1e-12)

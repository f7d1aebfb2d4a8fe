"""The retention model: additive, monotone, and moved from the expert's opinion by outcomes."""

from collections.abc import Sequence
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from scipy.stats import norm
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from matcher.columns import Floats
from matcher.features import FEATURES, Feature
from matcher.learning.additive import Additive
from matcher.learning.monotone import Limits, Logistic, constrained_mode
from matcher.learning.prior import Prior, scorecard_table
from matcher.learning.shrinkage import covariance_at, fit_strengths

ONE_THREAD: Final[dict[str, Any]] = {"limits": 1, "user_api": "blas"}
"""Threads of linear algebra while a model learns.

Matrices of some hundred columns gain nothing from more, and where other work has the cores the
threads wait for each other: a fit of 0.1 s took 1.7.
"""


class RetentionModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    r"""Probability of being retained and safe: a sum of straight-line terms, one a column.

    :math:`\log\frac{p}{1-p} = b + \sum_k f_k(x_k)`, every :math:`f_k` piecewise linear, monotone
    in its declared direction, with points of its own where the value is not known. A Gaussian
    prior holds the terms near the expert's, or near nothing; how strongly is learned from the data
    by empirical Bayes, so that few outcomes move little and many move much.

    Parameters
    ----------
    directions
        +1 (more is never worse), -1 (never better) or 0 for each column; the prior's own, or 0,
        where None.
    prior
        The expert's opinion; None for none.
    random_state
        Kept for the estimator's interface: nothing here is random.

    Attributes
    ----------
    base_ : float
        Base, in log-odds.
    terms_ : tuple of Term
        What each column is worth: the tables that the scorer compiles and explains.
    classes_ : ndarray of shape (2,)
        The outcomes; the second is the one whose probability is told.
    n_outcomes_ : float
        Sum of the weights that it was fitted to.
    half_year_shift : float or None
        Log-odds by which day 180 is below the day it was fitted to, where that was learned too.

    References
    ----------
    Wood, S. N. (2017), Generalized Additive Models, 2nd edition, chapters 4-6.

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 200)[:, None]
    >>> model = RetentionModel(directions=[1]).fit(x, x[:, 0] > 0.4)
    >>> model.predict_proba([[0.0], [1.0]])[:, 1].round(1).tolist()
    [0.0, 1.0]
    """

    half_year_shift: float | None = None

    def __init__(
        self,
        directions: Sequence[int] | None = None,
        prior: Prior | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.directions = directions
        self.prior = prior
        self.random_state = random_state

    def __sklearn_tags__(self) -> Tags:
        """Return what the estimator can take: two classes, unknown values."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:  # noqa: N803
        """Learn the terms.

        With a prior there may be no row at all: the model is then the prior.

        Parameters
        ----------
        X
            Features of shape (n, p); NaN where not known.
        y
            Outcomes of shape (n,), of two kinds.
        sample_weight
            Weight of each row, of shape (n,); a weight of 2 is a row that stands twice.

        Raises
        ------
        ValueError
            Where the columns do not fit the prior or the directions, or there are not two outcomes.
        """
        least = 0 if self.prior else 1
        x, told = validate_data(
            self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=least
        )
        weight = _weights(sample_weight, x)
        self.classes_ = self._classes(told, weight)
        self._directions = self._ways(x.shape[1])
        self.n_outcomes_ = float(weight.sum())
        outcome = (told == self.classes_[1]).astype(np.float64)
        with threadpool_limits(**ONE_THREAD):
            self._learn(x, outcome, weight)
        return self

    def _classes(self, told: NDArray[Any], weight: Floats) -> NDArray[Any]:
        if self.prior and np.isin(told, (0, 1)).all():
            return np.array([0, 1])
        check_classification_targets(told)
        classes = unique_labels(told)
        if len(classes) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is multiclass: "
                f"expected 2 outcomes, got {len(classes)}."
            )
        if len(unique_labels(told[weight > 0]) if (weight > 0).any() else ()) < 2:
            raise ValueError("y: expected 2 outcomes with weight, got only one class")
        return np.asarray(classes)

    def _ways(self, columns: int) -> tuple[int, ...]:
        if self.prior is not None and not isinstance(self.prior, Prior):
            raise TypeError(f"prior: expected a Prior or None, got {type(self.prior).__name__}")
        declared = self.directions
        if declared is None:
            declared = self.prior.directions if self.prior else [0] * columns
        given = np.asarray(declared)
        terms = len(self.prior.terms) if self.prior else columns
        if given.shape != (columns,) or terms != columns or not np.isin(given, (-1, 0, 1)).all():
            raise ValueError(
                f"directions, prior: expected -1, 0 or 1 and a term for each of {columns} "
                f"columns, got directions {declared!r} and {terms} terms"
            )
        ways = tuple(int(way) for way in given)
        if self.prior:
            Prior(self.prior.base, self.prior.base_sd, self.prior.terms, ways)
        return ways

    def _learn(self, x: Floats, outcome: Floats, weight: Floats) -> None:
        self._additive = Additive.of(x, weight, self.prior)
        design, offset = self._additive.design(x), self._additive.offset(x)
        strengths = self._additive.strengths
        posterior = fit_strengths(design, outcome, weight, offset, strengths)
        problem = Logistic(design, outcome, weight, offset, posterior.variance)
        limits = Limits(*self._additive.limits(self._directions))
        self._mode = constrained_mode(problem, posterior.mode, limits)
        self._covariance = covariance_at(design, weight, offset, self._mode, posterior.variance)
        self.base_, points = self._additive.points(self._mode, self._directions)
        self.terms_, self._base_sd = self._additive.terms(points, self._covariance, x, weight)

    def contributions(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return what each column adds, in log-odds, of shape (n, p).

        ``base_`` and a row's contributions add up to its log-odds.
        """
        x = self._checked(X)
        return np.column_stack([term(x[:, k]) for k, term in enumerate(self.terms_)])

    def decision_function(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return log-odds, of shape (n,)."""
        return np.asarray(self.contributions(X).sum(axis=1) + self.base_)

    def predict_proba(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the probability of each outcome, of shape (n, 2)."""
        log_odds = self.decision_function(X)
        return np.column_stack([expit(-log_odds), expit(log_odds)])

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Return the likelier outcome, of shape (n,)."""
        likely = (self.decision_function(X) > 0).astype(np.intp)
        return np.asarray(self.classes_[likely])

    def predict_interval(self, X: ArrayLike, level: float = 0.9) -> Floats:  # noqa: N803
        """Return the ends of a central credible interval of the probability, of shape (n, 2).

        Directions don't narrow it: it is Laplace's, at the mode that the directions allow.

        Raises
        ------
        ValueError
            Where the level is not between 0 and 1.
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"level: expected a number between 0 and 1, got {level}")
        log_odds = self.decision_function(X)
        margin = norm.ppf(0.5 + level / 2.0) * self.standard_error(X)
        return np.asarray(expit(np.column_stack([log_odds - margin, log_odds + margin])))

    def standard_error(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the posterior standard deviation of the log-odds, of shape (n,)."""
        design = self._additive.design(self._checked(X))
        variance: Floats = ((design @ self._covariance) * design).sum(axis=1)
        return np.sqrt(variance)

    def draw_log_odds(
        self,
        X: ArrayLike,  # noqa: N803
        draws: int,
        generator: np.random.Generator,
    ) -> Floats:
        """Return log-odds under coefficients drawn from the posterior, of shape (n, draws).

        Directions hold for the mode, not for every draw.
        """
        x = self._checked(X)
        values, vectors = np.linalg.eigh(self._covariance)
        luck = generator.standard_normal((len(values), draws))
        moves = vectors @ (np.sqrt(np.maximum(values, 0.0))[:, None] * luck)
        return np.asarray(self.decision_function(x)[:, None] + self._additive.design(x) @ moves)

    def scorecard(
        self, table: pd.DataFrame, features: Sequence[Feature] = FEATURES
    ) -> pd.DataFrame:
        """Return the scorecard table that scores as this model does.

        Parameters
        ----------
        table
            The expert's table, for everything that is not learned.
        features
            The features, in the order of the columns.
        """
        check_is_fitted(self)
        return scorecard_table(table, self.base_, self._base_sd, self.terms_, features)

    def _checked(self, X: ArrayLike) -> Floats:  # noqa: N803
        check_is_fitted(self)
        return np.asarray(
            validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        )


def _weights(weight: ArrayLike | None, x: Floats) -> Floats:
    if len(x) == 0:
        return np.zeros(0)
    checked = _check_sample_weight(weight, x, ensure_non_negative=True, dtype=np.float64)
    return np.asarray(checked)

"""Competing outcomes in discrete time: who leaves by which way, and when, though some are lost."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from matcher.columns import Floats
from matcher.learning.outcome_rows import (
    CENSORED,
    PersonPeriods,
    Windows,
    checked_outcomes,
    person_periods,
)
from matcher.learning.outcomes_curves import causes_in
from matcher.learning.prior import Prior
from matcher.learning.retention import RetentionModel

VISIT_DAYS: Final = (30, 90, 180, 365)
LARGEST_WEIGHT: Final = 5.0
"""No client stands for more than five others who were lost."""

Incidence = dict[int, Floats]


class OutcomeModel(BaseEstimator):  # type: ignore[misc]
    r"""Cumulative incidence of each way of leaving, given features.

    In every window between visits a client stays or leaves by one of the causes, with log-odds
    against staying that are additive in the features and the window. Fitted cause by cause against
    staying, each as a :class:`RetentionModel`, they are one multinomial logit. Who is lost is
    counted as long as she was seen, and those like her who were not lost count for more: weights
    are the inverse of the probability of still being followed, given the features. Lost is never
    counted as safe.

    Parameters
    ----------
    visit_days
        Days of the follow-up visits; within a window the hazard is constant.
    directions
        For each cause the directions of its hazard: +1 where more of a column never makes leaving
        by it less likely. Causes without an entry are free.
    prior
        The expert scorecard; its log-odds become one more column, so that few outcomes suffice.
    random_state
        Seed of :meth:`incidence_interval`.

    Attributes
    ----------
    causes_ : list of int
        The causes that occurred.
    hazards_ : dict of int to RetentionModel
        Log-odds of leaving by a cause against staying; the last column is the window.
    followed_ : RetentionModel or None
        Log-odds of being followed through a window; None where nobody was lost.
    lost_share_ : float
        Share of the clients who were lost before the last visit.

    References
    ----------
    Begg, C. B. and Gray, R. (1984), Calculation of polychotomous logistic regression parameters
    using individualized regressions, Biometrika 71(1).
    Robins, J. M. and Finkelstein, D. M. (2000), Correcting for noncompliance and dependent
    censoring with inverse probability of censoring weighted log-rank tests, Biometrics 56(3).
    """

    def __init__(
        self,
        visit_days: Sequence[float] = VISIT_DAYS,
        directions: Mapping[int, Sequence[int]] | None = None,
        prior: Prior | None = None,
        random_state: int = 0,
    ) -> None:
        self.visit_days = visit_days
        self.directions = directions
        self.prior = prior
        self.random_state = random_state

    def fit(self, X: ArrayLike, days: ArrayLike, cause: ArrayLike) -> Self:  # noqa: N803
        """Learn from placements.

        Parameters
        ----------
        X
            Features of shape (n, p); NaN where not known.
        days
            Day on which each client left, or was last seen, of shape (n,). Whoever is still there
            at the last visit has that day and cause 0.
        cause
            0 for not known to have left, else the number of the way, of shape (n,).

        Raises
        ------
        ValueError
            Where a day or a cause is out of range, or nobody left or nobody stayed.
        """
        x = np.asarray(validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan"))
        day, told = checked_outcomes(len(x), days, cause)
        declared: object = self.directions
        if declared is not None and not isinstance(declared, Mapping):
            kind = type(declared).__name__
            raise TypeError(
                f"directions: expected them by cause, such as {{3: [0, 1]}}, got {kind}"
            )
        self._windows = Windows(self.visit_days)
        rows = person_periods(self._windows, day, told)
        self.causes_ = causes_in(rows.cause)
        if not self.causes_ or not ((rows.cause == CENSORED) & (rows.seen > 0)).any():
            raise ValueError("cause: expected somebody who left and somebody seen to stay")
        self.lost_share_ = float(((told == CENSORED) & (day < self._windows.edges[-1])).mean())
        columns = self._columns(x)[rows.person]
        columns[:, -1] = rows.window
        weight = self._followed(columns, rows) * rows.seen
        self.hazards_ = {c: self._against_staying(c, columns, rows, weight) for c in self.causes_}
        return self

    def _columns(self, x: Floats) -> Floats:
        """Features, the expert's log-odds if any, and room for the window."""
        parts = [x, np.zeros((len(x), 1))]
        if self.prior:
            expert = self.prior.base + sum(
                (term(x[:, k]) for k, term in enumerate(self.prior.terms)), np.zeros(len(x))
            )
            parts.insert(1, expert[:, None])
        return np.column_stack(parts)

    def _followed(self, columns: Floats, rows: PersonPeriods) -> Floats:
        """Return stabilised weights of rows; 1 where nobody was lost."""
        kept = (rows.seen >= 1.0).astype(np.float64)
        self.followed_ = None
        if kept.min() == kept.max():
            return np.ones(len(kept))
        self.followed_ = RetentionModel().fit(columns, kept)
        own = self.followed_.predict_proba(columns)[:, 1]
        usual = np.bincount(rows.window, kept) / np.bincount(rows.window)
        ratio = usual[rows.window] / own
        weight = np.minimum(_running_product(ratio, rows), LARGEST_WEIGHT)
        return np.asarray(weight / np.average(weight, weights=kept))

    def _against_staying(
        self, cause: int, columns: Floats, rows: PersonPeriods, weight: Floats
    ) -> RetentionModel:
        own = ((rows.cause == cause) | (rows.cause == CENSORED)) & (weight > 0)
        declared = (self.directions or {}).get(cause)
        free = [0] * (columns.shape[1] - len(declared)) if declared is not None else []
        ways = None if declared is None else [*declared, *free]
        return RetentionModel(ways).fit(columns[own], rows.cause[own] == cause, weight[own])

    def cumulative_incidence(self, X: ArrayLike, days: Sequence[float]) -> Incidence:  # noqa: N803
        """Return the probability of having left by each cause by each day.

        Parameters
        ----------
        X
            Features of shape (n, p).
        days
            From 0 to the last visit's day.

        Returns
        -------
        dict
            By cause, of shape (n, days). Their sum is at most 1; what is left of it is being
            there and safe.

        Raises
        ------
        ValueError
            Where a day is beyond the last visit.
        """
        columns, spent = self._asked(X, days)
        log_odds = np.stack(
            [self._by_window(m.decision_function, columns) for m in self.hazards_.values()]
        )
        return dict(zip(self.causes_, _incidence(log_odds, spent), strict=True))

    def incidence_interval(
        self,
        X: ArrayLike,  # noqa: N803
        days: Sequence[float],
        level: float = 0.9,
        draws: int = 200,
    ) -> Incidence:
        """Return credible intervals of :meth:`cumulative_incidence`, of shape (n, days, 2)."""
        columns, spent = self._asked(X, days)
        generator = np.random.default_rng(self.random_state)
        stacked = np.vstack([self._in_window(columns, w) for w in range(len(self._windows))])
        shape = (len(self._windows), len(columns), draws)
        drawn = [m.draw_log_odds(stacked, draws, generator) for m in self.hazards_.values()]
        log_odds = np.stack([d.reshape(shape).transpose(2, 1, 0) for d in drawn])
        tails = [(1.0 - level) / 2, (1.0 + level) / 2]
        shares = _incidence(log_odds, spent)
        ends = np.moveaxis(np.quantile(shares, tails, axis=1), 0, -1)
        return dict(zip(self.causes_, ends, strict=True))

    def retention(self, X: ArrayLike, days: Sequence[float]) -> Floats:  # noqa: N803
        """Return the probability of being there and safe on each day, of shape (n, days)."""
        return np.asarray(1.0 - np.sum(list(self.cumulative_incidence(X, days).values()), axis=0))

    def retention_90d(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the probability of being there and safe after 90 days, of shape (n,)."""
        return np.asarray(self.retention(X, [90])[:, 0])

    def retention_180d(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the probability of being there and safe after 180 days, of shape (n,)."""
        return np.asarray(self.retention(X, [180])[:, 0])

    def _asked(self, X: ArrayLike, days: Sequence[float]) -> tuple[Floats, Floats]:  # noqa: N803
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        until, last = np.asarray(days, dtype=np.float64), self._windows.edges[-1]
        if until.ndim != 1 or not ((until >= 0) & (until <= last)).all():
            raise ValueError(f"days: expected 0 to {last:g}, in a sequence, got {days}")
        return self._columns(np.asarray(x)), self._windows.spent(until)

    def _by_window(self, score: Callable[[Floats], Floats], columns: Floats) -> Floats:
        windows = range(len(self._windows))
        return np.column_stack([score(self._in_window(columns, w)) for w in windows])

    def _in_window(self, columns: Floats, window: int) -> Floats:
        columns = columns.copy()
        columns[:, -1] = window
        return columns


def _running_product(ratio: Floats, rows: PersonPeriods) -> Floats:
    """Return each person's product of ratios up to and with each of her windows."""
    table = np.ones((rows.person[-1] + 1, rows.window.max() + 1))
    table[rows.person, rows.window] = ratio
    return np.asarray(np.cumprod(table, axis=1)[rows.person, rows.window])


def _incidence(log_odds: Floats, spent: Floats) -> Floats:
    """Return cumulative incidences from log-odds against staying.

    Parameters
    ----------
    log_odds
        Of shape (causes, ..., windows).
    spent
        Share of each window passed by each day, of shape (days, windows).
    """
    against = np.concatenate([np.zeros((1, *log_odds.shape[1:])), log_odds])
    log_stay = -np.asarray(logsumexp(against, axis=0))
    share = np.exp(log_odds - np.asarray(logsumexp(log_odds, axis=0)))
    before = np.cumsum(log_stay, axis=-1) - log_stay
    left = np.exp(before)[..., None, :] * -np.expm1(log_stay[..., None, :] * spent)
    return np.asarray(np.einsum("c...w,...dw->c...d", share, left))

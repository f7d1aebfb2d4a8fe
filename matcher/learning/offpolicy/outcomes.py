"""What the doubly robust estimate predicts: the reward of every option, and being observed.

Both are cross-fitted: no row is predicted by a model that has seen it, or seen its cluster.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from matcher.columns import Floats
from matcher.learning.offpolicy.log import Booleans, Integers, PolicyLog

LEAST_OBSERVED: Final = 0.05
"""Probability of being observed below which no row is weighted up any further."""


def expected_rewards(
    log: PolicyLog, folds: int, seed: int, model: BaseEstimator | None = None
) -> Floats:
    """Return the reward expected of every option, of shape (n, m); 0 where none was offered.

    Parameters
    ----------
    log
        The log; its lost rows teach nothing, and its known ones as much as they stand for.
    folds, seed
        Of the cross-fitting.
    model
        A classifier or regressor of scikit-learn; a regularised linear one without.
    """
    model = model or _linear(LogisticRegression() if log.binary else Ridge())
    known, described, share = log.observed, log.chosen_features, log.stands_for
    expected = np.zeros(log.offered.shape)
    for train, test in _folds(log, folds, seed):
        learnt = train[known[train]] if known[train].any() else np.flatnonzero(known)
        options = np.where(log.offered[test], test[:, None], -1)
        inside = options >= 0
        asked = log.features[test][inside]
        told = None if log.weight is None else share[learnt]
        found = _fitted_mean(model, described[learnt], log.reward[learnt], asked, told)
        expected[test] = _spread(found, inside)
    return expected


def observation_probability(log: PolicyLog, folds: int, seed: int) -> Floats:
    """Return each row's probability of being observed given what was chosen, of shape (n,).

    The inverse of the log's own weights where it has them. All ones where nothing was lost; as
    estimated from features never below ``LEAST_OBSERVED``.
    """
    if log.weight is not None:
        return np.asarray(1.0 / np.where(log.observed, log.weight, 1.0))
    probability = np.ones(len(log))
    if log.observed.all():
        return probability
    described, known = log.chosen_features, log.observed.astype(float)
    for train, test in _folds(log, folds, seed):
        found = _fitted_mean(
            _linear(LogisticRegression()), described[train], known[train], described[test]
        )
        probability[test] = np.clip(found, LEAST_OBSERVED, 1.0)
    return probability


def _linear(last: BaseEstimator) -> Pipeline:
    impute = SimpleImputer(add_indicator=True, keep_empty_features=True)
    return make_pipeline(impute, StandardScaler(), last)


def _folds(log: PolicyLog, folds: int, seed: int) -> Iterator[tuple[Integers, Integers]]:
    if log.clusters is None:
        yield from KFold(folds, shuffle=True, random_state=seed).split(log.rows)
        return
    few = min(folds, len(np.unique(log.clusters)))
    splitter = GroupKFold(few, shuffle=True, random_state=seed)
    yield from splitter.split(log.rows, groups=log.clusters)


def _fitted_mean(
    model: Any, x: Floats, y: Floats, asked: Floats, weight: Floats | None = None
) -> Floats:
    """Expected ``y`` where ``asked``; the plain mean where ``y`` never varies."""
    if (y == y[0]).all():
        return np.full(len(asked), y[0])
    fitted = clone(model).fit(x, y, **_weight_of_last_step(model, weight))
    if is_classifier(fitted):
        return np.asarray(fitted.predict_proba(asked) @ fitted.classes_)
    return np.asarray(fitted.predict(asked))


def _weight_of_last_step(model: Any, weight: Floats | None) -> dict[str, Floats]:
    """Weights as an estimator's ``fit`` takes them; a pipeline's last step has them."""
    if weight is None:
        return {}
    named = f"{model.steps[-1][0]}__" if isinstance(model, Pipeline) else ""
    return {f"{named}sample_weight": weight}


def _spread(values: Floats, inside: Booleans) -> Floats:
    spread = np.zeros(inside.shape)
    spread[inside] = values
    return spread

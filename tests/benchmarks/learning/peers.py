"""What the retention model is measured against, each tuned by cross-validation."""

from typing import Any, Final

import numpy as np
from interpret.glassbox import ExplainableBoostingClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from matcher.columns import Floats

FOLDS: Final = 5
LEAVES: Final = (2, 4, 8)
RATE: Final = 0.06
ROUNDS: Final = 200


def logistic_regression(features: Floats, outcome: Floats, seed: int) -> Any:
    """Return ridge or lasso, whichever cross-validates better, with the best of ten strengths."""
    tried = [_logistic(features, outcome, seed, ratio, solver) for ratio, solver in SHRINKAGE]
    return max(tried, key=_best_score)


SHRINKAGE: Final = ((0.0, "lbfgs"), (1.0, "liblinear"))


def _logistic(features: Floats, outcome: Floats, seed: int, ratio: float, solver: str) -> Any:
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    model = LogisticRegressionCV(
        Cs=np.logspace(-3, 2, 10), cv=folds, l1_ratios=(ratio,), solver=solver, max_iter=1000,
        scoring="neg_log_loss", random_state=seed, use_legacy_attributes=False,
    )  # fmt: skip
    impute = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(impute, StandardScaler(), model).fit(features, outcome)


def _best_score(pipeline: Any) -> float:
    return float(np.max(pipeline[-1].scores_.mean(axis=0)))


def boosting(features: Floats, outcome: Floats, seed: int) -> Any:
    """Return histogram boosting with the best number of leaves and rounds."""
    tried = [(*_best_rounds(features, outcome, seed, leaves), leaves) for leaves in LEAVES]
    _, rounds, leaves = min(tried)
    return _boosting(leaves, rounds, seed).fit(features, outcome)


def _boosting(leaves: int, rounds: int, seed: int) -> Any:
    return HistGradientBoostingClassifier(
        learning_rate=RATE, max_leaf_nodes=leaves, max_iter=rounds, min_samples_leaf=10,
        early_stopping=False, random_state=seed,
    )  # fmt: skip


def _best_rounds(features: Floats, outcome: Floats, seed: int, leaves: int) -> tuple[float, int]:
    loss = np.zeros(ROUNDS)
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(
        features, outcome
    ):
        model = _boosting(leaves, ROUNDS, seed).fit(features[train], outcome[train])
        stages = model.staged_predict_proba(features[test])
        loss += [-np.log(_of_truth(p, outcome[test])).mean() for p in stages]
    return float(loss.min()), int(loss.argmin()) + 1


def _of_truth(probability: Floats, outcome: Floats) -> Floats:
    """Return the probability given to what came true."""
    return np.asarray(np.where(outcome == 1, probability[:, 1], probability[:, 0]))


def explainable_boosting(features: Floats, outcome: Floats, seed: int) -> Any:
    """Return interpret-core's EBM with its interactions; fewer bags and longer steps for time."""
    model = ExplainableBoostingClassifier(
        outer_bags=4, learning_rate=0.05, n_jobs=1, random_state=seed
    )
    return model.fit(features, outcome)


PEERS: Final = {
    "logistic regression": logistic_regression,
    "histogram boosting": boosting,
    "EBM": explainable_boosting,
}

"""How a model does for each group: sizes and intervals beside every figure, small groups withheld.

References
----------
Weerts, H. et al. (2023), Fairlearn: assessing and improving fairness of AI systems, Journal of
Machine Learning Research 24.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from fairlearn.metrics import MetricFrame
from numpy.typing import ArrayLike
from scipy.stats import t as student

from matcher.columns import Floats
from matcher.learning.calibration import Forecasts, wilson_interval

UNKNOWN: Final = "unknown"
SMALLEST_GROUP: Final = 10
"""Fewer rows than this say nothing of a group and might name its people."""

SURE: Final = 1e-9
"""Nearest to 0 or 1 that a probability is taken to be: one surprise must not be infinite."""


def row_log_loss(outcome: Floats, probability: Floats) -> Floats:
    """Return the log loss of each row, of shape (n,)."""
    said = np.clip(probability, SURE, 1.0 - SURE)
    return np.asarray(-np.where(outcome > 0, np.log(said), np.log1p(-said)))


def group_report(
    outcome: ArrayLike,
    probability: ArrayLike,
    groups: pd.DataFrame,
    smallest: int = SMALLEST_GROUP,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return metrics of each group of each attribute.

    Parameters
    ----------
    outcome, probability
        0 or 1, and the probability of 1, of shape (n,).
    groups
        One column an attribute (sex, age band, province, disability, ID-poor), n rows; what is not
        known is a group of its own.
    smallest
        Rows below which a group's figures are withheld (NaN, ``shown`` False). Its size is told.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        Indexed by ``attribute`` and ``group``, first of all ``all``, ``all``. Columns: ``n``;
        ``outcome`` (share, Wilson's interval), ``log_loss`` and ``surplus`` (outcome less
        probability: above 0, the model thinks too little of the group), each with ``_low`` and
        ``_high``; ``shown``.

    Raises
    ------
    ValueError
        Where groups and outcomes differ in number.
    """
    told, said = Forecasts.of(outcome, probability)
    if len(groups) != len(told):
        raise ValueError(f"groups: expected {len(told)} rows, got {len(groups)}")
    whole = pd.DataFrame({"all": np.full(len(told), "all")})
    named = groups.astype(object).where(groups.notna(), UNKNOWN).astype(str).reset_index(drop=True)
    frames = {
        str(attribute): _by_group(told, said, column, level)
        for attribute, column in pd.concat([whole, named], axis=1).items()
    }
    report = pd.concat(frames, names=["attribute", "group"])
    report["shown"] = report["n"] >= smallest
    figures = [column for column in report.columns if column not in ("n", "shown")]
    report.loc[~report["shown"], figures] = np.nan
    return report


def widest_gaps(report: pd.DataFrame) -> pd.DataFrame:
    """Return, by attribute, the gap between the groups that are shown.

    Returns
    -------
    DataFrame
        ``log_loss`` and ``surplus``: largest less smallest, NaN below two groups; ``groups`` that
        are shown and ``withheld``.
    """
    by_attribute = report.drop(index="all", level="attribute").groupby(level="attribute")
    shown = by_attribute["shown"].sum()
    gaps = by_attribute[["log_loss", "surplus"]].agg(lambda values: values.max() - values.min())
    gaps[shown < 2] = np.nan
    return gaps.assign(groups=shown, withheld=by_attribute.size() - shown)


def _by_group(outcome: Floats, probability: Floats, group: pd.Series, level: float) -> pd.DataFrame:
    if len(outcome) == 0:
        return pd.DataFrame({"n": pd.Series(dtype=int), **{m: [] for m in _metrics(level)}})
    frame = MetricFrame(
        metrics={"n": _size, **_metrics(level)},
        y_true=outcome,
        y_pred=probability,
        sensitive_features=group.rename("group"),
    )
    return frame.by_group.astype({"n": int})


def _metrics(level: float) -> dict[str, Callable[[Floats, Floats], float]]:
    """Figures of one group by name."""
    return {
        "outcome": lambda y, p: float(np.mean(y)),
        "outcome_low": lambda y, p: float(wilson_interval(np.sum(y), len(y), level)[0]),
        "outcome_high": lambda y, p: float(wilson_interval(np.sum(y), len(y), level)[1]),
        "log_loss": lambda y, p: float(np.mean(row_log_loss(y, p))),
        "log_loss_low": lambda y, p: _mean_end(row_log_loss(y, p), level, -1),
        "log_loss_high": lambda y, p: _mean_end(row_log_loss(y, p), level, +1),
        "surplus": lambda y, p: float(np.mean(y - p)),
        "surplus_low": lambda y, p: _mean_end(y - p, level, -1),
        "surplus_high": lambda y, p: _mean_end(y - p, level, +1),
    }


def _size(outcome: Floats, probability: Floats) -> int:
    return len(outcome)


def _mean_end(values: Floats, level: float, side: int) -> float:
    """One end of Student's interval of a mean; without end where there is one value."""
    n = len(values)
    if n < 2:
        return side * np.inf
    reach = student.ppf(0.5 + level / 2.0, n - 1) * np.std(values, ddof=1) / np.sqrt(n)
    return float(np.mean(values) + side * reach)

"""What moved since a model was trained, by how much, and since when, in plain words."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy import stats

from matcher.columns import Floats
from matcher.learning.registry.training import Days

LEAST: Final = 50
"""Known values on either side below which nothing is said of a column."""

LEVEL: Final = 0.01
"""Chance of any alarm at all where nothing moved, over all columns of one report."""

SMALLEST: Final = 0.1
"""A change of distribution smaller than this, in the Kolmogorov-Smirnov distance, is not told."""


class Kind(StrEnum):
    """What a column is."""

    INPUT = "input"
    SCORE = "score"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Series:
    """One column over time.

    Parameters
    ----------
    name, kind
        What it is.
    values
        Of shape (n,); NaN unknown, or lost.
    days
        Of shape (n,).
    """

    name: str
    kind: Kind
    values: Floats
    days: Days


@dataclass(frozen=True)
class Move:
    """One column that moved.

    Parameters
    ----------
    name, kind
        Which.
    what
        ``values``, or ``unknown`` where more or fewer are unknown.
    before, after
        Mean before and after; shares where ``what`` is unknown.
    distance
        Kolmogorov-Smirnov distance, or the difference of shares.
    p_value
        After Holm's correction over the whole report.
    since
        Day from which the change is likeliest, in ISO form.
    message
        All that in words.
    """

    name: str
    kind: Kind
    what: str
    before: float
    after: float
    distance: float
    p_value: float
    since: str
    message: str


@dataclass(frozen=True)
class Drift:
    """What moved, and what could not be told.

    Parameters
    ----------
    moves
        The clearest first.
    too_few
        Names of columns with too few known values on either side.
    """

    moves: tuple[Move, ...]
    too_few: tuple[str, ...]

    @property
    def messages(self) -> list[str]:
        """The report in plain words."""
        found = [move.message for move in self.moves] or ["Nothing moved beyond chance."]
        few = f"Too few values (under {LEAST}) to tell: {', '.join(self.too_few)}."
        return [*found, few] if self.too_few else found

    def as_dict(self) -> dict[str, object]:
        """Return plain values, ready for JSON."""
        return {**asdict(self), "messages": self.messages}


@dataclass(frozen=True)
class _Tested:
    """One comparison of before and after."""

    series: Series
    what: str
    values: Floats
    days: Days
    later: np.ndarray
    distance: float
    p_value: float


def drift(series: list[Series], since: str, level: float = LEVEL) -> Drift:
    """Return what differs from ``since`` on from what was before.

    Values are compared by the Kolmogorov-Smirnov test, shares of the unknown and of 0/1 columns by
    Fisher's; all p-values are corrected together by Holm's method. The day of a change is where the
    mean rank before differs most, for its noise, from that after (CUSUM).

    Parameters
    ----------
    series
        Inputs, scores, outcomes.
    since
        First day of what is to be compared; the training's end, as a rule.
    level
        Chance of any alarm where nothing moved.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.
    Pettitt (1979), A non-parametric approach to the change-point problem.
    """
    start = np.datetime64(since, "D")
    told = [one for one in series if _enough(one, start)]
    tested = [test for one in told for test in _tests(one, start)]
    moves = [
        _move(test, corrected)
        for test, corrected in zip(tested, _holm([t.p_value for t in tested]), strict=True)
        if corrected < level and test.distance >= SMALLEST
    ]
    few = tuple(one.name for one in series if one not in told)
    return Drift(tuple(sorted(moves, key=lambda m: (m.p_value, m.name))), few)


def _enough(series: Series, start: np.datetime64) -> bool:
    known, later = ~np.isnan(series.values), series.days >= start
    return min(int((known & later).sum()), int((known & ~later).sum())) >= LEAST


def _tests(series: Series, start: np.datetime64) -> Iterator[_Tested]:
    unknown = np.isnan(series.values)
    if unknown.any():
        yield _tested(series, "unknown", unknown.astype(float), series.days, start)
    yield _tested(series, "values", series.values[~unknown], series.days[~unknown], start)


def _tested(series: Series, what: str, values: Floats, days: Days, start: np.datetime64) -> _Tested:
    later = days >= start
    if np.isin(values, (0.0, 1.0)).all():
        counts = [[int((values[side] == x).sum()) for x in (0, 1)] for side in (~later, later)]
        p_value = float(stats.fisher_exact(np.array(counts))[1])
        distance = abs(float(values[later].mean() - values[~later].mean()))
    else:
        found = stats.ks_2samp(values[~later], values[later], method="asymp")
        distance, p_value = float(found.statistic), float(found.pvalue)
    return _Tested(series, what, values, days, later, distance, p_value)


def _holm(p_values: list[float]) -> list[float]:
    order = np.argsort(p_values)
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return corrected


def _move(test: _Tested, p_value: float) -> Move:
    before, after = (float(test.values[side].mean()) for side in (~test.later, test.later))
    since = _changed_on(test.values, test.days)
    name = test.series.name if test.what == "values" else f"Share of {test.series.name} unknown"
    message = (
        f"{name} moved from {before:.3g} to {after:.3g} on average, since about {since} "
        f"({len(test.values)} values, p {p_value:.1g})."
    )
    return Move(
        test.series.name,
        test.series.kind,
        test.what,
        before,
        after,
        test.distance,
        p_value,
        since,
        message,
    )


def _changed_on(values: Floats, days: Days) -> str:
    """First day after the likeliest change of the mean rank."""
    order = np.argsort(days, kind="stable")
    ranks, sorted_days = stats.rankdata(values)[order], days[order]
    n = len(ranks)
    count = np.arange(1, n)
    walk = np.abs(np.cumsum(ranks - ranks.mean())[:-1]) / np.sqrt(count * (n - count))
    ends = np.flatnonzero(sorted_days[1:] > sorted_days[:-1])
    inside = ends[(ends >= n // 20) & (ends < n - n // 20)]
    ends = inside if len(inside) else ends
    return str(sorted_days[ends[walk[ends].argmax()] + 1])

"""Candidate against current on the same rows: paired differences with one-sided bounds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from matcher.columns import Floats
from matcher.learning.promotion.fairness import fairness_checks
from matcher.learning.promotion.held_out import HeldOut
from matcher.learning.promotion.limits import Limits
from matcher.learning.promotion.verdict import Check, Status

SMALLEST = 5
"""Rows of a group below which not even an interval is made."""

BINS, DRAWS = 10, 400


@dataclass(frozen=True)
class Comparison:
    """Two models on the same outcomes.

    Parameters
    ----------
    held_out
        Rows whose outcome is known.
    candidate, current
        Of shape (n,): probabilities.
    limits
        Of the gate.
    seed
        Of the bootstrap.
    """

    held_out: HeldOut
    candidate: Floats
    current: Floats
    limits: Limits
    seed: int

    def checks(self) -> Iterator[Check]:
        """Yield the checks of log loss, calibration and fairness."""
        yield from self._log_losses()
        yield from self._calibrations()
        yield from fairness_checks(
            self.held_out, self.candidate, self.current, self.limits, self.seed
        )

    def _log_losses(self) -> Iterator[Check]:
        outcome = self.held_out.outcome
        worse = log_loss(outcome, self.candidate) - log_loss(outcome, self.current)
        yield self._overall(worse)
        for group, rows in groups(self.held_out):
            yield self._of_group(group, worse[rows], self.held_out.weights[rows])

    def _overall(self, worse: Floats) -> Check:
        mean, low, high = bounds(worse, self.held_out.weights, self.limits.level)
        better = mean < 0 and high <= self.limits.margin
        return Check(
            "log_loss",
            Status.PASSED if better else Status.FAILED,
            f"Log loss {mean:+.3f} against the current model ({low:+.3f} to {high:+.3f}, "
            f"{len(worse)} outcomes); expected below 0, and at most {self.limits.margin} for sure.",
            value=mean,
            low=low,
            high=high,
            n=len(worse),
        )

    def _of_group(self, group: str, worse: Floats, weight: Floats) -> Check:
        if len(worse) < SMALLEST:
            message = f"{group}: {len(worse)} outcomes say nothing of the group."
            return Check("log_loss", Status.UNSURE, message, group, n=len(worse))
        mean, low, high = bounds(worse, weight, self._level(group, SMALLEST))
        far = mean > self.limits.group_margin and len(worse) >= self.limits.group_n
        failed, unsure = low > 0 or far, high > self.limits.group_margin
        status = Status.FAILED if failed else Status.UNSURE if unsure else Status.PASSED
        word = {"failed": "worse", "unsure": "may be worse", "passed": "not worse"}[status]
        message = (
            f"{group}: {word} for this group; log loss {mean:+.3f} ({low:+.3f} to {high:+.3f}, "
            f"{len(worse)} outcomes)."
        )
        return Check("log_loss", status, message, group, mean, low, high, len(worse))

    def _calibrations(self) -> Iterator[Check]:
        yield self._calibration_error()
        for group, rows in [("", np.arange(len(self.held_out))), *groups(self.held_out)]:
            if len(rows) >= self.limits.group_n:
                yield self._mean_prediction(group, rows)

    def _calibration_error(self) -> Check:
        outcome, rng = self.held_out.outcome, np.random.default_rng(self.seed)
        error = self._error(self.candidate, np.arange(len(outcome)))
        grown = error - self._error(self.current, np.arange(len(outcome)))
        drawn = [
            self._error(self.candidate, rows) - self._error(self.current, rows)
            for rows in rng.integers(0, len(outcome), (DRAWS, len(outcome)))
        ]
        low, high = np.quantile(drawn, [1 - self.limits.level, self.limits.level])
        failed = grown > self.limits.calibration_margin and low > 0
        message = (
            f"Calibration error {error:.3f}, {grown:+.3f} against the current model "
            f"({low:+.3f} to {high:+.3f})."
        )
        status = Status.FAILED if failed else Status.PASSED
        return Check(
            "calibration", status, message, "", grown, float(low), float(high), len(outcome)
        )

    def _error(self, predicted: Floats, rows: np.ndarray) -> float:
        known = self.held_out
        return calibration_error(known.outcome[rows], predicted[rows], known.weights[rows])

    def _mean_prediction(self, group: str, rows: np.ndarray) -> Check:
        """Refuse a mean that is off beyond chance, and further off than the current model's."""
        level, weight = self._level(group, self.limits.group_n), self.held_out.weights[rows]
        surplus = [(p - self.held_out.outcome)[rows] for p in (self.candidate, self.current)]
        mean, low, high = bounds(surplus[0], weight, level)
        before, margin = bounds(surplus[1], weight, level)[0], self.limits.calibration_margin
        off = max(low, -high, 0.0) > margin and abs(mean) - abs(before) > margin
        message = (
            f"{group or 'All'}: predicts {mean:+.1%} against what came ({low:+.1%} to {high:+.1%}, "
            f"{len(rows)} outcomes), the current model {before:+.1%}."
        )
        status = Status.FAILED if off else Status.PASSED
        return Check("mean_prediction", status, message, group, mean, low, high, len(rows))

    def _level(self, group: str, least: int) -> float:
        """Level of a bound of one group, such that all of its column hold together (Bonferroni).

        Asked one by one at 95 %, one of 25 provinces is nearly always "worse".
        """
        column = group.partition("=")[0]
        tested = sum(
            len(rows) >= least and other.partition("=")[0] == column
            for other, rows in groups(self.held_out)
        )
        return 1 - (1 - self.limits.level) / max(tested, 1)


def log_loss(outcome: Floats, predicted: Floats) -> Floats:
    """Return the log loss of each row, in nats."""
    likely = np.where(outcome == 1, predicted, 1 - predicted)
    return np.asarray(-np.log(np.clip(likely, 1e-12, 1.0)))


def bounds(values: Floats, weight: Floats, level: float) -> tuple[float, float, float]:
    """Return a weighted mean with its lower and its upper one-sided bound, by Student's t.

    The error is that of a ratio of sums, by linearisation; with equal weights it is the usual one.
    """
    n, share = len(values), weight / weight.mean()
    mean = float((share * values).mean())
    error = float((share * (values - mean)).std(ddof=1)) / n**0.5
    margin = float(stats.t.ppf(level, n - 1)) * error
    return mean, mean - margin, mean + margin


def calibration_error(outcome: Floats, predicted: Floats, weight: Floats) -> float:
    """Return the expected calibration error, weighted, over ten bins of as many rows each."""
    order = np.argsort(predicted, kind="stable")
    parts = np.array_split(order, BINS)
    surplus = weight * (predicted - outcome)
    gaps = [abs(float(surplus[part].sum())) for part in parts if len(part)]
    return sum(gaps) / float(weight.sum())


def groups(held_out: HeldOut) -> Iterator[tuple[str, np.ndarray]]:
    """Yield ``column=value`` and the rows of every group."""
    for name, labels in held_out.groups.items():
        for label in np.unique(labels):
            yield f"{name}={label}", np.flatnonzero(labels == label)

"""A log of choices, checked: what was offered, what was chosen with what probability, what came."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.columns import Floats

Booleans = NDArray[np.bool_]
Integers = NDArray[np.intp]

ROUNDING = 1e-6
"""How far probabilities may be from adding up to one."""


class InvalidLog(ValueError):  # noqa: N818 - reads as what it is
    """A log that contradicts itself.

    Parameters
    ----------
    field
        The array that is wrong.
    expected
        What was expected of it.
    found
        What came.
    row
        The first row where it is wrong; None where the array as a whole is.
    """

    def __init__(self, field: str, expected: str, found: object, row: int | None = None) -> None:
        self.field, self.expected, self.found, self.row = field, expected, found, row
        where = field if row is None else f"{field}, row {row}"
        super().__init__(f"{where}: expected {expected}, got {found}")


@dataclass(frozen=True)
class PolicyLog:
    """What a policy did, and what another would do, one entry a decision.

    Build it with :meth:`checked`.

    Parameters
    ----------
    features
        Of shape (n, m, p): a description of every option; NaN where not known.
    offered
        Of shape (n, m): the options that could be chosen.
    chosen
        Of shape (n,): the option that was.
    reward
        Of shape (n,): what came of it; NaN where nobody knows.
    propensity
        Of shape (n,): the probability with which the logging policy chose it.
    target
        Of shape (n, m): the probability of each option under the policy to be valued.
    clusters
        Of shape (n,): rows with the same number vary together, such as a cohort; None where each
        row stands alone.
    weight
        Of shape (n,): how many decisions each known reward stands for, itself and those lost like
        it; None to estimate that from the features.
    """

    features: Floats
    offered: Booleans
    chosen: Integers
    reward: Floats
    propensity: Floats
    target: Floats
    clusters: Integers | None
    weight: Floats | None = None

    @classmethod
    def checked(
        cls,
        features: ArrayLike,
        offered: ArrayLike,
        chosen: ArrayLike,
        reward: ArrayLike,
        propensity: ArrayLike,
        target: ArrayLike,
        clusters: ArrayLike | None = None,
        weight: ArrayLike | None = None,
    ) -> "PolicyLog":
        """Return the log as arrays that agree with one another.

        Raises
        ------
        InvalidLog
            Names the array, the row and what was expected.
        """
        described = _floats("features", features, 3)
        n, m, _ = described.shape
        log = cls(
            described,
            _shaped("offered", _booleans(offered), (n, m)),
            _shaped("chosen", _integers("chosen", chosen), (n,)),
            _shaped("reward", _floats("reward", reward, 1), (n,)),
            _shaped("propensity", _floats("propensity", propensity, 1), (n,)),
            _shaped("target", _floats("target", target, 2), (n, m)),
            None if clusters is None else _shaped("clusters", _codes(clusters), (n,)),
            None if weight is None else _shaped("weight", _floats("weight", weight, 1), (n,)),
        )
        for rule in _RULES:
            _require(log, rule)
        return log

    def __len__(self) -> int:
        return len(self.chosen)

    @property
    def rows(self) -> Integers:
        """Number of each row."""
        return np.arange(len(self))

    @property
    def observed(self) -> Booleans:
        """Rows whose reward is known."""
        return ~np.isnan(self.reward)

    @property
    def stands_for(self) -> Floats:
        """How many decisions each row's reward stands for: 0 where it is lost."""
        weight = np.ones(len(self)) if self.weight is None else self.weight
        return np.where(self.observed, weight, 0.0)

    @property
    def binary(self) -> bool:
        """Whether every known reward is 0 or 1."""
        return bool(np.isin(self.reward[self.observed], (0.0, 1.0)).all())

    @property
    def chosen_features(self) -> Floats:
        """Description of what was chosen, of shape (n, p)."""
        return self.features[self.rows, self.chosen]

    @property
    def ratio(self) -> Floats:
        """How many times likelier the target chooses what was chosen, of shape (n,)."""
        return np.asarray(self.target[self.rows, self.chosen] / self.propensity)


@dataclass(frozen=True)
class _Rule:
    """What must hold of every row of an array."""

    field: str
    expected: str
    holds: Callable[[PolicyLog], Booleans]


def _adds_up(log: PolicyLog) -> Booleans:
    adds_up = abs(log.target.sum(axis=1) - 1) <= ROUNDING
    return np.asarray((log.target >= 0).all(axis=1) & adds_up)


def _possible(log: PolicyLog) -> Booleans:
    return np.asarray((log.propensity > 0) & (log.propensity <= 1 + ROUNDING))


def _weighted(log: PolicyLog) -> Booleans:
    known = log.stands_for
    return np.asarray(~log.observed | (np.isfinite(known) & (known > 0)))


def _require(log: PolicyLog, rule: _Rule) -> None:
    wrong = np.flatnonzero(~rule.holds(log))
    if len(wrong):
        row = int(wrong[0])
        found = _short(getattr(log, rule.field)[row].tolist())
        raise InvalidLog(rule.field, rule.expected, found, row)


def _short(found: object) -> str:
    text = str(found)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _finite_where_offered(log: PolicyLog) -> Booleans:
    return np.asarray(~(np.isinf(log.features).any(axis=2) & log.offered).any(axis=1))


def _chosen_was_offered(log: PolicyLog) -> Booleans:
    inside = (log.chosen >= 0) & (log.chosen < log.offered.shape[1])
    return np.asarray(inside & log.offered[log.rows, np.where(inside, log.chosen, 0)])


def _floats(field: str, values: ArrayLike, dimensions: int) -> Floats:
    array = np.asarray(values, dtype=float)
    if array.ndim != dimensions or not array.size:
        raise InvalidLog(
            field, f"a filled array of {dimensions} dimensions", f"shape {array.shape}"
        )
    return array


def _booleans(values: ArrayLike) -> Booleans:
    array = np.asarray(values)
    if array.dtype != np.bool_ and not np.isin(array, (0, 1)).all():
        raise InvalidLog("offered", "true or false", f"values of type {array.dtype}")
    return array.astype(bool)


def _integers(field: str, values: ArrayLike) -> Integers:
    array = np.asarray(values)
    if not np.issubdtype(array.dtype, np.integer):
        raise InvalidLog(field, "whole numbers", f"values of type {array.dtype}")
    return array.astype(np.intp)


def _codes(values: ArrayLike) -> Integers:
    return np.unique(np.asarray(values), return_inverse=True)[1].astype(np.intp)


def _shaped(field: str, array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if array.shape != shape:
        raise InvalidLog(field, f"shape {shape}, as features have it", f"shape {array.shape}")
    return array


_RULES = (
    _Rule("features", "finite numbers, or NaN for unknown", _finite_where_offered),
    _Rule("offered", "at least one option", lambda log: np.asarray(log.offered.any(axis=1))),
    _Rule("chosen", "the number of an option that was offered", _chosen_was_offered),
    _Rule("reward", "a finite number, or NaN for lost", lambda log: ~np.isinf(log.reward)),
    _Rule("propensity", "a probability above 0", _possible),
    _Rule("weight", "a number above 0 where the reward is known", _weighted),
    _Rule("target", "probabilities that add up to 1", _adds_up),
)
"""In the order in which they can be asked."""

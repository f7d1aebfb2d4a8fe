"""Later placements that no model has seen, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.learning.registry.training import Days


@dataclass(frozen=True)
class HeldOut:
    """Placements that came after the training, one entry each.

    Parameters
    ----------
    features
        Of shape (n, p); NaN unknown.
    outcome
        Of shape (n,): 1 retained and safe, 0 not, NaN lost.
    row_id
        Of shape (n,): stable ids of the placements.
    placed_on
        Of shape (n,): days.
    schema
        Names of the columns, in order.
    groups
        Labels of shape (n,) by column: sex, age band, province and so on.
    weight
        Of shape (n,): what each known outcome counts, as in
        :meth:`matcher.learning.placements.Placements.labels`: who left early is known sooner than
        who stayed. None: all the same.
    recorded_on
        Of shape (n, p): days on which the features were recorded; NaT unknown. None: not known.
    log
        Slates for the policy's value: ``features``, ``offered``, ``chosen``, ``reward``,
        ``propensity`` and, where rewards are lost, ``weight`` as `policy_value` takes them. None:
        no log.

    Raises
    ------
    ValueError
        Where shapes differ, an outcome is not 0, 1 or NaN, or a known one has no weight above 0.
    """

    features: Floats
    outcome: Floats
    row_id: NDArray[Any]
    placed_on: Days
    schema: tuple[str, ...]
    groups: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    weight: Floats | None = None
    recorded_on: NDArray[np.datetime64] | None = None
    log: Mapping[str, NDArray[Any]] | None = None

    def __post_init__(self) -> None:
        features = np.asarray(self.features, dtype=float)
        n = len(self.outcome)
        weight = np.ones(n) if self.weight is None else np.asarray(self.weight, dtype=float)
        given: dict[str, Any] = {
            "features": features,
            "outcome": np.asarray(self.outcome, dtype=float),
            "weight": weight,
            "row_id": np.asarray(self.row_id),
            "placed_on": np.asarray(self.placed_on, dtype="datetime64[D]"),
            "groups": {name: np.asarray(labels) for name, labels in self.groups.items()},
        }
        for name, value in given.items():
            object.__setattr__(self, name, value)
        if not n or features.shape != (n, len(self.schema)):
            raise ValueError(
                f"held out, features: expected shape ({n or '1 or more'}, {len(self.schema)}), "
                f"got {features.shape}"
            )
        columns = {"row_id": self.row_id, "placed_on": self.placed_on, "weight": weight}
        columns |= self.groups
        for name, column in columns.items():
            if column.shape != (n,):
                raise ValueError(f"held out, {name}: expected shape ({n},), got {column.shape}")
        if not np.isin(self.outcome[~np.isnan(self.outcome)], (0, 1)).all():
            raise ValueError("held out, outcome: expected 0, 1 or NaN")
        counted = weight[~np.isnan(self.outcome)]
        if not (np.isfinite(counted) & (counted > 0)).all():
            raise ValueError("held out, weight: expected numbers above 0 for known outcomes")
        if self.recorded_on is not None and np.shape(self.recorded_on) != features.shape:
            raise ValueError(f"held out, recorded_on: expected shape {features.shape}")

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def weights(self) -> Floats:
        """What each known outcome counts, of shape (n,)."""
        return np.ones(len(self)) if self.weight is None else self.weight

    @property
    def lost(self) -> int:
        """Rows whose outcome is lost."""
        return int(np.isnan(self.outcome).sum())

    @property
    def period(self) -> tuple[str, str]:
        """First and last day of the placements, in ISO form."""
        return str(self.placed_on.min()), str(self.placed_on.max())

    def known(self) -> "HeldOut":
        """Return the rows whose outcome is known."""
        keep = ~np.isnan(self.outcome)
        recorded = None if self.recorded_on is None else np.asarray(self.recorded_on)[keep]
        return replace(
            self,
            features=self.features[keep],
            outcome=self.outcome[keep],
            row_id=self.row_id[keep],
            placed_on=self.placed_on[keep],
            groups={name: labels[keep] for name, labels in self.groups.items()},
            weight=self.weights[keep],
            recorded_on=recorded,
        )

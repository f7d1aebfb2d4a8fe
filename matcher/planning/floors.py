"""Group floors: the mean value below which no group should fall."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matcher.planning.columns import Floats
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.problem import Problem


def floor_levels(problem: Problem, floor: str | Mapping[Any, float] | None) -> Floats:
    """Return the mean (groups,) asked for each group; nan where none is."""
    levels = np.full(len(problem.labels), np.nan)
    if isinstance(floor, Mapping):
        for label, mean in floor.items():
            if label not in problem.labels:
                raise InvalidPlanInput(f"floor: no client is of group {label!r}")
            levels[problem.labels.index(label)] = mean
    return levels

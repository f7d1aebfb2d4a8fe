"""Climate: hazard x sensitivity -> the share of an income at risk, by place and year."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.geography import Geography
from matcher.reference import Parameters
from matcher.vocabulary import HAZARDS

Indices = NDArray[np.intp]

NOW: Final = 0
YEARS: Final = (NOW, 2030, 2050)
"""Points in time for which hazards are given; ``NOW`` is the present level."""


def loss_share(hazard: Floats, sensitivity: Floats) -> Floats:
    r"""Return the share of an income that a year with these hazards puts at risk.

    :math:`L = 1 - \prod_k (1 - h_k s_k (1 - a_k))`.

    Parameters
    ----------
    hazard
        :math:`h` in [0, 1], with the hazards on the last axis. NaN is unknown.
    sensitivity
        :math:`s (1 - a)`, sensitivity after adaptation, in [0, 1]; broadcasts with ``hazard``.

    Returns
    -------
    loss
        In [0, 1], without the last axis; NaN where anything is unknown.

    References
    ----------
    IPCC (2022), AR6 Working Group II: risk as hazard, exposure and vulnerability, shaped by
    responses.

    Examples
    --------
    >>> float(loss_share(np.array([1.0, 0.5]), np.array([0.5, 0.0])))
    0.5
    """
    return np.asarray(1.0 - np.prod(1.0 - hazard * sensitivity, axis=-1))


class Climate:
    """Hazard levels of every place, now and in the scenarios, and how hazards move together.

    A place takes the value of its commune where one exists, else of its district, else of its
    province.

    Parameters
    ----------
    hazards
        Columns ``place``, ``hazard``, ``level`` (1-4).
    correlations
        Columns ``hazard_a``, ``hazard_b``, ``correlation``.
    adaptations
        Columns ``livelihood``, ``adaptation``, ``hazard``, ``credit`` in [0, 1].
    """

    def __init__(
        self,
        hazards: pd.DataFrame,
        correlations: pd.DataFrame,
        adaptations: pd.DataFrame,
        geography: Geography,
        parameters: Parameters,
    ) -> None:
        levels = _by_place(hazards, "level", geography, math.nan)
        self.confidence = _by_place(hazards, "confidence", geography, None)
        self.hazard = {year: _scaled(_scenario(levels, year, parameters)) for year in YEARS}
        self.correlation = _matrix(correlations)
        self.bad_year_frequency = parameters["bad_year_frequency"]
        self.severe = parameters["hazard_severity_flag"]
        self._credits = _credits(adaptations)

    def credit(self, livelihood: str | None, adaptations: tuple[str, ...] | None) -> Floats:
        """Return what adaptations take off each hazard for a livelihood.

        Two adaptations against the same hazard work one after the other:
        ``a = 1 - (1 - a1)(1 - a2)``.

        Returns
        -------
        credit
            In [0, 1], of shape (4,): flood, drought, heat, wind.
        """
        left = np.ones(len(HAZARDS))
        for name in adaptations or ():
            for hazard, credit in self._credits.get((livelihood, name), ()):
                left[hazard] *= 1.0 - credit
        return 1.0 - left

    def at(self, places: Indices, year: int = NOW) -> Floats:
        """Return scaled hazards ``(level - 1) / 3`` at places, of shape (..., 4); NaN if unknown.

        Parameters
        ----------
        places
            Indices of places; -1 is unknown.
        year
            One of ``YEARS``.
        """
        return np.where((places < 0)[..., None], np.nan, self.hazard[year][places])


def _by_place(
    hazards: pd.DataFrame, column: str, geography: Geography, missing: object
) -> NDArray[Any]:
    """Spread a column by place and hazard; a place without one takes that of where it lies."""
    row, axis = ({name: at for at, name in enumerate(all_)} for all_ in (geography.codes, HAZARDS))
    at = hazards["place"].map(row), hazards["hazard"].map(axis)
    told = at[0].notna() & at[1].notna()
    places, axes = (one[told].to_numpy(dtype=np.intp) for one in at)
    own = np.zeros((len(geography.codes), len(HAZARDS)), dtype=bool)
    own[places, axes] = True
    values = np.full(own.shape, missing, np.float64 if isinstance(missing, float) else object)
    values[places, axes] = hazards[column].to_numpy(dtype=values.dtype)[told]
    above = geography.indices(str(code)[:-2] for code in geography.codes)
    digits = np.array([len(code) for code in geography.codes])
    for level in np.unique(digits):
        inside = np.flatnonzero((digits == level) & (above >= 0))
        values[inside] = np.where(own[inside], values[inside], values[above[inside]])
    return values


def _scenario(levels: Floats, year: int, parameters: Parameters) -> Floats:
    """Levels in a year: what is high rises, no level passes 4."""
    if year == NOW:
        return levels
    share = 1.0 if year == 2050 else parameters["scenario_fraction_2030"]
    rise = np.array([parameters[f"scenario_{name}_2050"] for name in HAZARDS])
    threshold = np.array([parameters[f"scenario_{name}_threshold"] for name in HAZARDS])
    return np.minimum(4.0, levels + share * rise * (levels >= threshold))


def _scaled(levels: Floats) -> Floats:
    return np.clip((levels - 1.0) / 3.0, 0.0, 1.0)


def _matrix(correlations: pd.DataFrame) -> Floats:
    matrix = np.eye(len(HAZARDS))
    columns = (correlations["hazard_a"], correlations["hazard_b"], correlations["correlation"])
    for a, b, value in zip(*columns, strict=True):
        if a in HAZARDS and b in HAZARDS:
            i, j = HAZARDS.index(a), HAZARDS.index(b)
            matrix[i, j] = matrix[j, i] = float(value)
    return matrix


def _credits(table: pd.DataFrame) -> Mapping[tuple[str | None, str], list[tuple[int, float]]]:
    known: dict[tuple[str | None, str], list[tuple[int, float]]] = {}
    columns = ["livelihood", "adaptation", "hazard", "credit"]
    for livelihood, name, hazard, credit in table[columns].itertuples(index=False, name=None):
        if hazard in HAZARDS:
            known.setdefault((livelihood, name), []).append((HAZARDS.index(hazard), credit))
    return known

"""What the engine needs to know of the world: the reference tables, as frames."""

import math
from typing import Protocol

import pandas as pd


class ReferenceTables(Protocol):
    """Frames the engine reads once, when it is built; see ``data/reference`` for the columns."""

    @property
    def places(self) -> pd.DataFrame:
        """Provinces, districts and communes with their parents and coordinates."""

    @property
    def hazards(self) -> pd.DataFrame:
        """Hazard levels 1-4 by place, in long form."""

    @property
    def livelihoods(self) -> pd.DataFrame:
        """Livelihoods with incomes, costs and sensitivities 0-4."""

    @property
    def livelihood_families(self) -> pd.DataFrame:
        """Families of livelihoods with the words that name them."""

    @property
    def livelihood_skills(self) -> pd.DataFrame:
        """Skills that a livelihood requires or uses."""

    @property
    def adaptations(self) -> pd.DataFrame:
        """Climate adaptations by livelihood with their credit in [0, 1]."""

    @property
    def skills(self) -> pd.DataFrame:
        """Skills with their group, branch and other names."""

    @property
    def occupation_skills(self) -> pd.DataFrame:
        """Skills by ISCO-08 unit group; may be empty."""

    @property
    def isco(self) -> pd.DataFrame:
        """The ISCO-08 tree."""

    @property
    def minimum_wages(self) -> pd.DataFrame:
        """Minimum wage by year and sector."""

    @property
    def parameters(self) -> pd.DataFrame:
        """Named numbers with unit and source."""

    @property
    def correlations(self) -> pd.DataFrame:
        """Correlation of hazards."""

    @property
    def transport_modes(self) -> pd.DataFrame:
        """Speed, waiting time and cost of each way to travel."""

    @property
    def documents(self) -> pd.DataFrame:
        """Documents with what they cost and how long they take."""

    @property
    def settings(self) -> pd.DataFrame:
        """Settings of work with their names."""

    @property
    def scorecard(self) -> pd.DataFrame:
        """The expert scorecard: one row a feature."""

    @property
    def phrases(self) -> pd.DataFrame:
        """What officers read, by key, in English and Khmer."""

    @property
    def screen_words(self) -> pd.DataFrame:
        """Words in a posting that point to a danger."""


class Parameters:
    """Named numbers of the reference tables.

    Raises
    ------
    KeyError
        Where a number is asked for that the table does not hold.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._values = {
            str(k): float(v) for k, v in zip(table["name"], table["value"], strict=True)
        }

    def __getitem__(self, name: str) -> float:
        value = self._values.get(name, math.nan)
        if math.isnan(value):
            raise KeyError(f"parameters: no value for {name!r}")
        return value

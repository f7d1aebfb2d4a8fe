"""What is thought before any outcome: the expert scorecard as the centre of a Gaussian prior."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from matcher.features import FEATURES, Feature
from matcher.scoring.scorecard import BASE, Scorecard, Term


@dataclass(frozen=True)
class Prior:
    """An expert's opinion of every column.

    Parameters
    ----------
    base
        Log-odds of an offer with nothing for or against it.
    base_sd
        Standard deviation of the base, in log-odds.
    terms
        What each column is worth, in the order of the columns.
    directions
        +1 where more of a column is never worse, -1 where never better, 0 where nobody knows.

    Raises
    ------
    ValueError
        Where terms and directions differ in number, or a term runs against its direction.
    """

    base: float
    base_sd: float
    terms: tuple[Term, ...]
    directions: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.terms) != len(self.directions):
            raise ValueError(
                f"prior: expected a direction a term, got {len(self.terms)} terms and "
                f"{len(self.directions)} directions"
            )
        for column, (term, way) in enumerate(zip(self.terms, self.directions, strict=True)):
            if (np.diff(term.points) * way < 0).any():
                raise ValueError(f"prior: the points of column {column} run against {way:+d}")

    @classmethod
    def of(cls, table: pd.DataFrame, features: Sequence[Feature] = FEATURES) -> Self:
        """Return the expert scorecard as a prior.

        Parameters
        ----------
        table
            The reference table ``scorecard``.
        features
            The features, in the order of the columns.

        Raises
        ------
        InvalidScorecard
            Where the table does not fit the features.
        """
        card = Scorecard(table, features)
        base_sd = float(table.loc[table["feature"] == BASE, "uncertainty"].iloc[0])
        return cls(card.base, base_sd, card.terms, tuple(f.direction for f in features))


def scorecard_table(
    table: pd.DataFrame,
    base: float,
    base_sd: float,
    terms: Sequence[Term],
    features: Sequence[Feature] = FEATURES,
) -> pd.DataFrame:
    """Return the scorecard with learned points in the place of the expert's.

    Parameters
    ----------
    table
        The expert's table: whatever is not learned stays as it is.
    base, base_sd
        Base and its standard deviation, in log-odds.
    terms
        The learned terms, in the order of the features.
    """
    learned = table.astype(dict.fromkeys(LEARNED, object)).set_index("feature", drop=False)
    learned.loc[BASE, ["points", "uncertainty"]] = [_written([base]), base_sd]
    for feature, term in zip(features, terms, strict=True):
        row = [_written(term.knots), _written(term.points), float(term.unknown), term.uncertainty]
        learned.loc[feature.name, list(LEARNED)] = row
    return learned.reset_index(drop=True)


LEARNED = ("knots", "points", "unknown_points", "uncertainty")


def _written(numbers: Sequence[float] | np.ndarray) -> str:
    """Numbers as they stand in the table; no digit is lost."""
    return ";".join(repr(float(x)) for x in numbers)

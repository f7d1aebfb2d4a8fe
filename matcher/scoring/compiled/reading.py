"""Records of a patch read: one by one, and by the table where anything is wrong with them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.market import Market
from matcher.scoring.compiled.recall import Cells, Recalled, cells_at, cells_of

Record = Mapping[str, Any]


class Reader:
    """Reads the records of a patch; what is wrong is told as the table tells it.

    Parameters
    ----------
    as_of
        The day on which the market stands.
    """

    def __init__(self, as_of: np.datetime64) -> None:
        self._as_of = as_of
        self._agrees = Recalled(_agrees, as_of)

    def read(self, records: Sequence[Record]) -> tuple[list[Cells], np.datetime64]:
        """Return records as cells, and the day on which they are judged.

        Raises
        ------
        InvalidRecords
            As :meth:`Market.from_records` does.
        """
        if not records:
            return [], self._as_of
        if np.isnat(self._as_of):
            return self._by_table(records)
        cells = [told for told in map(cells_of, records) if told is not None]
        names = {told["opportunity_id"] for told in cells}
        if len(names) < len(records) or not all(map(self._agrees.of, cells)):
            return self._by_table(records)
        return cells, self._as_of

    def _by_table(self, records: Iterable[Record]) -> tuple[list[Cells], np.datetime64]:
        market = Market.from_records(records, day_of(self._as_of))
        return [cells_at(market, row) for row in range(len(market))], market.as_of


class _Columns(Mapping[str, NDArray[Any]]):
    """Columns of a market by name."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def __getitem__(self, name: str) -> NDArray[Any]:
        column: NDArray[Any] = getattr(self._market, name)
        return column

    def __iter__(self) -> Any:
        return iter(Market.columns())

    def __len__(self) -> int:
        return len(Market.columns())


def _agrees(market: Market) -> bool:
    """Whether the fields of an offer agree with each other."""
    return next(iter(Market.row_problems(_Columns(market))), None) is None


def day_of(day: np.datetime64) -> dt.date | None:
    """Return a day as a date; None where there is none."""
    return None if np.isnat(day) else day.astype(dt.date)

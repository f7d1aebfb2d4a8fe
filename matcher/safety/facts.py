"""What rules read: the market's columns, and the few facts that need more than one of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import Flags, Floats, are_unknown
from matcher.market import Market
from matcher.safety.flag import Plain
from matcher.vocabulary import KINDS

Bools = NDArray[np.bool_]
Wages = tuple[tuple[int, str, float], ...]
"""Year, sector and USD a month of each minimum wage, the oldest first."""


@dataclass(frozen=True, eq=False)
class Facts:
    """A market as the rules see it.

    Parameters
    ----------
    market
        The offers.
    minimum_wages
        Laws by year; ``None`` where no table is at hand.
    """

    market: Market
    minimum_wages: Wages | None = None

    def __len__(self) -> int:
        return len(self.market)

    def column(self, field: str) -> NDArray[Any]:
        """Return a field of the market, of shape (m,)."""
        return cast("NDArray[Any]", getattr(self.market, field))

    def is_unknown(self, field: str) -> Bools:
        """Return where a field is unknown, of shape (m,)."""
        if field not in self._unknown:
            self._unknown[field] = are_unknown(self.column(field))
        return self._unknown[field]

    @cached_property
    def _unknown(self) -> dict[str, Bools]:
        return {}

    def among(self, field: str, values: Collection[str]) -> Bools:
        """Return where a text field holds one of the values, of shape (m,)."""
        wanted = frozenset(values)
        return self.market.coded(field).each(wanted.__contains__, bool)

    def of_kinds(self, kinds: Collection[str]) -> Bools:
        """Return where the offer is of one of the kinds, of shape (m,)."""
        key = frozenset(kinds)
        if key not in self._of_kinds:
            self._of_kinds[key] = np.array([kind in key for kind in KINDS])[self._kind]
        return self._of_kinds[key]

    @cached_property
    def _of_kinds(self) -> dict[frozenset[str], Bools]:
        return {}

    @cached_property
    def _kind(self) -> NDArray[np.intp]:
        return self.market.coded("kind").each(KINDS.index, np.intp)

    def has_setting(self, setting: str) -> Bools:
        """Return where the work is known to have a setting, of shape (m,)."""
        return self.market.coded("settings").each(lambda s: bool(s) and setting in s, bool)

    @cached_property
    def night_work(self) -> Flags:
        """Night work, said by its own field or by the settings."""
        return np.where(self.has_setting("night_work"), np.int8(1), self.market.night_work)

    @cached_property
    def live_in(self) -> Flags:
        """Living at the place of work, said by its own field or by the settings."""
        return np.where(self.has_setting("live_in"), np.int8(1), self.market.live_in)

    @cached_property
    def overtime(self) -> Flags:
        """Whether there is overtime: 1 yes, 0 no, -1 unknown."""
        hours = self.market.overtime_hours_per_day
        there_is = (hours > 0) | (self.market.overtime_compulsory == 1)
        return np.where(there_is, 1, np.where(hours == 0, 0, -1)).astype(np.int8)

    @cached_property
    def youngest_years(self) -> Floats:
        """An age in years that the offer admits, the youngest that is stated."""
        return np.fmin(self.market.min_age, self.market.max_age)

    @cached_property
    def reported(self) -> Mapping[str, str]:
        """Employers with an open harm report, each with the first offer it stands on by id."""
        rows = np.flatnonzero(self.market.harm_report_open == 1)
        pairs = sorted(
            ((self.market.employer_id[r], self.market.opportunity_id[r]) for r in rows),
            key=lambda pair: str(pair[1]),
            reverse=True,
        )
        return {employer: offer for employer, offer in pairs if employer is not None}

    @cached_property
    def wage_floor_usd(self) -> Floats:
        """Minimum wage that is law for the offer, USD a month; NaN where there is none."""
        floors = wage_floors(self.minimum_wages, self.year)
        return self.market.coded("sector").each(lambda s: floors.get(s, np.nan), np.float64)

    @cached_property
    def least_wage_usd(self) -> Floats:
        """Low end of the wage, USD a month; the high end where that alone is stated."""
        low = self.market.monthly_wage_usd
        return np.where(np.isnan(low), self.market.monthly_wage_max_usd, low)

    @cached_property
    def year(self) -> int | None:
        """Year in which the offers are judged."""
        day = self.market.as_of
        return None if np.isnat(day) else int(str(day)[:4])

    def plain(self, field: str, row: int) -> Plain | None:
        """Return one value as a plain one; ``None`` where it is unknown."""
        if bool(self.is_unknown_at(field, row)):
            return None
        value = self.column(field)[row]
        if isinstance(value, np.datetime64):
            return str(value)
        if isinstance(value, np.int8):
            return bool(value)
        return cast("Plain", value.item() if isinstance(value, np.generic) else value)

    def is_unknown_at(self, field: str, row: int) -> bool:
        """Return whether one value is unknown."""
        value = self.column(field)[row]
        return bool(value == -1) if isinstance(value, np.int8) else bool(pd.isna(value))


def wage_floors(table: pd.DataFrame | Wages | None, year: int | None) -> dict[str, float]:
    """Return the minimum wage of each sector that has one, USD a month.

    Parameters
    ----------
    table
        ``year``, ``sector`` and ``monthly_usd``.
    year
        Year of the law; a sector's newest year stands in for later ones and for ``None``.
    """
    rows = wages_of(table) if isinstance(table, pd.DataFrame) else table or ()
    return {sector: usd for of, sector, usd in rows if year is None or of <= year}


def wages_of(table: pd.DataFrame) -> Wages:
    """Return a table of minimum wages as rows of year, sector and USD a month, the oldest first."""
    columns = (table["year"].astype(int), table["sector"], table["monthly_usd"])
    rows = sorted(zip(*columns, strict=True), key=lambda row: row[0])
    return tuple((int(year), str(sector), float(usd)) for year, sector, usd in rows)

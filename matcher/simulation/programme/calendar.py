"""Who comes when, and which seats and funds are there on a day."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.market import Market
from matcher.simulation.world import ProgrammeTerms
from matcher.vocabulary import GRANT

Days = NDArray[np.int64]

DAYS_A_YEAR: Final = 365
QUARTERS_A_YEAR: Final = 4


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days of a programme, counted from its start.

    Parameters
    ----------
    arrives
        Day each client comes, of shape (n,); a cohort comes on one day.
    opens, closes
        First day each opportunity can be offered, and the first it can't, of shape (m,).
    seats
        Seats of each opportunity that the programme's clients can get, of shape (m,).
    cost_usd
        What a seat takes from the fund, of shape (m,): the grant; nothing for others.
    quarter
        Quarter in which each opportunity opens: grants that open in one share its money.
    fund_usd
        Money of each quarter.
    """

    arrives: Days
    opens: Days
    closes: Days
    seats: Days
    cost_usd: Floats
    quarter: Days
    fund_usd: Floats

    @classmethod
    def draw(
        cls, clients: int, market: Market, terms: ProgrammeTerms, dice: np.random.Generator
    ) -> "Calendar":
        """Return a calendar: cohorts at even distances, opportunities on any day.

        A posting stays open as long as it does in the market; where that is not told, as long as
        the middle one.
        """
        length = terms.years * DAYS_A_YEAR
        cohorts = -(-clients // terms.cohort_size)
        cohort_day = np.sort(dice.integers(0, length, cohorts))
        open_days = _open_days(market)
        opens = dice.integers(-int(open_days.max(initial=1)), length, len(market))
        quarters = terms.years * QUARTERS_A_YEAR
        quarter = np.clip(opens * quarters // length, 0, quarters - 1)
        posted = np.nan_to_num(market.seats, nan=1.0)
        return cls(
            arrives=cohort_day[np.arange(clients) // terms.cohort_size],
            opens=opens,
            closes=opens + open_days,
            seats=np.maximum(np.round(posted * terms.seat_share), 1).astype(np.int64),
            cost_usd=np.where(market.kind == GRANT, np.nan_to_num(market.grant_usd), 0.0),
            quarter=quarter,
            fund_usd=np.full(quarters, terms.fund_usd_per_quarter),
        )

    def is_open(self, day: int) -> NDArray[np.bool_]:
        """Tell which opportunities can be offered on a day, of shape (m,)."""
        return np.asarray((self.opens <= day) & (day < self.closes))


def _open_days(market: Market) -> Days:
    told = ~np.isnat(market.closes_on) & ~np.isnat(market.posted_on)
    days = (market.closes_on - market.posted_on).astype(np.int64)
    middle = int(np.median(days[told])) if told.any() else DAYS_A_YEAR // QUARTERS_A_YEAR
    return np.maximum(np.where(told, days, middle), 1)

"""Open reports of harm: one on an offer holds for every offer of its employer."""

from collections.abc import Collection, Container, Iterable

from matcher.market import Market
from matcher.scoring.compiled.recall import Cells


class Reports:
    """Knows the offers of each employer, and those on which a report is open.

    Parameters
    ----------
    market
        The market to begin with.
    """

    def __init__(self, market: Market) -> None:
        self._offers: dict[str, set[str]] = {}
        self._open: dict[str, set[str]] = {}
        self._employer: dict[str, str] = {}
        columns = (market.opportunity_id, market.employer_id, market.harm_report_open.tolist())
        for name, employer, harm in zip(*columns, strict=True):
            self._note(str(name), employer, harm)

    def _note(self, name: str, employer: str | None, harm: int) -> None:
        if employer is None:
            return
        self._offers.setdefault(employer, set()).add(name)
        if harm == 1:
            self._open.setdefault(employer, set()).add(name)
            self._employer[name] = employer

    def touched(
        self, come: Collection[Cells], leaving: Iterable[str], market: Container[str]
    ) -> list[str]:
        """Return the other offers that must be looked at again together with those of a patch.

        All offers of an employer on whom the first report is another afterwards; else the one
        that it stands on, beside which new offers of the employer must be screened.

        Parameters
        ----------
        come, leaving
            Offers added or edited; ids of those edited or closed.
        market
            Ids of the offers that the market has.
        """
        gone, own = set(leaving), {str(one["opportunity_id"]) for one in come}
        employers = {one["employer_id"] for one in come} - {None}
        ending = {self._employer[name] for name in gone if name in self._employer}
        again: set[str] = set()
        for employer in employers | ending:
            before = self._open.get(employer, set())
            new = (one for one in come if one["employer_id"] == employer)
            after = (before - gone) | {str(o["opportunity_id"]) for o in new if _harmed(o)}
            first = min(after, default=None)
            if first != min(before, default=None):
                again |= self._offers.get(employer, set())
            elif first is not None and employer in employers:
                again.add(first)
        return sorted(name for name in again - gone - own if name in market)

    def note(self, come: Iterable[Cells], leaving: Iterable[str]) -> None:
        """Take in a patch."""
        for name in leaving:
            if (employer := self._employer.pop(name, None)) is not None:
                self._open[employer].discard(name)
        for one in come:
            self._note(str(one["opportunity_id"]), one["employer_id"], one["harm_report_open"])


def _harmed(one: Cells) -> bool:
    return bool(one["harm_report_open"] == 1)

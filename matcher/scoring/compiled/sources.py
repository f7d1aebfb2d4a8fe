"""Where the offers of a live market came from: the market to begin with, and one patch each."""

import bisect
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from matcher.knowledge import Knowledge
from matcher.offers import Offers
from matcher.scoring.compiled.recall import Cells, cells_at, market_of


class Listed:
    """Offers of the market to begin with.

    Parameters
    ----------
    offers
        As the reference sees them.
    """

    def __init__(self, offers: Offers) -> None:
        self.offers = offers

    def __len__(self) -> int:
        return len(self.offers)

    def cells(self, row: int) -> Cells:
        """Return what the columns hold of one."""
        return cells_at(self.offers.market, row)


class Posted:
    """Offers that came with a patch; made into columns when somebody looks at one.

    Parameters
    ----------
    cells
        What the columns hold of each.
    knowledge, as_of
        As for the market that they came to.
    """

    def __init__(self, cells: Sequence[Cells], knowledge: Knowledge, as_of: np.datetime64) -> None:
        self._cells = tuple(cells)
        self._knowledge = knowledge
        self.as_of = as_of

    def __len__(self) -> int:
        return len(self._cells)

    @property
    def names(self) -> list[str]:
        """Their ids."""
        return [str(cells["opportunity_id"]) for cells in self._cells]

    @cached_property
    def offers(self) -> Offers:
        """The offers as the reference sees them."""
        return Offers(market_of(self._cells, self.as_of), self._knowledge)

    def cells(self, row: int) -> Cells:
        """Return what the columns hold of one."""
        return self._cells[row]


class Sources:
    """Finds where an offer came from by its position; grows, and never changes what it has.

    So all snapshots share one, and none sees more than the positions it knows.

    Parameters
    ----------
    offers
        The market to begin with.
    """

    def __init__(self, offers: Offers) -> None:
        self._posted: list[Listed | Posted] = [Listed(offers)]
        self._first = [0]
        self._end = len(offers)

    def __len__(self) -> int:
        return len(self._first)

    def append(self, posted: Posted) -> None:
        """Add offers behind the others."""
        self._posted.append(posted)
        self._first.append(self._end)  # last: it is what makes the others found
        self._end += len(posted)

    def find(self, position: int) -> tuple[Listed | Posted, int]:
        """Return where an offer came from and its row there."""
        at = bisect.bisect_right(self._first, position) - 1
        return self._posted[at], position - self._first[at]

    def kept(self, positions: Iterable[int]) -> tuple[list[int], list[Cells]]:
        """Return the rows of the first market among positions, and the cells of all others."""
        rows, cells = [], []
        for position in positions:
            posted, row = self.find(position)
            if isinstance(posted, Listed):
                rows.append(row)
            else:
                cells.append(posted.cells(row))
        return rows, cells

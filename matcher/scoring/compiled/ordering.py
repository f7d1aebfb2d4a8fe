"""Numbers that lie among each other as ids do, with room for new ids between any two."""

import bisect
from collections.abc import Iterable

from matcher.scoring.compiled.market import ORDER_GAP

SHARE = 64
"""Ids mostly come in a row: the next of one takes this part of the room."""

RUN = 3
"""So many ids on the same side of the one before are a row."""


class NoRoom(ArithmeticError):  # noqa: N818 - reads as what it is
    """Two ids whose numbers lie side by side."""


class Ordering:
    """Gives an id a number between those of its neighbours.

    Ids of the market to begin with stay where they are; those that came later stand in a short
    list of their own, so that a new one costs the same however large the market is.

    Parameters
    ----------
    names
        Ids of the market to begin with; the i-th in order has the number ``i * ORDER_GAP``.

    Examples
    --------
    >>> order = Ordering(["a", "c"])
    >>> order.number("a") < order.number("b") < order.number("bb") < order.number("c")
    True
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._first = sorted(names)
        self._later: list[str] = []
        self._number: dict[str, int] = {}
        self._last: str | None = None
        self._side, self._run = 0, 0

    def number(self, name: str) -> int:
        """Return the number of an id, a new one for one that was not seen.

        Raises
        ------
        NoRoom
            Where there is no number left between those of its neighbours.
        """
        first, at = self._first, bisect.bisect_left(self._first, name)
        if at < len(first) and first[at] == name:
            return at * ORDER_GAP
        if name in self._number:
            return self._number[name]
        return self._between(name, at)

    def _between(self, name: str, at: int) -> int:
        """A number for a new id that stands before the at-th of the first ones."""
        later = self._later
        here = bisect.bisect_left(later, name)
        below = later[here - 1] if here else None
        above = later[here] if here < len(later) else None
        low = max(self._of(below, (at - 1) * ORDER_GAP), (at - 1) * ORDER_GAP)
        end = at * ORDER_GAP if at < len(self._first) else low + 2 * ORDER_GAP
        high = min(self._of(above, end), end)
        if high - low < 2:
            raise NoRoom(f"{name}: no number between {low} and {high}")
        number = low + self._step(high - low, below, above)
        later.insert(here, name)
        self._number[name] = number
        self._last = name
        return number

    def _of(self, name: str | None, none: int) -> int:
        return none if name is None else self._number[name]

    def _step(self, room: int, below: str | None, above: str | None) -> int:
        """How far above its lower neighbour a new id is put."""
        side = (self._last is not None) * ((self._last == below) - (self._last == above))
        self._run = self._run + 1 if side and side == self._side else 0
        self._side = side
        if self._run < RUN:
            return room // 2
        beside = max(1, room // SHARE)
        return beside if side > 0 else room - beside

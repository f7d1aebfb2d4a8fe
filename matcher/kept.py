"""What was derived from a value is kept while the value is asked for."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

Source = TypeVar("Source")
Derived = TypeVar("Derived")


class Kept(Generic[Source, Derived]):
    """What was derived from the last few values, each told by being that very object.

    Values are immutable, so what follows from one of them never changes. Safe to ask from several
    threads: two that ask for the same at once may both derive it, and both are right.

    Parameters
    ----------
    derive
        Derives it.
    most
        How many are kept; the one not asked for the longest goes first.

    Examples
    --------
    >>> kept = Kept(len, most=2)
    >>> word = "rice"
    >>> kept.of(word), kept.of(word)
    (4, 4)
    """

    def __init__(self, derive: Callable[[Source], Derived], most: int) -> None:
        self._derive = derive
        self._most = most
        self._found: dict[int, tuple[Source, Derived]] = {}
        self._turn = Lock()

    def __getstate__(self) -> dict[str, Any]:
        """Return what is kept, to be sent to another process; a lock stays at home."""
        with self._turn:
            held = list(self._found.values())
        return {"_derive": self._derive, "_most": self._most, "_found": held}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._found = {id(source): (source, derived) for source, derived in state["_found"]}
        self._turn = Lock()

    def __contains__(self, source: Source) -> bool:
        """Tell whether what follows from a value is kept."""
        return id(source) in self._found

    def of(self, source: Source) -> Derived:
        """Return what follows from a value, derived now where it is not kept."""
        with self._turn:
            found = self._found.pop(id(source), None)
            if found is not None:
                self._found[id(source)] = found
                return found[1]
        derived = self._derive(source)
        with self._turn:
            self._found[id(source)] = source, derived
            if len(self._found) > self._most:
                del self._found[next(iter(self._found))]
        return derived

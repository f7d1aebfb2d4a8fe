"""Place names by spelling, and the one place a slip of the pen may have meant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.spelling import fold, romanise

LEVEL_DIGITS = {"province": 2, "district": 4, "commune": 6, "village": 8}
LEVEL_OF = {digits: level for level, digits in LEVEL_DIGITS.items()}

_LENGTHS_THAT_BEAR_A_SLIP = (5, 10)
_MARGIN = 1
_ALIKE = 0.55
_SHOWN = 5


class Names:
    """Geocodes of some places by folded and by romanised spelling.

    Parameters
    ----------
    names
        Names and the geocodes they stand for.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        exact: dict[str, dict[str, None]] = defaultdict(dict)
        romanised: dict[str, dict[str, None]] = defaultdict(dict)
        for name, code in names:
            exact[fold(name)][code] = None
            romanised[romanise(name)][code] = None
        self.exact = {key: tuple(codes) for key, codes in exact.items()}
        self.romanised = {key: tuple(codes) for key, codes in romanised.items()}


@dataclass(frozen=True, slots=True)
class Admission:
    """Which places may answer.

    Attributes
    ----------
    levels
        Levels a place may have.
    scope
        Geocode of the place it must lie in; ``""`` for the country.
    """

    levels: tuple[str, ...]
    scope: str

    def of(self, codes: Iterable[str]) -> list[str]:
        """Return the admitted ones inside the scope, or else the scope itself if it is among them.

        Parameters
        ----------
        codes
            Geocodes.
        """
        fit = [
            code
            for code in codes
            if code.startswith(self.scope) and LEVEL_OF[len(code)] in self.levels
        ]
        return [code for code in fit if code != self.scope] or fit


def nearest(name: str, names: Names, admit: Admission) -> list[str]:
    """Return the geocodes whose names look most like a name, best first.

    Parameters
    ----------
    name
        A name without its kind.
    names
        Names to look through.
    admit
        Which places may answer.
    """
    codes = {key: admitted for key, all_ in names.exact.items() if (admitted := admit.of(all_))}
    found = process.extract(
        fold(name), list(codes), scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=_SHOWN
    )
    return list(dict.fromkeys(code for key, _, _ in found for code in codes[key]))[:_SHOWN]


def unique_misspelling(name: str, names: Names, admit: Admission) -> str | None:
    """Return the one place few slips away, if every other place is clearly farther.

    Parameters
    ----------
    name
        A name without its kind.
    names
        Names to look through.
    admit
        Which places may answer.

    Returns
    -------
    str or None
        A geocode whose name, or whose romanised name, is one slip away (two from ten letters on,
        none under five); places inside it may be as near, any other is farther by two or more.
        A slip is a letter put in, left out, changed, or swapped with its neighbour.
    """
    allowed = _slips_allowed(fold(name))
    slips: dict[str, int] = {}
    for key, index in ((fold(name), names.exact), (romanise(name), names.romanised)):
        for near, distance, _ in process.extract(
            key, list(index), scorer=OSA.distance, score_cutoff=allowed + _MARGIN, limit=None
        ):
            for code in admit.of(index[near]):
                slips[code] = min(int(distance), slips.get(code, int(distance)))
    fewest = min(slips.values(), default=allowed + 1)
    if not 0 < allowed >= fewest:
        return None
    return common_ancestor([code for code, n in slips.items() if n <= fewest + _MARGIN])


def _slips_allowed(key: str) -> int:
    """Return how many letters a name may be off: a short name says too little to guess."""
    return sum(len(key) >= length for length in _LENGTHS_THAT_BEAR_A_SLIP)


def common_ancestor(codes: Sequence[str]) -> str | None:
    """Return the code that all others lie in, if one does.

    Parameters
    ----------
    codes
        At least one geocode.
    """
    top = min(codes, key=len)
    return top if all(code.startswith(top) for code in codes) else None

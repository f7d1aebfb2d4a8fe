"""What the words of a form mean: places, skills and livelihoods, or who they may have meant."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rapidfuzz import fuzz, process

from api.failures import Fault, InvalidValues
from data.places import AmbiguousPlace, Gazetteer, PlaceNotFound
from matcher.livelihoods import Livelihoods
from matcher.occupations import Skills

CANDIDATES = 5
NEAR = 60.0
"""Similarity from 0 to 100 from which a known word is named as a candidate."""

Reading = Callable[[str], str]


class UnknownWord(Exception):  # noqa: N818 - reads as what it is
    """A word that means nothing here, with what may have been meant."""

    def __init__(self, rule: str, candidates: Iterable[str] = ()) -> None:
        super().__init__(rule)
        self.rule = rule
        self.candidates = tuple(candidates)[:CANDIDATES]


class Lexicon:
    """Reads words as the engine will read them.

    Parameters
    ----------
    gazetteer
        Resolves places.
    livelihoods, skills
        The engine's own: what it would not understand is refused at entry.
    adaptations
        Codes of climate adaptations.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        livelihoods: Livelihoods,
        skills: Skills,
        adaptations: Iterable[str],
    ) -> None:
        self.gazetteer = gazetteer
        self.livelihoods = livelihoods
        self.skills = skills
        self.adaptations = frozenset(adaptations)

    def place(self, text: str) -> str:
        """Return the geocode of a place given by code or by name in either language.

        Raises
        ------
        UnknownWord
            Where no place, or more than one, answers to the name.
        """
        try:
            return self.gazetteer.resolve(text).code
        except AmbiguousPlace as error:
            raise UnknownWord("rule.place_ambiguous", map(str, error.candidates)) from None
        except PlaceNotFound as error:
            raise UnknownWord("rule.place", map(str, error.near)) from None

    def skill(self, text: str) -> str:
        """Return the preferred term of a skill given by any of its names.

        Raises
        ------
        UnknownWord
            Where no skill has the name.
        """
        index = self.skills.find(text)
        if index < 0:
            raise UnknownWord("rule.skill", _near(text, self.skills.labels))
        return str(self.skills.labels[index])

    def livelihood(self, text: str) -> str:
        """Return the code of the one livelihood a word names.

        Raises
        ------
        UnknownWord
            Where it names none, or more than one.
        """
        if self.livelihoods.index(text) >= 0:
            return text
        rows = sorted(self.livelihoods.meaning(text).livelihoods)
        if len(rows) != 1:
            named = [str(self.livelihoods.codes[row]) for row in rows]
            raise UnknownWord("rule.livelihood", named or self._near_livelihoods(text))
        return str(self.livelihoods.codes[rows[0]])

    def work(self, text: str) -> str:
        """Return `text` as it came, where it names at least one livelihood or occupation.

        Raises
        ------
        UnknownWord
            Where it names none: an exclusion that means nothing would protect from nothing.
        """
        if not self.livelihoods.meaning(text):
            raise UnknownWord("rule.work", self._near_livelihoods(text))
        return text

    def occupation(self, text: str) -> str:
        """Return `text` where it is a code of the ISCO-08 tree.

        Raises
        ------
        UnknownWord
            Where the tree has no such code.
        """
        if text not in self.livelihoods.meaning(text).isco:
            raise UnknownWord("rule.isco")
        return text

    def adaptation(self, text: str) -> str:
        """Return `text` where it is the code of a climate adaptation.

        Raises
        ------
        UnknownWord
            Where no adaptation has the code.
        """
        if text not in self.adaptations:
            raise UnknownWord("rule.adaptation", _near(text, sorted(self.adaptations)))
        return text

    def _near_livelihoods(self, text: str) -> list[str]:
        names = [*self.livelihoods.names["en"], *self.livelihoods.names["km"]]
        return _near(text, [*self.livelihoods.codes, *names])


def _near(text: str, names: Iterable[Any]) -> list[str]:
    known = [str(name) for name in names]
    found = process.extract(
        text.casefold(), known, scorer=fuzz.WRatio, limit=CANDIDATES, score_cutoff=NEAR
    )
    return [name for name, _, _ in found]


def read_words(values: dict[str, Any], readings: Mapping[str, Reading]) -> dict[str, Any]:
    """Return `values` with the fields of `readings` read; lists and mappings item by item.

    Raises
    ------
    InvalidValues
        Naming every field that was not understood, with candidates.
    """
    faults: list[Fault] = []

    def read(field: str, text: str, reading: Reading) -> str:
        try:
            return reading(text)
        except UnknownWord as error:
            faults.append(Fault(field, error.rule, error.candidates))
            return text

    understood = dict(values)
    for field, reading in readings.items():
        value = values.get(field)
        if isinstance(value, str):
            understood[field] = read(field, value, reading)
        elif isinstance(value, list):
            items = [read(f"{field}[{n}]", text, reading) for n, text in enumerate(value)]
            understood[field] = list(dict.fromkeys(items))
        elif isinstance(value, dict):
            understood[field] = {
                read(f"{field}[{n}]", text, reading): amount
                for n, (text, amount) in enumerate(value.items())
            }
    if faults:
        raise InvalidValues(faults)
    return understood

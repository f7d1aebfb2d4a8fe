"""What each feature adds to a score, in numbers and in words; words are made where they are read.

A slate of five holds a hundred lines, and most are asked for as text alone, or not at all. So a
suggestion keeps its numbers, and lines are made of them one by one.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import NamedTuple, overload


class Plain:
    """Turns a frozen dataclass into plain values, ready for JSON."""

    def as_dict(self) -> dict[str, object]:
        """Return the value as plain dictionaries, lists, texts and numbers."""
        return {name: _plain(value) for name, value in vars(self).items()}


def _plain(value: object) -> object:
    """A value as plain ones: several times as fast as ``dataclasses.asdict``, which copies all."""
    if isinstance(value, Plain):
        return value.as_dict()
    if isinstance(value, Lines):
        return tuple(line.as_dict() for line in value)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


@dataclass(frozen=True)
class Line(Plain):
    """One feature of a suggestion, in numbers and in words.

    Parameters
    ----------
    feature, group, unit
        As declared.
    value
        Value of the feature in its unit; None where it is not known.
    contribution
        Log-odds it adds to the score.
    text
        The same in the officer's language.
    """

    feature: str
    group: str
    unit: str
    value: float | None
    contribution: float
    text: str


class Blank(NamedTuple):
    """A sentence with one place for a number.

    Parameters
    ----------
    before, after
        The text around it.
    spec
        How the number is written.
    """

    before: str
    spec: str
    after: str

    def filled(self, value: float) -> str:
        """Return the sentence with a number in it."""
        return f"{self.before}{value:{self.spec}}{self.after}"


@dataclass(frozen=True, eq=False)
class Wording:
    """How one feature is told: what never changes of its line, and its sentences.

    Parameters
    ----------
    feature, group, unit
        As declared.
    sentence
        With a place for the value.
    unknown
        Where the value is not known.
    special
        Sentences of a few values of their own.
    """

    feature: str
    group: str
    unit: str
    sentence: str
    unknown: str
    special: Mapping[float, str]

    @cached_property
    def blank(self) -> Blank | None:
        """The sentence taken apart; None where it holds another number of values than one."""
        return blank_in(self.sentence)

    def text(self, value: float) -> str:
        """Return the sentence of a value; NaN is unknown."""
        if math.isnan(value):
            return self.unknown
        own = self.special.get(value)
        if own is not None:
            return own
        blank = self.blank
        return blank.filled(value) if blank else self.sentence.format(value=value)


def blank_in(sentence: str) -> Blank | None:
    """Return a sentence with one plain place for ``value`` taken apart; None where it has not one.

    Examples
    --------
    >>> blank_in("{value:.0f} minutes, one way").filled(12.4)
    '12 minutes, one way'
    >>> blank_in("Lives at home")
    """
    parts = list(Formatter().parse(sentence))
    places = [at for at, (_, name, _, _) in enumerate(parts) if name is not None]
    if len(places) != 1:
        return None
    _, name, spec, conversion = parts[places[0]]
    if name != "value" or conversion or "{" in (spec or ""):
        return None
    before = "".join(text for text, *_ in parts[: places[0] + 1])
    return Blank(before, spec or "", "".join(text for text, *_ in parts[places[0] + 1 :]))


class Lines(Sequence[Line]):
    """The lines of one suggestion, the weightiest first.

    Parameters
    ----------
    wordings
        How each feature is told, in the order of the scorecard.
    values, contributions
        Of each feature in the same order; NaN is a value that is not known.
    order
        Positions of the features, the weightiest first.
    """

    __slots__ = ("contributions", "order", "values", "wordings")

    def __init__(
        self,
        wordings: Sequence[Wording],
        values: Sequence[float],
        contributions: Sequence[float],
        order: Sequence[int],
    ) -> None:
        self.wordings = wordings
        self.values = values
        self.contributions = contributions
        self.order = order

    @property
    def by_feature(self) -> dict[str, float | None]:
        """Values by feature, in the order of the scorecard; None where one is not known."""
        told = zip(self.wordings, self.values, strict=True)
        return {w.feature: None if math.isnan(value) else value for w, value in told}

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Line, ...]: ...

    def __getitem__(self, index: int | slice) -> Line | tuple[Line, ...]:
        if isinstance(index, slice):
            return tuple(map(self._line, self.order[index]))
        return self._line(self.order[index])

    def __iter__(self) -> Iterator[Line]:
        return map(self._line, self.order)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lines | tuple):
            return NotImplemented
        return tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))

    def _line(self, at: int) -> Line:
        wording, value = self.wordings[at], self.values[at]
        told = None if math.isnan(value) else value
        return Line(
            wording.feature,
            wording.group,
            wording.unit,
            told,
            self.contributions[at],
            wording.text(value),
        )

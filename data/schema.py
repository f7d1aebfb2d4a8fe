"""A small declarative schema of a table: what each column may hold."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "words", "number", "integer", "flag"]

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_INTEGER = re.compile(r"[+-]?\d+")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column may hold.

    Attributes
    ----------
    name
        Heading.
    kind
        ``text``; ``words``, a list separated by ``;``; ``number``; ``integer``; ``flag``, 0 or 1.
    blank
        Whether an empty cell is allowed: ``""``, ``()`` or NaN after reading.
    low, high
        Bounds of a number, both included.
    choices
        The only values allowed (for ``words``, of each word); empty for any.
    pattern
        Regular expression a text, or each word, must match as a whole.
    link
        ``"table.column"`` in which every value, or each word, must occur.
    """

    name: str
    kind: Kind = "text"
    blank: bool = False
    low: float | None = None
    high: float | None = None
    choices: frozenset[str] = frozenset()
    pattern: str = ""
    link: str = ""

    def breach(self, cell: str) -> str | None:
        """Return the rule a non-empty cell breaks, or ``None``.

        Parameters
        ----------
        cell
            Text of the cell, without surrounding space.
        """
        if self.kind in ("text", "words"):
            words = split_words(cell) if self.kind == "words" else (cell,)
            return next((rule for word in words if (rule := self._word_breach(word))), None)
        if self.kind == "flag":
            return None if cell in ("0", "1") else "0 or 1"
        return self._number_breach(cell)

    def _word_breach(self, word: str) -> str | None:
        if self.choices and word not in self.choices:
            return "one of " + ", ".join(sorted(self.choices))
        if self.pattern and not re.fullmatch(self.pattern, word):
            return f"text of the form {self.pattern}"
        return None

    def _number_breach(self, cell: str) -> str | None:
        whole = self.kind == "integer"
        if not (_INTEGER if whole else NUMBER).fullmatch(cell):
            return "a whole number" if whole else "a number"
        value = float(cell)
        if self.low is not None and value < self.low:
            return f"at least {self.low:g}"
        if self.high is not None and value > self.high:
            return f"at most {self.high:g}"
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """One reference table.

    Attributes
    ----------
    name
        File name without ``.csv``.
    columns
        In the order of the frame; columns not named here are refused. Empty: any header is
        taken, a column of numbers as numbers and any other as text.
    key
        Columns that together occur once.
    built_in
        Whether the table ships with the package; one that does not is empty until imported.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    built_in: bool = True

    @property
    def file(self) -> str:
        """Return the name of the file."""
        return f"{self.name}.csv"


def split_words(cell: str) -> tuple[str, ...]:
    """Split a list cell at its semicolons.

    Parameters
    ----------
    cell
        Text such as ``"hoe; spade"``.

    Returns
    -------
    tuple
        The words without surrounding space, empty ones left out.

    Examples
    --------
    >>> split_words("hoe; spade;")
    ('hoe', 'spade')
    """
    return tuple(word for part in cell.split(";") if (word := part.strip()))

"""Errors of the data package: they carry facts, never a transport."""

from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that cannot be accepted.

    Attributes
    ----------
    file
        Name of the file or table.
    row
        Line in the file as a person counts it, the header being line 1; ``None`` for the
        whole file.
    column
        Column heading; ``None`` for the whole row.
    value
        What stood there, as text; ``None`` where nothing stood there.
    rule
        What was expected.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    rule: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        row = "" if self.row is None else f", row {self.row}"
        column = "" if self.column is None else f", column {self.column}"
        got = "" if self.value is None else f", got {self.value!r}"
        return f"{self.file}{row}{column}: expected {self.rule}{got}"


class InvalidTable(ValueError):  # noqa: N818 - reads as what it is
    """Rows that break the rules of their table, all of them at once.

    Parameters
    ----------
    problems
        At least one problem, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        lines = [str(problem) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"and {len(self.problems) - _SHOWN} more")
        super().__init__("\n".join(lines))


class PlaceNotFound(LookupError):  # noqa: N818 - reads as what it is
    """No place of the gazetteer answers to the text.

    Parameters
    ----------
    text
        What was looked up.
    near
        Places whose names are near, best first; empty where none is.
    vague
        Whether the text names no particular place at all (``"Provinces"``, ``"Nationwide"``).
    """

    def __init__(self, text: str, near: Iterable[object] = (), *, vague: bool = False) -> None:
        self.text = text
        self.near = list(near)
        self.vague = vague
        super().__init__(f"no place is named {text!r}{self._advice()}")

    def _advice(self) -> str:
        if self.vague:
            return "; it names no particular place"
        if not self.near:
            return ""
        return "; near: " + "; ".join(str(place) for place in self.near)


class AmbiguousPlace(LookupError):  # noqa: N818 - reads as what it is
    """Several places answer to the text; the caller has to choose.

    Parameters
    ----------
    text
        What was looked up.
    candidates
        The places that answer, in the order of their codes.
    """

    def __init__(self, text: str, candidates: Iterable[object]) -> None:
        self.text = text
        self.candidates = list(candidates)
        named = "; ".join(str(place) for place in self.candidates)
        super().__init__(f"{text!r} names {len(self.candidates)} places: {named}")

"""What can be wrong with a file, and the one error that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["ImportRefused", "Problem", "shorten"]

SHOWN_CHARACTERS = 80
"""Longest part of a cell that a message repeats."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell, row or file that breaks a rule.

    Parameters
    ----------
    row
        Row number as a spreadsheet program shows it (the header is row 1); None for the file.
    column
        Name of the column, or an empty string.
    value
        The text that came, shortened.
    rule
        What was expected.
    """

    row: int | None
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column!r}" if self.column else "",
            )
            if part
        )
        came = f" (got {self.value!r})" if self.value else ""
        return f"{where or 'file'}: {self.rule}{came}"

    def as_dict(self) -> dict[str, Any]:
        """Return the four facts as JSON-ready values."""
        return {"row": self.row, "column": self.column, "value": self.value, "rule": self.rule}


def shorten(value: object) -> str:
    """Return a value as one printable line of at most 80 characters."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(value)).strip()
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


class ImportRefused(ValueError):  # noqa: N818 - reads as what it is
    """A file that cannot be imported as a whole; nothing was written.

    Parameters
    ----------
    message
        One sentence: what was expected, what came.
    problems
        The same in detail, where there is more to say.
    """

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)

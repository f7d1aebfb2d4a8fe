"""A table before its header is understood."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Row", "Table"]


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row as text.

    Parameters
    ----------
    number
        Row number as a spreadsheet program shows it, from 1.
    cells
        Texts from the first column on.
    formulas
        Indices of cells that hold a formula; their stored values are not trusted.
    surplus
        Cells up to the last filled one beyond the header; negative where the row is short; zero
        where it fits.
    """

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()
    surplus: int = 0

    @property
    def ragged(self) -> str:
        """What is wrong where the row does not fit the header; else an empty text."""
        if not self.surplus:
            return ""
        width = len(self.cells)
        return f"the header has {width} columns, this row has {width + self.surplus}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file in order, header included."""

    rows: tuple[Row, ...]

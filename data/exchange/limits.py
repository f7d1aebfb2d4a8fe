"""How large a file may be before it is refused unread."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT", "RELEASE", "Limits"]

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a file, all inclusive.

    Parameters
    ----------
    file_bytes
        Size of the file on disk.
    rows, columns, cells
        Extent of the table; cells is rows times columns, filled or not.
    cell_characters
        Length of one cell (a spreadsheet program allows 32,767).
    unpacked_bytes
        Size of an XLSX file once unpacked, and of its text once repeated strings are written out.
    unpacking_ratio
        Unpacked size over packed size of one part; ordinary sheets stay under 40.
    zip_entries
        Parts of an XLSX file.
    """

    file_bytes: int = 50 * MEGABYTE
    rows: int = 100_000
    columns: int = 512
    cells: int = 8_000_000
    cell_characters: int = 32_767
    unpacked_bytes: int = 200 * MEGABYTE
    unpacking_ratio: int = 200
    zip_entries: int = 2_000


DEFAULT = Limits()
"""For files of vacancies and clients."""

RELEASE = Limits(file_bytes=400 * MEGABYTE, rows=2_000_000, cells=40_000_000)
"""For the CSV files of a statistical release such as ESCO."""

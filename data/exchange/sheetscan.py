"""Reads the raw XML of a worksheet for what a value parser does not tell.

How far the cells reach, which of them hold formulas, and how much text they come to. Document
types, entities and encodings other than UTF-8 are refused: no office program writes them.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from data.exchange.limits import Limits
from data.exchange.problem import ImportRefused, shorten

__all__ = ["Extent", "SheetPart", "scan_sheet", "shared_lengths", "sheet_parts"]

SEPARATOR = "\n"
LONGEST_INDEX = 12
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,7})\$?([0-9]{1,12})\Z")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Data = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, its part of the container, whether a user sees it."""

    name: str
    path: str
    visible: bool


@dataclass(slots=True)
class Extent:
    """What a worksheet's cells come to.

    Parameters
    ----------
    cells
        Number of cells written.
    characters
        Length of all texts once shared strings are written out.
    formulas
        Column indices of formula cells by row number.
    """

    cells: int = 0
    characters: int = 0
    formulas: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def sheet_parts(workbook: bytes, relations: bytes, name: str) -> list[SheetPart]:
    """Return the worksheets in the order of their tabs.

    Parameters
    ----------
    workbook, relations
        XML of the workbook part and of its relations.
    name
        File name for messages.
    """
    targets: dict[str, str] = {}
    found: list[SheetPart] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and attributes.get("id", "") in targets:
            visible = attributes.get("state", "visible") == "visible"
            found.append(SheetPart(attributes.get("name", ""), targets[attributes["id"]], visible))

    _parse(relations, name, relation)
    _parse(workbook, name, sheet)
    return found


def shared_lengths(strings: bytes, name: str) -> list[int]:
    """Return the length of each shared string."""
    lengths: list[int] = []
    inside = [False]

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if tag == "si":
            lengths.append(0)
        inside[0] = tag == "t"

    def end(tag: str) -> None:
        if tag == "t":
            inside[0] = False

    def data(text: str) -> None:
        if inside[0] and lengths:
            lengths[-1] += len(text)

    _parse(strings, name, start, end, data)
    return lengths


def scan_sheet(xml: bytes, lengths: Sequence[int], name: str, limits: Limits) -> Extent:
    """Measure a worksheet.

    Parameters
    ----------
    xml
        The worksheet part.
    lengths
        Length of each shared string.
    name
        File name for messages.
    limits
        Bounds on rows, columns, cells and text.

    Raises
    ------
    ImportRefused
        The sheet is malformed or reaches, or claims to reach, beyond the limits.
    """
    scan = _SheetScan(lengths, name, limits)
    _parse(xml, name, scan.start, scan.end, scan.data)
    return scan.extent


class _SheetScan:
    """Walks the tags of one worksheet."""

    def __init__(self, lengths: Sequence[int], name: str, limits: Limits) -> None:
        self.lengths, self.name, self.limits = lengths, name, limits
        self.extent = Extent()
        self.row = self.column = 0
        self.widest = 0
        self.shared = self.in_value = False
        self.text, self.length = "", 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._cell(attributes)
        elif tag == "row":
            self._place(self._row_number(attributes), 0)
        elif tag == "f":
            self.extent.formulas[self.row].add(self.column - 1)
        elif tag in ("v", "t"):
            self.in_value, self.text, self.length = True, "", 0
        elif tag == "dimension":
            self._claim(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        if tag not in ("v", "t") or not self.in_value:
            return
        self.in_value = False
        index = int_or_zero(self.text) if self.shared and tag == "v" else -1
        known = 0 <= index < len(self.lengths)
        self.extent.characters += self.lengths[index] if known else self.length
        if self.extent.characters > self.limits.unpacked_bytes:
            raise ImportRefused(f"{self.name}: its texts repeat to an unreasonable size")

    def data(self, text: str) -> None:
        if self.in_value:
            self.length += len(text)
            if self.length <= LONGEST_INDEX:
                self.text += text

    def _row_number(self, attributes: dict[str, str]) -> int:
        given = attributes.get("r")
        if given is None:
            return self.row + 1
        number = int_or_zero(given)
        if number == 0:
            raise self._odd_reference(given)
        return number

    def _odd_reference(self, reference: str) -> ImportRefused:
        return ImportRefused(
            f"{self.name}: the sheet has a cell at {shorten(reference)!r}, which is no cell"
        )

    def _cell(self, attributes: dict[str, str]) -> None:
        self.extent.cells += 1
        if self.extent.cells > self.limits.cells:
            raise ImportRefused(f"{self.name}: more than {self.limits.cells:,} cells")
        self.shared = attributes.get("t") == "s"
        reference = attributes.get("r")
        column, row = _position(reference) if reference is not None else (self.column + 1, 0)
        if column == 0:
            raise self._odd_reference(reference or "")
        self._place(row or max(self.row, 1), column)

    def _claim(self, reference: str) -> None:
        """Refuse a sheet by the size it claims before any cell is read."""
        column, row = _position(reference.rsplit(":", 1)[-1])
        self._check(row, column)

    def _place(self, row: int, column: int) -> None:
        self._check(row, column)
        self.row, self.column = row, column
        self.widest = max(self.widest, column)
        if row * self.widest > self.limits.cells:
            raise ImportRefused(
                f"{self.name}: its cells lie too far apart, up to row {row:,} and column "
                f"{self.widest:,}. Copy the table alone into a new sheet"
            )

    def _check(self, row: int, column: int) -> None:
        if row > self.limits.rows + 1 or column > self.limits.columns:
            raise ImportRefused(
                f"{self.name}: the sheet claims cells up to row {row:,}, column {column:,}; at "
                f"most {self.limits.rows:,} rows and {self.limits.columns} columns are read. "
                "Copy the table alone into a new sheet"
            )


def _position(reference: str) -> tuple[int, int]:
    """Return column and row of a reference such as B2, both from 1; zeros where it is none."""
    match = _REFERENCE.match(reference)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return column, int(match[2])


def int_or_zero(text: str | None) -> int:
    """Return a short run of ASCII digits as a number, and zero for anything else."""
    digits = (text or "").strip()
    plain = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_INDEX
    return int(digits) if plain else 0


def _local(tag: str) -> str:
    return tag.rsplit(SEPARATOR, 1)[-1]


def _parse(
    xml: bytes, name: str, start: Start, end: End | None = None, data: Data | None = None
) -> None:
    """Call back with local names; refuse what no workbook needs."""
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").casefold() not in {"utf-8", "utf8", "us-ascii"}:
            raise ImportRefused(f"{name}: its XML is written in {encoding}, expected UTF-8")

    def doctype(*_facts: object) -> None:
        raise ImportRefused(f"{name}: its XML declares a document type, which no workbook needs")

    parser.StartElementHandler = lambda tag, attributes: start(
        _local(tag), {_local(key): value for key, value in attributes.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda tag: end(_local(tag))
    parser.CharacterDataHandler = data
    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = doctype
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportRefused(f"{name}: its XML is written in UTF-16, expected UTF-8")
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ImportRefused(f"{name}: a part of the workbook is not valid XML ({error})") from None

"""XLSX: measured part by part before python-calamine sees it.

Only the parts needed for one worksheet are unpacked, within limits that are enforced while
reading and not believed from the file's own directory. What was measured is packed again and
handed to the parser, so that the parser never meets the original container.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from python_calamine import CalamineWorkbook

from data.exchange.limits import Limits
from data.exchange.problem import ImportRefused
from data.exchange.sheetscan import Extent, SheetPart, scan_sheet, shared_lengths, sheet_parts
from data.exchange.table import Row, Table

__all__ = ["read_workbook"]

CONTENT_TYPES = "[Content_Types].xml"
ROOT = "_rels/.rels"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
FRAME = (CONTENT_TYPES, ROOT, WORKBOOK, RELATIONS)

CHUNK = 1 << 20

T = TypeVar("T")


def read_workbook(content: bytes, name: str, sheet: str | None, limits: Limits) -> Table:
    """Read one worksheet of an XLSX file.

    Parameters
    ----------
    content
        Bytes of the file.
    name
        File name for messages.
    sheet
        Worksheet to take where there is one of that name; the first visible one otherwise.
    limits
        Bounds to keep.

    Raises
    ------
    ImportRefused
        The container or a part of it is damaged, encrypted, too large or not a workbook.
    """
    parts = _Parts(content, name, limits)
    chosen = _chosen(sheet_parts(parts.read(WORKBOOK), parts.read(RELATIONS), name), sheet, name)
    strings = parts.read_if_there(STRINGS)
    lengths = shared_lengths(strings, name) if strings else []
    xml = parts.read(chosen.path)
    extent = scan_sheet(xml, lengths, name, limits)
    if extent.cells == 0:
        raise ImportRefused(f"{name}: the sheet {chosen.name!r} is empty")
    safe = parts.packed_again([*FRAME, STRINGS, STYLES, chosen.path])
    values = _guarded(lambda: _values(safe, chosen.name), name)
    return Table(tuple(_rows(values, extent)))


def _chosen(parts: Sequence[SheetPart], wanted: str | None, name: str) -> SheetPart:
    by_name = {part.name.casefold(): part for part in parts}
    if wanted is not None and wanted.casefold() in by_name:
        return by_name[wanted.casefold()]
    visible = [part for part in parts if part.visible]
    if not visible:
        raise ImportRefused(f"{name}: the workbook has no visible worksheet")
    return visible[0]


class _Parts:
    """Parts of the container, unpacked on demand within one common allowance."""

    def __init__(self, content: bytes, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.left = limits.unpacked_bytes
        self.unpacked: dict[str, bytes] = {}
        self.archive = _guarded(lambda: zipfile.ZipFile(io.BytesIO(content)), name)
        self._check_directory()

    def _check_directory(self) -> None:
        entries = self.archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > self.limits.zip_entries or len(set(names)) < len(names):
            raise ImportRefused(f"{self.name}: the container lists too many or repeated parts")
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise ImportRefused(f"{self.name}: protected by a password; save it without one")
        if sum(entry.file_size for entry in entries) > self.limits.unpacked_bytes:
            raise self._bomb()
        for entry in entries:
            self._check_ratio(entry.file_size, entry.compress_size)
        if WORKBOOK not in names:
            raise ImportRefused(f"{self.name}: a zip file, but not an .xlsx workbook")

    def _bomb(self) -> ImportRefused:
        return ImportRefused(
            f"{self.name}: unpacks to more than {self.limits.unpacked_bytes:,} bytes or by more "
            f"than {self.limits.unpacking_ratio} to 1 (a zip bomb?); nothing was read"
        )

    def _check_ratio(self, unpacked: int, packed: int) -> None:
        if unpacked > CHUNK and unpacked > self.limits.unpacking_ratio * max(packed, 1):
            raise self._bomb()

    def read(self, path: str) -> bytes:
        """Return one part."""
        found = self.read_if_there(path)
        if found is None:
            raise ImportRefused(f"{self.name}: the workbook lacks its part {path}")
        return found

    def read_if_there(self, path: str) -> bytes | None:
        """Return one part, or None where the workbook has none of that name."""
        if path not in self.unpacked:
            entry = self.archive.NameToInfo.get(path)
            if entry is None:
                return None
            self.unpacked[path] = _guarded(lambda: self._inflate(entry), self.name)
        return self.unpacked[path]

    def _inflate(self, entry: zipfile.ZipInfo) -> bytes:
        out = bytearray()
        with self.archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                out += chunk
                self.left -= len(chunk)
                if self.left < 0:
                    raise self._bomb()
                self._check_ratio(len(out), entry.compress_size)
        return bytes(out)

    def packed_again(self, paths: Sequence[str]) -> io.BytesIO:
        """Return a plain container of these parts alone."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for path in dict.fromkeys(paths):
                part = self.read_if_there(path)
                if part is not None:
                    archive.writestr(path, part)
        out.seek(0)
        return out


_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    IndexError,
    OverflowError,
)


def _guarded(work: Callable[[], T], name: str) -> T:
    """Run work on foreign bytes; whatever it raises becomes one refusal."""
    try:
        return work()
    except ImportRefused:
        raise
    except _DAMAGE as error:
        raise ImportRefused(f"{name}: a damaged workbook ({type(error).__name__})") from None
    except BaseException as error:
        # A panic of the Rust parser derives from BaseException and has no importable name.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ImportRefused(f"{name}: the workbook cannot be parsed") from None
        raise


def _values(container: io.BytesIO, sheet: str) -> list[list[object]]:
    with CalamineWorkbook.from_filelike(container) as book:
        return [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def _rows(values: Sequence[Sequence[object]], extent: Extent) -> list[Row]:
    return [
        Row(
            number,
            tuple(_text(value) for value in cells),
            frozenset(extent.formulas.get(number, ())),
        )
        for number, cells in enumerate(values, start=1)
    ]


def _text(value: object) -> str:
    """Return a cell's value as the text a CSV file would hold; dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _number_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)

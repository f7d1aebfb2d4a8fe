"""CSV text: encoding first, then rows; nothing is guessed silently."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager

from data.exchange.limits import Limits
from data.exchange.problem import ImportRefused
from data.exchange.table import Row, Table

__all__ = ["read_delimited"]

DELIMITERS = (",", ";", "\t")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_delimited(content: bytes, name: str, limits: Limits) -> Table:
    """Read the bytes of a CSV file.

    Parameters
    ----------
    content
        Bytes in UTF-8 (with or without its mark) or in UTF-16 with its mark.
    name
        File name for messages.
    limits
        Bounds to keep.

    Raises
    ------
    ImportRefused
        The bytes are in another encoding, binary, malformed or too large.
    """
    text = _decoded(content, name)
    if not text.strip():
        raise ImportRefused(f"{name}: the file is empty")
    rows = []
    filled = 0
    with _field_limit(limits.cell_characters):
        for row in _rows(text, name):
            filled += len(row.cells)
            if row.number > limits.rows + 1 or filled > limits.cells:
                raise ImportRefused(
                    f"{name}: more than {limits.rows:,} rows or {limits.cells:,} cells"
                )
            rows.append(row)
    return Table(tuple(rows))


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ImportRefused(f"{name}: written in UTF-32; save it as UTF-8")
    mark, encoding = next(
        ((mark, encoding) for mark, encoding in _MARKS if content.startswith(mark)), (b"", "utf-8")
    )
    body = content[len(mark) :]
    if encoding == "utf-8" and b"\0" in body:
        row = body[: body.index(b"\0")].count(b"\n") + 1
        raise ImportRefused(
            f"{name}: row {row} holds a zero byte, so this is a binary file or UTF-16 without "
            "its mark; save it as CSV UTF-8"
        )
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused(_encoding_message(body, error, name)) from None


def _encoding_message(body: bytes, error: UnicodeDecodeError, name: str) -> str:
    before = body[: error.start]
    row = before.count(b"\n") + 1
    return (
        f"{name}: byte 0x{body[error.start]:02X} in row {row} is not {error.encoding.upper()}; "
        "the file was saved in an older encoding: save it as CSV UTF-8"
    )


@contextmanager
def _field_limit(characters: int) -> Iterator[None]:
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(text: str, name: str) -> Iterator[Row]:
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if cells:
                yield Row(number, tuple(cells))
    except csv.Error as error:
        raise ImportRefused(
            f"{name}: row {number + 1} (line {reader.line_num}) is not valid CSV: {error}"
        ) from None


def _lines(text: str) -> Iterator[str]:
    """Yield lines by the three line ends alone: a cell may hold other Unicode separators."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    start = 0
    while start < len(unified):
        end = unified.find("\n", start) + 1 or len(unified)
        yield unified[start:end]
        start = end


def _delimiter(text: str) -> str:
    """Return the sign that separates the header's names: comma, semicolon or tab."""
    header = text.lstrip("\r\n").split("\n", 1)[0].split("\r", 1)[0]
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)

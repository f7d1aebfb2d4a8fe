"""Lines that fit the screen, in scripts with and without spaces between words."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

_PIECE = re.compile(
    r"(?:[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b4-\u17d1\u17d3\u17dd\u200b])*"
    r"|[^\s\u1780-\u17ff]+)[\u17d4-\u17da]*|\s+|."
)
"""A Khmer syllable or a word in another script, with the stop behind it, or spaces."""


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines, between words, or between Khmer syllables and never inside one.

    Parameters
    ----------
    text
        The text, on one line.
    width
        Columns a line may take.

    Examples
    --------
    >>> wrapped("kept and safe after 90 days", 14)
    ['kept and safe', 'after 90 days']
    >>> wrapped("ក្រោយ ៩០ ថ្ងៃ (37%)។", 10)[-1]
    '(37%)។'
    """
    lines, line, room = [], "", width
    for piece in _pieces(text, width):
        needed = cell_len(piece)
        if needed > room and line:
            lines.append(line.rstrip())
            line, room = "", width
            piece = piece.lstrip()
            needed = cell_len(piece)
        line += piece
        room -= needed
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str, width: int) -> Iterator[str]:
    for found in _PIECE.finditer(" ".join(text.split())):
        piece = found[0]
        for start in range(0, len(piece), width):
            yield piece[start : start + width]


def hanging(label: str, text: str, width: int, indent: int) -> str:
    """Return a text behind its label, its further lines indented to where it starts.

    Examples
    --------
    >>> print(hanging("+", "lives near the work", 16, 2))
    + lives near the
      work
    """
    label += " " * max(indent - cell_len(label), 1)
    first, *rest = wrapped(text, max(width - cell_len(label), 10))
    return "\n".join([label + first, *(" " * indent + line for line in rest)])

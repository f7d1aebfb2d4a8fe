"""Text as the screen reads it: one spelling, no invisible signs, small letters."""

import unicodedata
from dataclasses import dataclass
from typing import Final

INVISIBLE: Final = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
"""Zero-width signs and soft hyphens; Khmer text carries them between words."""

APOSTROPHES: Final = ("\u2019", "\u2018", "\u02bc", "\uff07")


SPELLINGS: Final = (
    ("\u17b2", "\u17b1"),
    ("\u17d2\u178a", "\u17d2\u178f"),
    *((chr(0x17E0 + digit), str(digit)) for digit in range(10)),
)
"""Khmer signs that are written one way or the other, each with the one to search by."""


def tidy(text: str) -> str:
    r"""Return the text in NFC, without invisible signs and with plain apostrophes.

    Examples
    --------
    >>> tidy("don\u2019t\u200b pay")
    "don't pay"
    """
    if text.isascii():
        return text
    for sign in INVISIBLE:
        text = text.replace(sign, "")
    for sign in APOSTROPHES:
        text = text.replace(sign, "'")
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return a tidy text in small letters and in one of several spellings that mean the same.

    Khmer writes *give* with either of two vowels, a subscript *da* that looks like a subscript
    *ta*, and numbers in Khmer or Latin digits. Small letters are those of ASCII: Khmer has one
    case, and lower-casing bytes takes a tenth of the time and keeps the length.

    Examples
    --------
    >>> fold("KTV អាយុ ១៤ ឲ្យ") == fold("ktv អាយុ 14 ឱ្យ")
    True
    """
    if text.isascii():
        return text.lower()
    for written, read in SPELLINGS:
        text = text.replace(written, read)
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Reading:
    """One text, to search in and to quote from.

    Parameters
    ----------
    shown
        The text to quote from.
    folded
        The text to search in; the same length.
    """

    shown: str
    folded: str

    @classmethod
    def of(cls, text: str) -> "Reading":
        """Read a text."""
        shown = tidy(text)
        return cls(shown, fold(shown))

    def quote(self, start: int, end: int, context: int = 40) -> str:
        """Return the text from start to end with some context, cut at spaces where there are any.

        Examples
        --------
        >>> Reading.of("Please bring your passport and a photo").quote(18, 26, context=8)
        '… your passport and a …'
        """
        left, right = max(0, start - context), min(len(self.shown), end + context)
        if left > 0:
            left = self._after_space(left, start)
        if right < len(self.shown):
            right = self._before_space(end, right)
        head, tail = "… " if left > 0 else "", " …" if right < len(self.shown) else ""
        return head + " ".join(self.shown[left:right].split()) + tail

    def _after_space(self, left: int, start: int) -> int:
        space = self.shown.find(" ", left, start)
        return left if space < 0 else space + 1

    def _before_space(self, end: int, right: int) -> int:
        space = self.shown.rfind(" ", end, right)
        return right if space < 0 else space

"""Cells that no spreadsheet program runs as a formula."""

from __future__ import annotations

import re

__all__ = ["formula_like", "guarded"]

_HARMLESS_SIGN = re.compile(r"[+-](?:[0-9០-៩ .,()/-]*|\s+[^\W\d_][^|]*)\Z", re.DOTALL)


def formula_like(text: str) -> bool:
    """Return whether a spreadsheet program would run the text as a formula.

    Numbers, telephone numbers, dashes and list bullets may begin with a sign.

    Examples
    --------
    >>> [formula_like(t) for t in ("=1+1", "@sum", "-2+cmd|x", "+855 12 345", "- cook rice", "-")]
    [True, True, True, False, False, False]
    """
    if not text or text[0] not in "=+-@\t\r":
        return False
    return text[0] in "=@\t\r" or not _HARMLESS_SIGN.match(text)


def guarded(text: str) -> str:
    """Return the text with an apostrophe before it where a program would run it as a formula.

    A text that begins with an apostrophe before such a sign gets one more, so that reading takes
    back exactly what was written.

    Examples
    --------
    >>> guarded("=1+1"), guarded("rice")
    ("'=1+1", 'rice')
    """
    return f"'{text}" if formula_like(text.lstrip("'")) else text

"""Dates as people write them, without a locale and without guessing day and month."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

__all__ = ["BadFormat", "format_pattern", "parse_date", "serial_date"]

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

ALWAYS_READ = ("%Y-%m-%d", "%A, %B %d, %Y", "%B %d, %Y", "%d %B %Y")
"""Formats that cannot be misread, tried after those a mapping names."""

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?\Z")
_TIME_OF_DAY = re.compile(r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9:]{4,6})?\Z")

_DIRECTIVES = {
    "%Y": r"(?P<year>[0-9]{4})",
    "%m": r"(?P<month>[0-9]{1,2})",
    "%d": r"(?P<day>[0-9]{1,2})",
    "%B": r"(?P<month_name>[A-Za-z]{3,9})",
    "%A": r"(?P<weekday>[A-Za-z]{6,9})",
}


class BadFormat(ValueError):  # noqa: N818 - reads as what it is
    """A date format with a directive that is not read here."""


@lru_cache(maxsize=64)
def format_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of a date format made of %Y %m %d %B %A.

    Raises
    ------
    BadFormat
        Another directive, or day, month or year missing.
    """
    parts = re.split(r"(%.)", text)
    unknown = [part for part in parts if part.startswith("%") and part not in _DIRECTIVES]
    if unknown:
        known = " ".join(_DIRECTIVES)
        raise BadFormat(f"the directive {unknown[0]} is not read; use {known}")
    if not ("%Y" in parts and "%d" in parts and ("%m" in parts or "%B" in parts)):
        raise BadFormat("a date format needs %Y, %d and one of %m and %B")
    if any(parts.count(directive) > 1 for directive in _DIRECTIVES):
        raise BadFormat("a directive stands twice in the date format")
    return re.compile("".join(_DIRECTIVES.get(part, re.escape(part)) for part in parts) + r"\Z")


def parse_date(text: str, formats: tuple[str, ...] = ()) -> dt.date | None:
    """Return the date a text names, or None where it names none.

    Parameters
    ----------
    text
        ISO, "Friday, August 19, 2022", "19 August 2022", or as one of `formats`.
    formats
        Further formats, tried first.

    Examples
    --------
    >>> parse_date("Friday, August 19, 2022")
    datetime.date(2022, 8, 19)
    >>> parse_date("Monday, August 19, 2022") is None  # it was a Friday
    True
    >>> parse_date("08/09/2022") is None  # day or month first?
    True
    """
    plain = _TIME_OF_DAY.sub("", text)
    for candidate in (*formats, *ALWAYS_READ):
        match = format_pattern(candidate).match(plain)
        day = _date_of(match.groupdict()) if match else None
        if day is not None:
            return day
    return None


def _date_of(parts: dict[str, str]) -> dt.date | None:
    month = int(parts["month"]) if "month" in parts else _month(parts["month_name"])
    try:
        day = dt.date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return None
    if parts.get("weekday", WEEKDAYS[day.weekday()]).casefold() != WEEKDAYS[day.weekday()]:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _month(name: str) -> int:
    short = name.casefold()
    whole = (n for n, month in enumerate(MONTHS, start=1) if short in (month, month[:3]))
    return next(whole, 0)


def serial_date(text: str) -> dt.date | None:
    """Return the date of a spreadsheet serial number such as 44792, or None.

    Examples
    --------
    >>> serial_date("44792")
    datetime.date(2022, 8, 19)
    """
    if not _SERIAL.match(text):
        return None
    day = dt.date(1899, 12, 30) + dt.timedelta(days=int(text[:5]))
    return day if EARLIEST <= day <= LATEST else None

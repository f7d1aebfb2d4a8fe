"""Numbers, money, ages and yes/no as people write them, in either script."""

from __future__ import annotations

import math
import re

__all__ = ["khmer_digits_to_ascii", "parse_age", "parse_money", "parse_number", "parse_yes_no"]

_KHMER_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
_NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,12})?\Z")
_DOLLARS = re.compile(r"us\s*\$|usd|dollars?|ដុល្លារ|\$")
_RIELS = re.compile(r"khr|riels?|រៀល|៛")
_A_MONTH = re.compile(r"(/|per|a)\s*(month|mo)\b\.?|ក្នុងមួយខែ")

_YES = frozenset({"yes", "y", "true", "1", "បាទ", "ចាស", "មាន", "បាន"})
_NO = frozenset({"no", "n", "false", "0", "ទេ", "គ្មាន", "អត់"})

_AGE_OPEN = frozenset({"age unlimited", "unlimited", "no limit", "any", "any age", "all"})
_AGES = (
    (re.compile(r"(?:at least|from|min(?:imum)?|>=|≥)\s*([0-9]{1,3})\Z"), "low", 0),
    (re.compile(r"([0-9]{1,3})\s*(?:\+|and (?:over|above|older)|or (?:over|older))\Z"), "low", 0),
    (re.compile(r"(?:more than|over|above|older than|>)\s*([0-9]{1,3})\Z"), "low", 1),
    (re.compile(r"(?:at most|up to|max(?:imum)?|until|<=|≤)\s*([0-9]{1,3})\Z"), "high", 0),
    (re.compile(r"(?:less than|under|below|younger than|<)\s*([0-9]{1,3})\Z"), "high", -1),
)
_AGE_RANGE = re.compile(r"(?:from\s*)?([0-9]{1,3})\s*(?:-|–|to|until)\s*([0-9]{1,3})\Z")
_YEARS = re.compile(r"\s*(years?( old)?|yrs?|ឆ្នាំ)\s*")


def khmer_digits_to_ascii(text: str) -> str:
    """Return the text with ០-៩ written 0-9.

    Examples
    --------
    >>> khmer_digits_to_ascii("២០២២")
    '2022'
    """
    return text.translate(_KHMER_DIGITS)


def parse_number(text: str) -> float | None:
    """Return a number with an optional thousands comma and decimal point, or None.

    Examples
    --------
    >>> parse_number("1,250.5"), parse_number("១២"), parse_number("1.250,5")
    (1250.5, 12.0, None)
    """
    plain = khmer_digits_to_ascii(text).strip()
    return float(plain.replace(",", "")) if _NUMBER.match(plain) else None


def parse_money(text: str, khr_per_usd: float | None, currency: str = "USD") -> float | None:
    """Return an amount in USD, or None where the text is no single amount.

    Parameters
    ----------
    text
        Amount with or without a currency; "a month" may follow.
    khr_per_usd
        Riels a dollar; None where unknown, and then riels are not read.
    currency
        Currency of a bare number, USD or KHR.

    Examples
    --------
    >>> parse_money("$1,000", None), parse_money("៨២០០០០៛", 4100), parse_money("200-300", None)
    (1000.0, 200.0, None)
    """
    plain = _A_MONTH.sub(" ", khmer_digits_to_ascii(text).casefold())
    dollars, riels = bool(_DOLLARS.search(plain)), bool(_RIELS.search(plain))
    amount = parse_number(_RIELS.sub(" ", _DOLLARS.sub(" ", plain)))
    if amount is None or (dollars and riels):
        return None
    if riels or (currency == "KHR" and not dollars):
        return amount / khr_per_usd if khr_per_usd and math.isfinite(khr_per_usd) else None
    return amount


def parse_yes_no(text: str) -> bool | None:
    """Return whether a text says yes or no in English or Khmer, or None.

    Examples
    --------
    >>> parse_yes_no("Yes"), parse_yes_no("ទេ"), parse_yes_no("perhaps")
    (True, False, None)
    """
    word = khmer_digits_to_ascii(text).strip().casefold()
    return True if word in _YES else False if word in _NO else None


def parse_age(text: str) -> tuple[float | None, float | None] | None:
    """Return lowest and highest age admitted, in completed years; None where it can't be read.

    Examples
    --------
    >>> parse_age("At least 18"), parse_age("More than 35"), parse_age("18-35")
    ((18.0, None), (36.0, None), (18.0, 35.0))
    >>> parse_age("Age Unlimited"), parse_age("young")
    ((None, None), None)
    """
    words = " ".join(khmer_digits_to_ascii(text).casefold().split())
    plain = " ".join(_YEARS.sub(" ", words).split())
    if plain in _AGE_OPEN:
        return None, None
    both = _AGE_RANGE.match(plain)
    if both:
        return float(both[1]), float(both[2])
    for pattern, end, shift in _AGES:
        match = pattern.match(plain)
        if match:
            age = float(match[1]) + shift
            return (age, None) if end == "low" else (None, age)
    return None

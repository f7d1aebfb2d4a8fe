"""Figures as they are read."""

import datetime as dt


def percent(share: float) -> str:
    """Write a share as whole percent.

    Examples
    --------
    >>> percent(0.507)
    '51 %'
    """
    return f"{share * 100:.0f} %"


def between(low: float, high: float) -> str:
    """Write an interval of shares.

    Examples
    --------
    >>> between(0.256, 0.755)
    '26–76 %'
    """
    return f"{low * 100:.0f}–{high * 100:.0f} %"


def signed(value: float) -> str:
    """Write a number with its sign, a true minus among them.

    Examples
    --------
    >>> signed(0.5), signed(-0.287)
    ('+0.50', '−0.29')
    """
    return f"{value:+.2f}".replace("-", "−")


def amount(value: float | None, unknown: str = "?") -> str:
    """Write a whole number; `unknown` where it is not known."""
    return unknown if value is None else f"{value:,.0f}".replace("-", "−")


def day(value: dt.date) -> str:
    """Write a day."""
    return value.isoformat()

"""What an engine is asked for and does not give."""

from collections.abc import Sequence

from matcher.slate import Reason


class UnknownId(LookupError):  # noqa: N818 - reads as what it is
    """An id that is not in the caseload or the market.

    Attributes
    ----------
    what : str
        What it would be the id of.
    wanted : str
        The id.
    """

    def __init__(self, what: str, wanted: str) -> None:
        self.what = what
        self.wanted = wanted
        super().__init__(f"{what}: expected the id of one that is known, got {wanted!r}")


class NotOffered(ValueError):  # noqa: N818 - reads as what it is
    """A pair that a gate forbids has no suggestion.

    Attributes
    ----------
    reasons : tuple of Reason
        Every reason.
    """

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reason.message for reason in reasons))

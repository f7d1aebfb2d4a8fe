"""What the gate decided, with every reason and figure, as plain values."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Check:
    """One question and its answer.

    Parameters
    ----------
    name
        Of the question: ``log_loss``, ``leak`` and so on.
    status
        Passed, failed, or unsure: nothing against it, but nothing shown either.
    message
        The answer in words.
    group
        ``column=value`` where it is about one group.
    value, low, high
        The figure with its interval, where there is one.
    n
        Rows behind it.
    """

    name: str
    status: Status
    message: str
    group: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Verdict:
    """The gate's answer on one candidate.

    Parameters
    ----------
    candidate, current
        Versions; an empty current is the expert scorecard.
    checks
        Every check that was made.
    n, lost
        Held-out rows with an outcome, and those whose outcome was lost.
    period
        First and last day of the held-out placements, in ISO form.
    """

    candidate: str
    current: str
    checks: tuple[Check, ...]
    n: int
    lost: int
    period: tuple[str, str]

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.of(Status.FAILED)

    @property
    def reasons(self) -> list[str]:
        """What speaks against it, in words."""
        return [check.message for check in self.of(Status.FAILED)]

    @property
    def cautions(self) -> list[str]:
        """What could not be shown, in words."""
        return [check.message for check in self.of(Status.UNSURE)]

    def of(self, status: Status) -> list[Check]:
        """Return the checks that came to one status."""
        return [check for check in self.checks if check.status is status]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; the registry keeps them."""
        checks = [{**asdict(check), "status": str(check.status)} for check in self.checks]
        found = {"passed": self.passed, "reasons": self.reasons, "cautions": self.cautions}
        return {**asdict(self), **found, "checks": checks, "period": list(self.period)}

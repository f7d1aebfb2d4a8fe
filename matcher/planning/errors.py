"""Why a plan is not made, or not believed."""

from collections.abc import Sequence


class InvalidPlanInput(ValueError):  # noqa: N818 - reads as what it is
    """Inputs that describe no planning problem; the message names argument, place and rule."""


class PinConflict(InvalidPlanInput):
    """Pins that contradict each other, a ban, a gate, or the seats and money there are."""


class PlanAuditError(ValueError):
    """A plan that breaks a rule of its own problem.

    Parameters
    ----------
    violations
        One sentence for each broken rule.
    """

    def __init__(self, violations: Sequence[str]) -> None:
        self.violations = tuple(violations)
        super().__init__("\n".join(self.violations))

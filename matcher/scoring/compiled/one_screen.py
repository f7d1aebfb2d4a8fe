"""One offer screened, for a patch: the checks of the screen, asked of one and remembered."""

import numpy as np

from matcher.knowledge import Knowledge
from matcher.safety.facts import Facts
from matcher.safety.flag import Action
from matcher.safety.rule import Check
from matcher.safety.screening import RULE_CHECKS, WORDING
from matcher.scoring.compiled.recall import Cells, Recalled


class OneScreen:
    """Screens one offer at a time, by the checks that open a review or a block.

    Parameters
    ----------
    knowledge, as_of
        Words and wages; the day on which the market stands.
    """

    def __init__(self, knowledge: Knowledge, as_of: np.datetime64) -> None:
        def recalled(check: Check) -> Recalled[bool]:
            return Recalled(lambda m: bool(check.raised(Facts(m, knowledge.wages))[0]), as_of)

        grave = sorted(RULE_CHECKS, key=lambda check: -check.action.severity)
        self._checks = [
            (check.code, check.action, check.action.severity, recalled(check))
            for check in grave
            if check.action.severity > Action.NOTE.severity
        ]
        found = knowledge.screen_words.found
        self._said = Recalled(
            lambda market: tuple(flag for flag, rows in found(market).items() if rows[0]), as_of
        )

    def severity(self, cells: Cells) -> int:
        """Return the worst open flag: 0 clear, 1 review, 2 block; as of the :class:`Screen`."""
        cleared = cells["cleared_flags"] or ()
        for code, action, severity, raised in self._checks:  # the gravest first
            is_open = action is Action.BLOCK or code not in cleared
            if is_open and raised.of(cells):
                return severity
        said = any(WORDING + flag not in cleared for flag in self._said.of(cells))
        return Action.REVIEW.severity if said else Action.NOTE.severity

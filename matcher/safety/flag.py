"""What the screen says of an offer: flags with evidence, and the verdict they lead to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

Plain = str | float | int | bool
Evidence = Mapping[str, Plain]


class Action(StrEnum):
    """What a flag asks for, mildest first."""

    NOTE = "note"
    REVIEW = "review"
    BLOCK = "block"

    @property
    def severity(self) -> int:
        """0 for a note, 1 for a review, 2 for a block."""
        return _SEVERITY[self]


_SEVERITY: Mapping[Action, int] = MappingProxyType({a: i for i, a in enumerate(Action)})


class Verdict(StrEnum):
    """What may happen to an offer; a verdict's position is the severity that leads to it."""

    CLEAR = "clear"
    REVIEW = "review"
    BLOCK = "block"


class Indicator(StrEnum):
    """The eleven indicators of forced labour.

    References
    ----------
    International Labour Organization, *ILO indicators of forced labour*, Geneva, 2012.
    """

    ABUSE_OF_VULNERABILITY = "abuse of vulnerability"
    DECEPTION = "deception"
    RESTRICTION_OF_MOVEMENT = "restriction of movement"
    ISOLATION = "isolation"
    VIOLENCE = "physical and sexual violence"
    INTIMIDATION = "intimidation and threats"
    RETENTION_OF_DOCUMENTS = "retention of identity documents"
    WITHHOLDING_OF_WAGES = "withholding of wages"
    DEBT_BONDAGE = "debt bondage"
    ABUSIVE_CONDITIONS = "abusive working and living conditions"
    EXCESSIVE_OVERTIME = "excessive overtime"


@dataclass(frozen=True)
class Flag:
    """One thing an officer must know of an offer. Flags are never added up: one may suffice.

    Parameters
    ----------
    code
        Stable name of the flag.
    action
        What it asks for.
    indicator
        The indicator of forced labour it points to; ``None`` where it rests on other law or on
        the programme's policy.
    field
        The field it rests on first.
    evidence
        The facts it rests on, as plain values by name.
    source
        Where the rule comes from.
    basis
        ``published``, ``recalled`` or ``judgement``.
    cleared
        An officer has looked at this flag and cleared it. A block can't be cleared.
    """

    code: str
    action: Action
    indicator: Indicator | None
    field: str
    evidence: Evidence
    source: str
    basis: str
    cleared: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return the flag as plain values, ready for JSON."""
        return {
            "code": self.code,
            "action": str(self.action),
            "indicator": None if self.indicator is None else str(self.indicator),
            "field": self.field,
            "evidence": dict(self.evidence),
            "source": self.source,
            "basis": self.basis,
            "cleared": self.cleared,
        }

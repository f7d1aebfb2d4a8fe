"""Who proposed, approved and rolled back which model: two people for every step forward."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What can happen to a model."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ROLLED_BACK = "rolled_back"


class NotAllowed(ValueError):  # noqa: N818 - reads as what it is
    """A step that the rules of promotion forbid."""


@dataclass(frozen=True)
class Event:
    """One step.

    Parameters
    ----------
    action, version, by, at
        What, of which model, by whom, when (ISO form). A roll-back names the model it goes back to;
        an empty version is the expert scorecard.
    verdict
        Of the promotion gate, as plain values; with a proposal alone.
    """

    action: Action
    version: str
    by: str
    at: str
    verdict: Mapping[str, Any] = field(default_factory=dict)


EXPERT = ""
"""Version that stands for no model of the registry: the expert scorecard answers."""


@dataclass(frozen=True)
class Ledger:
    """Every step so far; a new ledger is returned for every further one.

    Parameters
    ----------
    events
        In the order in which they happened.
    """

    events: tuple[Event, ...] = ()

    @property
    def active(self) -> str:
        """Version that answers now."""
        return self._stack()[-1]

    def proposed(self, version: str, verdict: Mapping[str, Any], by: str, at: str) -> "Ledger":
        """Keep the gate's verdict on a model, whatever it is."""
        return self._with(Event(Action.PROPOSED, version, _named(by), at, dict(verdict)))

    def approved(self, version: str, trained_by: str, by: str, at: str) -> "Ledger":
        """Make a proposed model the active one.

        Raises
        ------
        NotAllowed
            Where the gate has not passed it against the model that is active now, or the person
            trained or proposed it.
        """
        proposal = self._proposal(version)
        if not proposal.verdict.get("passed"):
            reasons = "; ".join(proposal.verdict.get("reasons", ())) or "no reason stored"
            raise NotAllowed(f"{version}: the gate refused it: {reasons}")
        against = proposal.verdict.get("current")
        if against != self.active:
            raise NotAllowed(
                f"{version}: it was compared with {_shown(against)}, but {_shown(self.active)} is "
                "active: compare it again"
            )
        for person, role in ((trained_by, "trained"), (proposal.by, "proposed")):
            if _same_person(person, by):
                raise NotAllowed(f"{version}: {by} {role} it; a second person approves")
        return self._with(Event(Action.APPROVED, version, _named(by), at))

    def rolled_back(self, by: str, at: str, leaving: str | None = None) -> "Ledger":
        """Make the model active again that was so before the present one.

        Raises
        ------
        NotAllowed
            Where there was none, or another version is active than the one that is to be left.
        """
        stack = self._stack()
        if leaving is not None and leaving != stack[-1]:
            raise NotAllowed(f"{leaving} is not active, {_shown(stack[-1])} is: nothing changed")
        if len(stack) < 2:
            raise NotAllowed("no model was active before: there is nothing to roll back to")
        return self._with(Event(Action.ROLLED_BACK, stack[-2], _named(by), at))

    def as_list(self) -> list[dict[str, Any]]:
        """Return the events as plain values."""
        return [{**asdict(event), "action": str(event.action)} for event in self.events]

    @classmethod
    def from_list(cls, events: Iterable[Mapping[str, Any]]) -> "Ledger":
        """Return what :meth:`as_list` was made from."""
        return cls(tuple(Event(**{**e, "action": Action(e["action"])}) for e in events))

    def _stack(self) -> list[str]:
        stack = [EXPERT]
        for event in self.events:
            if event.action is Action.APPROVED:
                stack.append(event.version)
            elif event.action is Action.ROLLED_BACK:
                stack.pop()
        return stack

    def _proposal(self, version: str) -> Event:
        proposals = [e for e in self.events if e.action is Action.PROPOSED and e.version == version]
        if not proposals:
            raise NotAllowed(f"{version}: it has not been proposed")
        return proposals[-1]

    def _with(self, event: Event) -> "Ledger":
        return Ledger((*self.events, event))


def _named(person: str) -> str:
    if not person.strip():
        raise NotAllowed("expected the name of who does it, got nothing")
    return person.strip()


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _shown(version: object) -> str:
    return str(version) if version else "the expert scorecard"

"""What can go wrong, as facts. One table in :mod:`api.errors` turns them into HTTP."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


class Failure(Exception):  # noqa: N818 - each says what it is
    """A request that cannot be answered as asked.

    Attributes
    ----------
    code
        Names the sentence in the phrase table and the problem type.
    stands
        Whether what the request recorded before it failed is kept: true where the failure is
        an honest answer about a case, so that the audit trail shows the case was read.
    """

    code: ClassVar[str]
    stands: ClassVar[bool] = False

    def facts(self) -> dict[str, Any]:
        """Return the values the sentence is filled with."""
        return {}

    def details(self) -> dict[str, Any]:
        """Return what else the answer carries."""
        return {}


@dataclass(eq=False)
class NotFound(Failure):
    """There is no such thing."""

    code = "not_found"
    what: str
    key: str

    def facts(self) -> dict[str, Any]:
        """Return what was looked for."""
        return {"what": self.what, "key": self.key}


@dataclass(eq=False)
class AlreadyThere(Failure):
    """The id is taken."""

    code = "already_there"
    what: str
    key: str

    def facts(self) -> dict[str, Any]:
        """Return what was to be added."""
        return {"what": self.what, "key": self.key}


class VersionMissing(Failure):
    """A change came without the version it was made from."""

    code = "version_missing"


class VersionStale(Failure):
    """A change was made from a version that is no longer the newest."""

    code = "version_stale"


class KeyReused(Failure):
    """An idempotency key came back with another request."""

    code = "key_reused"


@dataclass(frozen=True)
class Fault:
    """One value that was not understood.

    Parameters
    ----------
    field
        Where it stood, such as ``exclusion_areas[0]``.
    rule
        What was expected, a key of the phrase table.
    candidates
        What may have been meant, best first.
    """

    field: str
    rule: str
    candidates: tuple[str, ...] = ()


@dataclass(eq=False)
class InvalidValues(Failure):
    """Values that break a rule or name nothing known."""

    code = "invalid_values"
    faults: Sequence[Fault]

    def details(self) -> dict[str, Any]:
        """Return the fields with what was expected of each."""
        return {"errors": [asdict(fault) for fault in self.faults]}


@dataclass(eq=False)
class NotOffered(Failure):
    """The engine does not offer this to this client; the reasons say why."""

    code = "not_offered"
    stands = True
    reasons: Sequence[dict[str, Any]]

    def details(self) -> dict[str, Any]:
        """Return every reason."""
        return {"reasons": list(self.reasons)}


@dataclass(eq=False)
class NotClearable(Failure):
    """The flag is not among those of the offer that a person may clear."""

    code = "not_clearable"
    flags: Sequence[str]

    def details(self) -> dict[str, Any]:
        """Return the flags that may be cleared."""
        return {"clearable": list(self.flags)}


@dataclass(eq=False)
class NotReady(Failure):
    """The store or the reference tables cannot be used yet; the reason names the remedy."""

    code = "not_ready"
    reason: str

    def facts(self) -> dict[str, Any]:
        """Return what is missing and the command that mends it."""
        return {"reason": self.reason}


@dataclass(eq=False)
class Refused(Failure):
    """A command that was understood and cannot be carried out."""

    code = "refused"
    reason: str

    def facts(self) -> dict[str, Any]:
        """Return why not."""
        return {"reason": self.reason}


@dataclass(eq=False)
class PlanConflict(Failure):
    """A plan can't be applied as things stand now; every conflict is listed, nothing was taken."""

    code = "plan_conflict"
    stands = True
    conflicts: Sequence[dict[str, Any]]

    def facts(self) -> dict[str, Any]:
        """Return how many."""
        return {"count": len(self.conflicts)}

    def details(self) -> dict[str, Any]:
        """Return every conflict."""
        return {"conflicts": list(self.conflicts)}

"""Who asks, before any transaction: for work that would hold the store's lock too long."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.context import Context
from api.services import Services
from api.settings import Language

ANONYMOUS = "anonymous"
"""Who asks where nobody said who."""


@dataclass(frozen=True)
class Visit:
    """One request that reads, then works with the store released, then writes.

    Parameters
    ----------
    services
        What the process shares.
    actor
        Who asks, as declared.
    request_id
        Names the request in the audit trail and in the answer.
    language
        Language of the words in the answer.
    """

    services: Services
    actor: str
    request_id: str
    language: Language

    @contextmanager
    def reading(self) -> Iterator[Context]:
        """Open a transaction that only reads."""
        with self.services.database.reading() as session:
            yield Context(session, self.services, self.actor, self.request_id, self.language)

    @contextmanager
    def writing(self) -> Iterator[Context]:
        """Open a transaction that writes: committed at the end, undone on any error."""
        with self.services.database.writing() as session:
            yield Context(session, self.services, self.actor, self.request_id, self.language)

"""Who asks what in which language, inside which transaction."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session

from api.services import Services
from api.settings import Language
from matcher import Engine
from models import audit


@dataclass(frozen=True)
class Context:
    """One request, from HTTP or from the command line.

    Parameters
    ----------
    session
        The one transaction of the request.
    services
        What the process shares.
    actor
        Who asks, as declared.
    request_id
        Names the request in the audit trail and in the answer.
    language
        Language of the words in the answer.
    """

    session: Session
    services: Services
    actor: str
    request_id: str
    language: Language

    @property
    def today(self) -> dt.date:
        """The day offers are judged on."""
        return self.services.today()

    @cached_property
    def engine(self) -> Engine:
        """The engine that answers this request: one model from its start to its end."""
        return self.services.engine

    def record(self, action: str, client_id: str) -> None:
        """Write to the audit trail that a case was read or written."""
        row = {"who": self.actor, "action": action, "client_id": client_id}
        audit.write(self.session, row | {"request_id": self.request_id})

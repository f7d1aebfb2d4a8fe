"""What every command works with: settings, services, one transaction, two consoles."""

import datetime as dt
import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import typer
from rich.console import Console

from api.cli.options import database_url
from api.context import Context
from api.phrases import say
from api.readiness import require_ready
from api.services import Services
from api.settings import Language, from_environment
from api.visit import Visit

MIN_WIDTH, MAX_WIDTH = 60, 100
LANGUAGE: ContextVar[Language] = ContextVar("language", default="en")
"""Language of the command that runs, for a refusal that ends it."""


@dataclass(frozen=True)
class Desk:
    """One command's surroundings.

    Parameters
    ----------
    services
        What the process shares.
    out, err
        Consoles for results and for everything else.
    as_json
        Results go out as JSON.
    """

    services: Services
    out: Console
    err: Console
    as_json: bool = False

    @property
    def language(self) -> Language:
        """Language of the words."""
        return self.services.settings.language

    def say(self, key: str, /, **values: object) -> str:
        """Return a phrase in the desk's language."""
        return say(key, self.language, **values)

    @contextmanager
    def writing(self, by: str | None = None) -> Iterator[Context]:
        """Open the one transaction of a command that may write, if only to the audit trail.

        Parameters
        ----------
        by
            Who acts; without it whoever runs the command.
        """
        require_ready(self.services.database)
        with self.services.database.writing() as session:
            request_id = uuid4().hex
            yield Context(session, self.services, by or who(), request_id, self.language)

    def visit(self, by: str | None = None) -> Visit:
        """Return who asks, for work that would hold the store's lock too long.

        Parameters
        ----------
        by
            Who acts; without it whoever runs the command.
        """
        require_ready(self.services.database)
        return Visit(self.services, by or who(), uuid4().hex, self.language)

    def print_json(self, value: Any) -> None:
        """Print a value as JSON, in plain text whatever the console."""
        typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def open_desk(
    database: str | None = None,
    language: Language | None = None,
    as_of: dt.datetime | None = None,
    as_json: bool = False,
) -> Desk:
    """Return the desk of a command; its options win over the environment."""
    settings = from_environment(
        database_url=database_url(database),
        language=language,
        today=as_of.date() if as_of else None,
    )
    LANGUAGE.set(settings.language)
    return Desk(Services(settings), _console(), _console(stderr=True), as_json)


def _console(stderr: bool = False) -> Console:
    """Return a console no wider than reads well."""
    console = Console(stderr=stderr, highlight=False)
    console.width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))
    return console


def who() -> str:
    """Return who runs the command, for the audit trail."""
    try:
        return f"cli:{getpass.getuser()}"[:120]
    except (OSError, KeyError):
        return "cli"

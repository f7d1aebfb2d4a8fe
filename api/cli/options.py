"""Options that many commands take; nothing heavy is loaded with them."""

import datetime as dt
from typing import Annotated

import typer

from api.settings import Language

Lang = Annotated[Language | None, typer.Option("--lang", help="Language: en or km.")]
DatabasePath = Annotated[
    str | None, typer.Option("--database", help="SQLite file, or an SQLAlchemy URL.")
]
AsOf = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day offers are judged on."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def database_url(database: str | None) -> str | None:
    """Return the URL of a database given by path or URL.

    Examples
    --------
    >>> database_url("var/a.db"), database_url("sqlite:///b.db")
    ('sqlite:///var/a.db', 'sqlite:///b.db')
    """
    if database is None or "://" in database:
        return database
    return f"sqlite:///{database}"

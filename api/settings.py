"""What can be set, and nothing else: frozen, typos refused, nothing read at import."""

import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PLACEMENT_"
Language = Literal["en", "km"]


class Settings(BaseSettings):
    """The settings, from arguments first and then from ``PLACEMENT_...`` in the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    database_url: Annotated[
        str, Field(description="Where the store is, as an SQLAlchemy URL.", max_length=2000)
    ] = "sqlite:///var/placement.db"
    busy_seconds: Annotated[
        float, Field(description="How long a writer waits for another.", gt=0, le=300)
    ] = 10.0
    reference_folder: Annotated[
        Path, Field(description="Imported tables that replace built-in ones.")
    ] = Path("var/reference")
    models_folder: Annotated[
        Path, Field(description="Trained models, and the ledger of which one answers.")
    ] = Path("var/models")
    exploration: Annotated[
        float,
        Field(
            description="Probability with which near ties of a slate are shuffled.", ge=0, le=0.25
        ),
    ] = 0.0
    language: Annotated[Language, Field(description="Language where none is asked for.")] = "en"
    today: Annotated[
        dt.date | None, Field(description="The day offers are judged on; empty is the clock's.")
    ] = None
    host: Annotated[str, Field(description="Address the service listens on.")] = "127.0.0.1"
    port: Annotated[int, Field(description="Port the service listens on.", ge=1, le=65535)] = 8000
    allowed_hosts: Annotated[
        tuple[str, ...], Field(description="Host names the service answers to.")
    ] = ("localhost", "127.0.0.1", "[::1]")
    max_body_bytes: Annotated[
        int, Field(description="Longest request body.", ge=1024, le=16 * 1024 * 1024)
    ] = 256 * 1024


class UnknownSettings(ValueError):  # noqa: N818 - reads as what it is
    """Environment variables that carry the prefix and name no setting."""


def from_environment(environment: Mapping[str, str] = os.environ, **values: object) -> Settings:
    """Return the settings of this process; `values` win over the environment.

    Raises
    ------
    UnknownSettings
        Where a variable starts with ``PLACEMENT_`` and no setting has its name.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    named = {name.upper() for name in environment if name.upper().startswith(PREFIX)}
    if unknown := sorted(named - known):
        raise UnknownSettings(f"no such setting: {', '.join(unknown)}")
    given = {name: value for name, value in values.items() if value is not None}
    return Settings.model_validate(given) if not named else Settings(**given)  # type: ignore[arg-type]


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the variables under which another process has the same settings."""
    values = settings.model_dump(mode="json", exclude_none=True)
    return {
        PREFIX + name.upper(): value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }

"""Bringing a database to the newest schema, and asking whether it is there.

Alembic is configured here, in code: no file to find, nothing read from the environment.
"""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models.registry import METADATA

MIGRATIONS = Path(__file__).with_name("migrations")
COMPARING: dict[str, Any] = {
    "target_metadata": METADATA,
    "render_as_batch": True,
    "compare_type": True,
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
}


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to an open `connection` where one is given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply every migration up to `revision`, inside the caller's transaction."""
    command.upgrade(configuration(connection), revision)


def newest() -> str:
    """Return the revision a migrated database stands at."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


def revision(connection: Connection) -> str | None:
    """Return the revision `connection`'s database stands at, None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection) -> list[str]:
    """Return how the database departs from the tables as written, in words; empty when equal."""
    context = MigrationContext.configure(connection, opts=COMPARING)
    return [str(found) for found in compare_metadata(context, METADATA)]

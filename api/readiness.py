"""Whether a database is at the newest schema, and bringing it there.

Apart from :mod:`api.db`, because the migrations know every table and the employer side may not.
"""

from api.db import Database
from api.failures import NotReady
from models import schema


def upgrade(database: Database) -> None:
    """Create the database where it is not there, and bring it to the newest schema."""
    database.create()
    with database.connected(writes=True) as connection:
        schema.upgrade(connection)


def revision(database: Database) -> str | None:
    """Return the schema revision the database stands at, None where it is empty."""
    with database.connected() as connection:
        return schema.revision(connection)


def differences(database: Database) -> list[str]:
    """Return how the database departs from the tables as written; empty when equal."""
    with database.connected() as connection:
        return schema.differences(connection)


def require_ready(database: Database) -> None:
    """Raise where the database cannot serve.

    Raises
    ------
    NotReady
        Where it is absent or its schema is not the newest.
    """
    database.require_present()
    if (found := revision(database)) != (wanted := schema.newest()):
        raise NotReady(
            f"the database's schema is {found or 'empty'}, expected {wanted}; "
            "run 'placement db upgrade'"
        )

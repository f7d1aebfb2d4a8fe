"""The migrations build exactly the tables as written."""

import re
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from models import schema, vocabulary
from models.registry import METADATA, TABLES


def test_a_migrated_database_departs_in_nothing(connection: Connection) -> None:
    assert schema.revision(connection) == schema.newest()
    assert schema.differences(connection) == []


def test_a_departure_is_found(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE client ADD COLUMN full_name TEXT"))
    assert any("full_name" in found for found in schema.differences(connection))


def checks(engine: Engine) -> dict[str, str]:
    """Every CHECK of a database by name, without the spaces that differ."""
    return {
        str(check["name"]): re.sub(r"\s+", " ", str(check["sqltext"]))
        for table in inspect(engine).get_table_names()
        for check in inspect(engine).get_check_constraints(table)
    }


def test_every_check_says_the_same_in_migration_and_model(engine: Engine, tmp_path: Path) -> None:
    direct = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    METADATA.create_all(direct)
    assert checks(engine) == checks(direct)
    assert len(checks(engine)) > 100
    direct.dispose()


def test_going_down_leaves_nothing_and_up_again_everything(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(schema.configuration(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    with engine.begin() as connection:
        schema.upgrade(connection)
        assert schema.differences(connection) == []


def test_an_upgrade_that_fails_leaves_no_table(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'fails.db'}")

    def upgrade_and_fail() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("BEGIN")
            schema.upgrade(connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        upgrade_and_fail()
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_every_table_is_registered() -> None:
    assert {str(table.__tablename__) for table in TABLES} == set(METADATA.tables)


def test_every_word_is_said_once() -> None:
    groups = [value for name, value in vars(vocabulary).items() if name.isupper()]
    assert groups
    assert all(len(set(words)) == len(words) for words in groups)

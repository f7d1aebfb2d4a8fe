"""Alembic's entry: runs the migrations on the connection :mod:`models.schema` passed."""

from alembic import context

from models.schema import COMPARING

context.configure(connection=context.config.attributes["connection"], **COMPARING)
with context.begin_transaction():
    context.run_migrations()

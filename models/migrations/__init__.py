"""Alembic's scripts; run through :mod:`models.schema`."""

"""The command line: the same use cases as the service, in words and tables."""

from api.cli.app import app, main

__all__ = ["app", "main"]

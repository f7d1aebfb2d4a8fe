"""Answers of JSON-ready values; apart from the writing, which also serves where no HTTP is."""

from typing import Any

from fastapi.responses import JSONResponse

from api.plain_json import dumped


class PlainJSON(JSONResponse):
    """An answer of JSON-ready values: written out as they stand, not checked again."""

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return dumped(content)

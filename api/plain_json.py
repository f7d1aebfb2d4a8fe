"""JSON-ready values as text, for answers and for JSON columns; what is not a number is null."""

from typing import Any

from fastapi.responses import JSONResponse
from pydantic_core import to_json


def dumped(values: Any) -> bytes:
    """Return values as JSON in UTF-8.

    Examples
    --------
    >>> dumped({"place": "តាកែវ", "minutes": float("nan"), "steps": ("T-1", "G-2")}).decode()
    '{"place":"តាកែវ","minutes":null,"steps":["T-1","G-2"]}'
    """
    return to_json(values, inf_nan_mode="null")


class PlainJSON(JSONResponse):
    """An answer of JSON-ready values: written out as they stand, not checked again."""

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return dumped(content)

"""JSON-ready values as text, for answers and for JSON columns; what is not a number is null."""

from typing import Any, NamedTuple

from fastapi.responses import JSONResponse
from pydantic_core import to_json


class Written(NamedTuple):
    """JSON that is written out already.

    Parameters
    ----------
    text
        In UTF-8.
    """

    text: bytes


def dumped(values: Any) -> bytes:
    """Return values, or dataclasses of them, as JSON in UTF-8.

    Examples
    --------
    >>> dumped({"place": "តាកែវ", "minutes": float("nan"), "steps": ("T-1", "G-2")}).decode()
    '{"place":"តាកែវ","minutes":null,"steps":["T-1","G-2"]}'
    """
    return values.text if type(values) is Written else to_json(values, inf_nan_mode="null")


def joined(*objects: bytes) -> bytes:
    """Return JSON objects that are not empty as one with the members of all.

    Examples
    --------
    >>> joined(dumped({"k": 3}), dumped({"note": ""}))
    b'{"k":3,"note":""}'
    """
    return b"{" + b",".join(one[1:-1] for one in objects) + b"}"


class PlainJSON(JSONResponse):
    """An answer of JSON-ready values: written out as they stand, not checked again."""

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return dumped(content)

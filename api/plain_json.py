"""JSON-ready values as text, for answers and for JSON columns; what is not a number is null."""

from typing import Any, NamedTuple

from pydantic_core import to_json

from matcher.lines import Lines


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
    if type(values) is Written:
        return values.text
    return to_json(values, inf_nan_mode="null", fallback=_listed)


def _listed(value: Any) -> Any:
    if isinstance(value, Lines):
        return list(value)
    raise TypeError(f"expected values that JSON knows, got {type(value).__name__}")


def joined(*objects: bytes) -> bytes:
    """Return JSON objects that are not empty as one with the members of all.

    Examples
    --------
    >>> joined(dumped({"k": 3}), dumped({"note": ""}))
    b'{"k":3,"note":""}'
    """
    return b"{" + b",".join(one[1:-1] for one in objects) + b"}"

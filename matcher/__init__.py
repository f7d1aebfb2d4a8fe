"""The engine: clients and opportunities in, slates with exact reasons out.

Names are loaded when they are first asked for: a process that only has workers loaded elsewhere,
or only reads a small part, does not wait for the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcher.caseload import Caseload
    from matcher.engine import Engine
    from matcher.errors import NotOffered, UnknownId
    from matcher.lines import Line
    from matcher.market import Market
    from matcher.reference import ReferenceTables
    from matcher.safety import Screen, screen
    from matcher.scoring.ranker import Ranking
    from matcher.slate import Help, Reason, Slate, Suggestion
    from matcher.table import InvalidRecords, Problem

_HOMES = {
    "Caseload": "caseload",
    "Engine": "engine",
    "Help": "slate",
    "InvalidRecords": "table",
    "Line": "lines",
    "Market": "market",
    "NotOffered": "errors",
    "Problem": "table",
    "Ranking": "scoring.ranker",
    "Reason": "slate",
    "ReferenceTables": "reference",
    "Screen": "safety",
    "Slate": "slate",
    "Suggestion": "slate",
    "UnknownId": "errors",
    "screen": "safety",
}
"""The module of each name."""

__all__ = [
    "Caseload",
    "Engine",
    "Help",
    "InvalidRecords",
    "Line",
    "Market",
    "NotOffered",
    "Problem",
    "Ranking",
    "Reason",
    "ReferenceTables",
    "Screen",
    "Slate",
    "Suggestion",
    "UnknownId",
    "screen",
]


def __getattr__(name: str) -> Any:
    """Load a name (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the names."""
    return sorted(__all__)

"""The engine: clients and opportunities in, slates with exact reasons out."""

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

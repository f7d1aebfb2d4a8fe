"""Worlds with known outcome laws: what policies, models and estimates are held against."""

from matcher.simulation.hazards import Incidence, OutcomeLaw, Situations
from matcher.simulation.logs import Log, acceptance, draw_log
from matcher.simulation.simulator import Simulator
from matcher.simulation.visits import FollowUp, Observed, observe, visits_before
from matcher.simulation.world import (
    EXITS,
    TERMS,
    VISIT_DAYS,
    WORLDS,
    Cause,
    ProgrammeTerms,
    World,
    WorldName,
)

__all__ = [
    "EXITS",
    "TERMS",
    "VISIT_DAYS",
    "WORLDS",
    "Cause",
    "FollowUp",
    "Incidence",
    "Log",
    "Observed",
    "OutcomeLaw",
    "ProgrammeTerms",
    "Simulator",
    "Situations",
    "World",
    "WorldName",
    "acceptance",
    "draw_log",
    "observe",
    "visits_before",
]

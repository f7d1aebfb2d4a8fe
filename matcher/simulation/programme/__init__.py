"""A programme of four years, played under policies that decide who is offered what."""

from matcher.simulation.programme.hindsight import hindsight
from matcher.simulation.programme.play import FIGURES, Figures, figures, play
from matcher.simulation.programme.policies import POLICIES, Policy, PolicyName
from matcher.simulation.programme.report import (
    CEILING,
    Interval,
    Run,
    figure,
    gain,
    simulate,
)
from matcher.simulation.programme.stage import Stage, set_stage

__all__ = [
    "CEILING",
    "FIGURES",
    "POLICIES",
    "Figures",
    "Interval",
    "Policy",
    "PolicyName",
    "Run",
    "Stage",
    "figure",
    "figures",
    "gain",
    "hindsight",
    "play",
    "set_stage",
    "simulate",
]

"""Programmes over many seeds: figures with intervals, and what a policy gains on another."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from matcher.columns import Floats
from matcher.simulation.programme.hindsight import hindsight
from matcher.simulation.programme.play import Figures, figures, play
from matcher.simulation.programme.policies import PolicyName
from matcher.simulation.programme.stage import set_stage
from matcher.simulation.simulator import Simulator
from matcher.simulation.world import TERMS, WORLDS, ProgrammeTerms, WorldName

CEILING = "hindsight"
"""Name under which the plan that knows everything stands in a table."""


class Run(NamedTuple):
    """One programme: a world, a policy or the ceiling, a seed, and its figures."""

    world: WorldName
    policy: str
    seed: int
    figures: Figures


class Interval(NamedTuple):
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


def simulate(
    simulators: Iterable[Simulator],
    worlds: Sequence[WorldName] = tuple(WorldName),
    policies: Sequence[PolicyName] = tuple(PolicyName),
    terms: ProgrammeTerms = TERMS,
    progress: Callable[[Run], None] = lambda run: None,
) -> list[Run]:
    """Play every policy in every world, with the same people, days and luck for each.

    Parameters
    ----------
    simulators
        One a seed: clients, in the order in which they come, and opportunities.
    worlds, policies
        What is played.
    terms
        Size and rules of the programme.
    progress
        Told of each run.
    """
    runs: list[Run] = []
    for simulator in simulators:
        for world in worlds:
            for run in _runs(simulator, world, policies, terms):
                runs.append(run)
                progress(run)
    return runs


def _runs(
    simulator: Simulator, world: WorldName, policies: Sequence[PolicyName], terms: ProgrammeTerms
) -> Iterable[Run]:
    stage = set_stage(simulator.in_world(WORLDS[world]), terms)
    for policy in policies:
        desk = play(stage, policy)
        yield Run(world, policy, simulator.seed, figures(stage, desk.placed, desk.asked))
    yield Run(world, CEILING, simulator.seed, figures(stage, hindsight(stage)))


def mean_interval(values: Floats, level: float = 0.95) -> Interval:
    """Return a mean with Student's interval; of one value alone there is none (NaN).

    Examples
    --------
    >>> [round(x, 2) for x in mean_interval(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.48, 4.48]
    """
    mean = float(values.mean())
    if len(values) < 2:
        return Interval(mean, np.nan, np.nan)
    error = values.std(ddof=1) / np.sqrt(len(values))
    half = float(student.ppf((1 + level) / 2, len(values) - 1) * error)
    return Interval(mean, mean - half, mean + half)


def figure(runs: Iterable[Run], world: WorldName, policy: str, name: str) -> Interval:
    """Return a figure of a policy in a world, over seeds."""
    return mean_interval(_values(runs, world, policy, name))


def gain(
    runs: Sequence[Run], world: WorldName, policy: str, over: str, name: str = "retained"
) -> Interval:
    """Return by what share a figure is higher under a policy than under another, seed by seed."""
    ours, theirs = _values(runs, world, policy, name), _values(runs, world, over, name)
    return mean_interval(ours / theirs - 1.0)


def _values(runs: Iterable[Run], world: WorldName, policy: str, name: str) -> Floats:
    own = [run for run in runs if run.world == world and run.policy == policy]
    by_seed = sorted(own, key=lambda run: run.seed)
    return np.array([getattr(run.figures, name) for run in by_seed], dtype=np.float64)

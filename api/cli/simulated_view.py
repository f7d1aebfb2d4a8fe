"""The figures of simulated programmes, as a table and as values."""

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from api.cli.desk import Desk
from matcher.simulation import WORLDS, WorldName
from matcher.simulation.programme import CEILING, Interval, PolicyName, Run, figure, gain

SHOWN = ("retained", "worst_group", "harmed", "unplaced", "income_usd")
COMPARED = ("retained", "worst_group")


def print_world(desk: Desk, runs: Sequence[Run], world: WorldName, seeds: int) -> None:
    """Print a world's policies, a row each, means with 95 % intervals over seeds."""
    desk.out.print(Text(f"{world}: {WORLDS[world].title}", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(desk.say("column.policy"), no_wrap=True)
    for name in SHOWN:
        table.add_column(desk.say(f"column.{name}"), justify="right")
    for policy in (*PolicyName, CEILING):
        cells = [_cell(name, figure(runs, world, policy, name)) for name in SHOWN]
        table.add_row(str(policy), *cells)
    desk.out.print(table)
    for name in COMPARED:
        better = gain(runs, world, PolicyName.LEARNING, PolicyName.FIRST_COME, name)
        mean, low, high = (f"{share:+.0%}" if isfinite(share) else "–" for share in better)
        facts = {"figure": desk.say(f"column.{name}"), "seeds": seeds}
        desk.out.print(desk.say("simulate.gain", mean=mean, interval=f"{low} … {high}", **facts))


def _cell(name: str, found: Interval) -> str:
    scale = 1.0 if name == "income_usd" else 100.0
    half = (found.high - found.mean) * scale
    told = f"{found.mean * scale:.1f}"
    return f"{told} ±{half:.1f}" if isfinite(half) else told


def _finite(interval: Interval) -> dict[str, float | None]:
    return {name: x if isfinite(x) else None for name, x in interval._asdict().items()}


def as_values(runs: Sequence[Run], worlds: Sequence[WorldName]) -> dict[str, Any]:
    """Return every run, and the gain over first come with its interval."""
    gains = {
        str(world): {
            name: _finite(gain(runs, world, PolicyName.LEARNING, PolicyName.FIRST_COME, name))
            for name in COMPARED
        }
        for world in worlds
    }
    ordered = sorted(runs, key=lambda run: (run.world, run.seed))
    listed = [
        {"world": run.world, "policy": str(run.policy), "seed": run.seed} | asdict(run.figures)
        for run in ordered
    ]
    return {"gains": gains, "runs": listed}

"""`placement simulate`: four years of a programme under five policies, in worlds that are known."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, replace
from functools import cache
from math import isfinite
from multiprocessing import get_context
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from api.cli.desk import Desk, Json, Lang, open_desk
from api.cli.watching import stages
from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.simulation import TERMS, WORLDS, Simulator, WorldName
from matcher.simulation.programme import (
    CEILING,
    Interval,
    PolicyName,
    Run,
    figure,
    gain,
    simulate,
)

SHOWN = ("retained", "worst_group", "harmed", "unplaced", "income_usd")
COMPARED = ("retained", "worst_group")


def simulate_programme(
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Programmes a world.")] = 4,
    first: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="The first seed.")] = 1,
    world: Annotated[
        list[WorldName] | None, typer.Option(help="A world; may repeat. The documented one.")
    ] = None,
    clients: Annotated[int, typer.Option(min=15, max=20_000)] = TERMS.clients,
    opportunities: Annotated[int, typer.Option(min=50, max=100_000)] = TERMS.offers,
    cores: Annotated[int, typer.Option(min=1, max=64, help="Processes that play.")] = 1,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Play a programme under five policies beside the best that hindsight could do.

    Figures of a simulator, not of people: its worlds are documented in matcher/simulation.
    """
    desk = open_desk(None, lang, None, as_json)
    worlds = tuple(world or (WorldName.DOCUMENTED,))
    with stages(desk) as stage:
        advance = stage("work.simulating", seeds)
        runs: list[Run] = []
        for played in _played(range(first, first + seeds), worlds, clients, opportunities, cores):
            runs += played
            advance(1)
    if as_json:
        desk.print_json(_as_values(runs, worlds))
        return
    for name in worlds:
        _print_world(desk, runs, name, seeds)


def _played(
    seeds: range, worlds: Sequence[WorldName], clients: int, offers: int, cores: int
) -> Iterator[list[Run]]:
    """Play each seed in a process of its own kind; solvers that print there are not heard."""
    with ProcessPoolExecutor(cores, get_context("spawn"), _silence) as processes:
        asked = [processes.submit(_play, seed, worlds, clients, offers) for seed in seeds]
        for done in as_completed(asked):
            yield done.result()


def _silence() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@cache
def _engine() -> Engine:
    return Engine(read_reference(), compiled=None)


def _play(seed: int, worlds: Sequence[WorldName], clients: int, offers: int) -> list[Run]:
    drawn = demo.world(clients, offers, seed=seed)
    caseload = Caseload.from_records(drawn.clients)
    market = Market.from_records(drawn.opportunities, drawn.as_of)
    people = Simulator(_engine(), caseload, market, WORLDS[WorldName.DOCUMENTED], seed)
    terms = replace(TERMS, clients=clients, offers=offers)
    return simulate([people], worlds, terms=terms)


def _print_world(desk: Desk, runs: Sequence[Run], world: WorldName, seeds: int) -> None:
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


def _as_values(runs: Sequence[Run], worlds: Sequence[WorldName]) -> dict[str, Any]:
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

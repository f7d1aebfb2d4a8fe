"""`placement simulate`: four years of a programme under five policies, in worlds that are known.

What plays is imported when it is asked for: no other command waits for it.
"""

from typing import Annotated

import typer

from api.cli.desk import open_desk
from api.cli.options import Json, Lang
from api.cli.watching import stages


def simulate(
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Programmes a world.")] = 4,
    first: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="The first seed.")] = 1,
    world: Annotated[
        list[str] | None, typer.Option(help="A world; may repeat. The documented one.")
    ] = None,
    clients: Annotated[int, typer.Option(min=15, max=20_000)] = 2000,
    opportunities: Annotated[int, typer.Option(min=50, max=100_000)] = 6000,
    cores: Annotated[int, typer.Option(min=1, max=64, help="Processes that play.")] = 1,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Play a programme under five policies beside the best that hindsight could do.

    Figures of a simulator, not of people: its worlds are documented in matcher/simulation.
    """
    from api.cli.simulated_view import as_values, print_world
    from api.simulating import played, worlds_named

    desk = open_desk(None, lang, None, as_json)
    worlds = worlds_named(world or ["documented"])
    runs = []
    with stages(desk) as stage:
        advance = stage("work.simulating", seeds)
        for ended in played(range(first, first + seeds), worlds, clients, opportunities, cores):
            runs += ended
            advance(1)
    if as_json:
        desk.print_json(as_values(runs, worlds))
        return
    for name in worlds:
        print_world(desk, runs, name, seeds)

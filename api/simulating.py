"""Programmes played in processes of their own, as `placement simulate` shows them."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache
from multiprocessing import get_context

from api.failures import Refused
from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.simulation import TERMS, WORLDS, Simulator, WorldName
from matcher.simulation.programme import Run, simulate


def worlds_named(names: Sequence[str]) -> tuple[WorldName, ...]:
    """Return worlds by name.

    Raises
    ------
    Refused
        Where there is none of a name.
    """
    known = [str(world) for world in WorldName]
    for name in names:
        if name not in known:
            raise Refused(f"no world {name}; there are {', '.join(known)}")
    return tuple(WorldName(name) for name in names)


def played(
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

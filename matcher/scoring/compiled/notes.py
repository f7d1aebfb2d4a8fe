"""What kernels note of one client at a time, and the marks that tell one client from the next."""

from typing import Any, NamedTuple

import numpy as np

from matcher.scoring.compiled.arrays import Ints, Longs, Reals, Stock, World
from matcher.scoring.pathways import COURSES


class Held(NamedTuple):
    """Which skills, groups and branches were noted under which mark."""

    skill: Ints
    group: Ints
    branch: Ints
    across: Ints


class Notes(NamedTuple):
    """What a kernel notes of one client at a time; one set a thread."""

    held: Held
    required_mark: Ints
    required: Reals
    useful_mark: Ints
    useful: Reals
    work_mark: Ints
    work: Reals
    kind: Reals
    exposed_mark: Ints
    exposed: Reals
    left: Reals
    reach: Ints
    way: Reals
    usd: Reals
    found: Ints
    score: Reals
    at: Ints
    shelf: Ints
    course: Longs
    alike_mark: Ints
    alike_at: Ints


def notes_for(world: World, stock: Stock, alike: int) -> Notes:
    """Return empty notes for a market; alike is its number of kinds of livelihoods."""
    capacity = len(stock.asks)
    classes = (len(stock.required), len(stock.useful), len(stock.work))
    nodes = len(world.km) + 1
    memo: list[Any] = []
    for n in classes:
        memo += [np.zeros(n, dtype=np.int32), np.empty(n)]
    others: list[Any] = [
        np.empty(classes[2]),
        np.zeros(len(stock.exposed), dtype=np.int32),
        np.empty(len(stock.exposed)),
        np.empty(len(stock.exposed)),
        np.empty(nodes, dtype=np.int32),
        np.empty(nodes),
        np.empty(nodes),
        np.empty(capacity, dtype=np.int32),
        np.empty(capacity),
        np.zeros(capacity, dtype=np.int32),
        np.empty((len(world.node) + 5, 2), dtype=np.int32),
        np.empty((COURSES, 4), dtype=np.int64),
        *(np.zeros(alike, dtype=np.int32) for _ in range(2)),
    ]
    return Notes(held_for(world), *memo, *others)


def held_for(world: World) -> Held:
    """Return empty notes of skills."""
    lengths = (
        len(world.skill_group),
        int(world.skill_group.max(initial=-1)) + 2,
        int(world.skill_branch.max(initial=-1)) + 2,
        1,
    )
    return Held(*(np.zeros(n, dtype=np.int32) for n in lengths))


class Desk:
    """Notes for one thread at a time, with the marks that were used up."""

    MARKS = 1 << 26

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._used = 0

    def marks(self, clients: int) -> int:
        """Return where the marks of so many clients begin; old marks never come again."""
        if self._used + clients >= self.MARKS:
            for name in ("alike_mark", "required_mark", "useful_mark", "work_mark", "exposed_mark"):
                getattr(self.notes, name)[:] = 0
            for marks in self.notes.held:
                marks[:] = 0
            self._used = 0
        base, self._used = self._used, self._used + clients
        return base

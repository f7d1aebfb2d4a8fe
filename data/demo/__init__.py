"""A seeded demo world, drawn from published marginals.

Examples
--------
>>> from data import demo
>>> world = demo.world(clients=15, opportunities=5)
>>> world.cohort("malaysia-august") == tuple(c["client_id"] for c in world.clients)
True
"""

from data.demo.hard_cases import CIRCUMSTANCES, HARD_CASES, HardCase
from data.demo.world import World, world

__all__ = ["CIRCUMSTANCES", "HARD_CASES", "HardCase", "World", "world"]

"""Seats alone: the exact optimum over all pairs, and the prices that prove it."""

from matcher.planning.seats.rows import best_of_rows
from matcher.planning.seats.solve import solve_seats

__all__ = ["best_of_rows", "solve_seats"]

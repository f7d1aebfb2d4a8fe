"""Seats alone: the exact optimum over all pairs, and the prices that prove it."""

from matcher.planning.seats.basis import Basis
from matcher.planning.seats.rows import best_of_rows
from matcher.planning.seats.solve import Seating, solve_seats

__all__ = ["Basis", "Seating", "best_of_rows", "solve_seats"]

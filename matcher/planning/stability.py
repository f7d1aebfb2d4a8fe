"""An independent check of a two-sided shortlist; shares no code with what makes it."""

import numpy as np
from numpy.typing import ArrayLike


def blocking_pairs(
    assignment: ArrayLike, client_score: ArrayLike, employer_fit: ArrayLike, seats: ArrayLike
) -> list[tuple[int, int]]:
    """Return the pairs of a client and an opportunity that would both rather have each other.

    A client blocks with an opportunity she likes strictly better than what she has, if it has a
    free seat or holds somebody who meets its needs strictly less. None: the shortlist is stable.

    Parameters
    ----------
    assignment
        (n,) opportunity of every client, -1 for none.
    client_score, employer_fit
        (n, m) both sides' values; nan = forbidden.
    seats
        (m,) seats.

    Raises
    ------
    ValueError
        Where the assignment is none at all: a forbidden pair, or more held than there are seats.
    """
    likes, fits = np.asarray(client_score, float), np.asarray(employer_fit, float)
    held = [int(j) for j in np.asarray(assignment)]
    barred = np.isnan(likes) | np.isnan(fits)
    free = [int(room) for room in np.asarray(seats)]
    worst = [np.inf] * len(free)
    for i, j in enumerate(held):
        if j < 0:
            continue
        if barred[i, j]:
            raise ValueError(f"client {i}: expected an admissible opportunity, got {j}")
        free[j] -= 1
        worst[j] = min(worst[j], fits[i, j])
    if overfull := [j for j, left in enumerate(free) if left < 0]:
        raise ValueError(f"opportunities {overfull}: expected no more clients than seats")
    has = [likes[i, j] if j >= 0 else -np.inf for i, j in enumerate(held)]
    return [
        (i, j)
        for i, j in np.ndindex(likes.shape)
        if not barred[i, j] and likes[i, j] > has[i] and (free[j] or fits[i, j] > worst[j])
        if np.asarray(seats)[j] >= 1
    ]

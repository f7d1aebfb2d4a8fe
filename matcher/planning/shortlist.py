"""The two-sided shortlist: clients' scores and employers' stated needs, both heard."""

from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.planning import columns
from matcher.planning.assign import assign
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.plan import UNPLACED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_PRODUCT: Final = 1e-12
"""Product of the two values below which a pair counts as worth nothing to one of the sides."""


class Rule(StrEnum):
    """What the shortlist aims at."""

    STABLE = "stable"
    """No client and employer would both rather have each other; the best such for the clients."""

    NASH = "nash"
    """As many matched as can be, then the greatest product of what both sides get."""


@dataclass(frozen=True, eq=False)
class Shortlist:
    """Who is put forward to whom.

    Parameters
    ----------
    assignment
        (n,) opportunity of every client, -1 for none.
    rule
        What it aims at.
    """

    assignment: Ints
    rule: Rule

    def candidates(self, opportunity: int) -> list[int]:
        """Return the clients put forward to an opportunity."""
        return np.flatnonzero(self.assignment == opportunity).tolist()


def two_sided_shortlist(
    client_score: ArrayLike,
    employer_fit: ArrayLike,
    seats: ArrayLike,
    rule: Rule | str = Rule.STABLE,
    seed: int = 0,
) -> Shortlist:
    """Return a shortlist in which both sides' rankings count.

    The stable rule is many-to-one deferred acceptance with clients proposing. Ties of an employer
    are broken by one lottery over the clients, the same everywhere; ties of a client by the
    employers' fit, then by a lottery over the opportunities. So no order of rows favours anybody,
    and the result is stable for the rankings with ties too (weakly: nobody blocks who is
    indifferent).

    Parameters
    ----------
    client_score
        (n, m) what an opportunity is worth to a client; nan = forbidden.
    employer_fit
        (n, m) how far a client meets the stated needs, and nothing else of her; nan = not wanted.
    seats
        (m,) whole seats.
    rule
        A :class:`Rule`. For ``nash`` both values must be at least 0; a pair worth 0 to a side is
        not made.
    seed
        Seed of the lotteries.

    Raises
    ------
    InvalidPlanInput
        Where an argument breaks a rule; the message names it.

    References
    ----------
    Gale, D., Shapley, L. (1962). College admissions and the stability of marriage. American
    Mathematical Monthly 69, 9-15.
    Nash, J. (1950). The bargaining problem. Econometrica 18, 155-162.

    Examples
    --------
    >>> likes, fits = [[0.9, 0.5], [0.8, 0.1]], [[0.2, 0.7], [0.6, 0.3]]
    >>> two_sided_shortlist(likes, fits, [1, 1]).assignment.tolist()
    [1, 0]
    """
    likes, fits = columns.scores(client_score), columns.scores(employer_fit)
    if likes.shape != fits.shape:
        raise InvalidPlanInput(
            f"employer_fit: expected the shape of client_score {likes.shape}, got {fits.shape}"
        )
    m = likes.shape[1]
    room = np.floor(columns.amounts("seats", columns.numbers("seats", seats), [(m,)]) + 1e-9)
    if rule not in tuple(Rule):
        raise InvalidPlanInput(f"rule: expected one of {[str(r) for r in Rule]}, got {rule!r}")
    either = np.isnan(likes) | np.isnan(fits)
    likes, fits = np.where(either, np.nan, likes), np.where(either, np.nan, fits)
    if Rule(rule) is Rule.NASH:
        return Shortlist(_nash(likes, fits, room), Rule.NASH)
    return Shortlist(_deferred(likes, fits, room, np.random.default_rng(seed)), Rule.STABLE)


def _deferred(likes: Floats, fits: Floats, room: Floats, dice: np.random.Generator) -> Ints:
    """Return the client-optimal stable matching (n,) under the lotteries."""
    n, m = likes.shape
    lottery, sites = dice.permutation(n), dice.permutation(m)
    order = [np.lexsort((sites, -fits[i], -likes[i])) for i in range(n)]
    asked = [order[i][~np.isnan(likes[i][order[i]])].tolist()[::-1] for i in range(n)]
    held: list[list[tuple[float, int, int]]] = [[] for _ in range(m)]
    assignment = np.full(n, UNPLACED)
    waiting = list(range(n))
    while waiting:
        client = waiting.pop()
        if not asked[client]:
            continue
        j = asked[client].pop()
        heappush(held[j], (float(fits[client, j]), int(lottery[client]), client))
        assignment[client] = j
        if len(held[j]) > room[j]:
            refused = heappop(held[j])[2]
            assignment[refused] = UNPLACED
            waiting.append(refused)
    return assignment


def _nash(likes: Floats, fits: Floats, room: Floats) -> Ints:
    """Return the matching (n,) of most pairs, then of the greatest product of both values."""
    for name, values in (("client_score", likes), ("employer_fit", fits)):
        if (values < 0).any():
            row, column = np.argwhere(values < 0)[0]
            raise InvalidPlanInput(
                f"{name}: expected at least 0 for the Nash rule, got {values[row, column]} at "
                f"({row}, {column})"
            )
    product = likes * fits
    worth = np.full(product.shape, np.nan)
    np.log(product, out=worth, where=product > LEAST_PRODUCT)
    if np.isnan(worth).all():
        return np.full(len(likes), UNPLACED)
    spread = float(np.nanmax(worth) - np.nanmin(worth))
    first = (min(len(likes), room.sum()) + 1.0) * spread + 1.0
    return np.asarray(assign(worth - np.nanmin(worth) + first, room, gap=0.0).assignment)

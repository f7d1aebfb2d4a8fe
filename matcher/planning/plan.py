"""A caseload plan: who is offered what, how good it is, and the proof."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Label = Any
"""A label of a group is anything that can be compared and hashed."""

UNPLACED = -1
"""What stands in an assignment for a client without an offer."""


class Status(StrEnum):
    """How far a plan is proven."""

    OPTIMAL = "optimal"
    """No plan is better by more than the gap asked for."""

    FEASIBLE = "feasible"
    """Keeps every rule; time ran out before it was proven within the gap asked for."""

    INFEASIBLE = "infeasible"
    """Proven: no assignment keeps the rules."""

    UNKNOWN = "unknown"
    """Time ran out before any assignment was found that keeps the rules."""


class Reason(StrEnum):
    """Why a client is unplaced."""

    NO_OFFER = "no_offer"
    """No opportunity is admissible."""

    NO_GAIN = "no_gain"
    """Every admissible opportunity is worth less than staying unplaced."""

    OUTBID = "outbid"
    """The seats she could take are worth more to others."""

    NO_MONEY = "no_money"
    """There are seats; what they cost helps more elsewhere."""

    NO_TIME = "no_time"
    """Her officer's time does more for others."""

    TOGETHER = "together"
    """Her family finds no place where all of it gains by a seat."""

    NO_PLAN = "no_plan"
    """No assignment at all was found."""


@dataclass(frozen=True)
class Unplaced:
    """Why one client is unplaced, and what one more seat would change.

    Parameters
    ----------
    client
        Her row.
    reason
        Why.
    opportunity
        Where one more seat would most nearly be hers; -1 where no seat helps.
    her_value
        What she would gain by it.
    total_gain_at_most
        What one more seat there adds to the whole plan at most: its price. Others may gain more
        by that seat than she does.
    """

    client: int
    reason: Reason
    opportunity: int = UNPLACED
    her_value: float = 0.0
    total_gain_at_most: float = 0.0


@dataclass(frozen=True)
class Group:
    """What a group gets.

    Parameters
    ----------
    label
        The group.
    size, placed
        Clients in it, and those placed.
    mean_value
        Mean value over all of them; unplaced counts as nothing.
    floor
        The mean asked for; None where there is no floor.
    floor_price
        What the total would gain if the floor were lower by one, for each of its clients.
    """

    label: Label
    size: int
    placed: int
    mean_value: float
    floor: float | None = None
    floor_price: float = 0.0

    @property
    def reached(self) -> bool:
        """Whether its floor is met."""
        return self.floor is None or self.mean_value >= self.floor - 1e-9 * max(1, abs(self.floor))


@dataclass(frozen=True, eq=False)
class Certificate:
    """Prices from which anybody can recompute a bound that no plan exceeds.

    Parameters
    ----------
    seat_price
        (pools, d) price of a unit of every resource of every opportunity; after the m
        opportunities come the reserved seats, label by label.
    fund_price
        (funds,) price of money.
    floor_price
        (groups,) price of a group's floor, groups in the order of their labels.
    bound
        The bound that follows, in the sense of the problem.
    load_price
        (officers, weeks) price of an officer's time; empty where it is not limited.
    """

    seat_price: NDArray[np.float64]
    fund_price: NDArray[np.float64]
    floor_price: NDArray[np.float64]
    bound: float
    load_price: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))


@dataclass(frozen=True, eq=False)
class Plan:
    """A caseload plan.

    Parameters
    ----------
    assignment
        (n,) opportunity of every client, -1 where unplaced.
    objective
        Total score of the pairs; nan where there is no assignment.
    bound
        What no plan exceeds (or, minimising, falls below), as far as proven.
    gap
        ``|bound - objective|`` over the larger of the two.
    status
        How far it is proven.
    seconds
        Time taken.
    shadow_price
        (m,) or (m, d) what one more seat (unit of a resource) adds at most, in the limit.
    fund_price
        (funds,) the same for a unit of money.
    certificate
        The proof of the bound by prices. ``bound`` can be tighter than ``certificate.bound``: the
        difference was proven by search, and is the solver's claim.
    groups
        What each group gets.
    price_of_fairness
        Share of the total that the floors cost; None where there are none.
    unplaced
        Why, for each unplaced client.
    on_reserved
        (n,) bool: holds a seat reserved for her group.
    level_bound
        With max-min floors, the mean that no plan lifts all those groups above; what was found is
        their floor. Where the two differ the search for a higher one ran out of time. None
        otherwise.
    load_price
        (officers, weeks) what time for one more placement adds at most; empty where it is not
        limited.
    """

    assignment: NDArray[np.int64]
    objective: float
    bound: float
    gap: float
    status: Status
    seconds: float
    shadow_price: NDArray[np.float64]
    fund_price: NDArray[np.float64]
    certificate: Certificate
    groups: tuple[Group, ...]
    price_of_fairness: float | None
    unplaced: tuple[Unplaced, ...]
    on_reserved: NDArray[np.bool_]
    level_bound: float | None = None
    load_price: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def placed(self) -> int:
        """Number of clients placed."""
        return int((self.assignment != UNPLACED).sum())

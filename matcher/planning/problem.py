"""The planning problem as checked arrays, in one form: maximise, over pools of seats."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.planning import columns
from matcher.planning.columns import Floats, Ints
from matcher.planning.errors import InvalidPlanInput
from matcher.planning.load import Load, check_load_pins, checked_load
from matcher.planning.pins import check_pins

SENSES = {"max": 1.0, "min": -1.0}
KINDS_OF_FLOOR = ("maxmin", "proportional", "random")


@dataclass(frozen=True, eq=False)
class Problem:
    """A planning problem.

    A pool is the seats of an opportunity that are open to all, or those kept for one group. The
    first m pools are the opportunities' own; seats kept for groups follow, group by group.

    Parameters
    ----------
    value
        (n, pools) what a pair adds, to be maximised; nan forbids.
    capacity
        (pools, d) seats and other resources.
    size
        (n, pools, d) what a pair takes of them; broadcast where it does not vary.
    unit_sizes
        Whether everybody takes one of the only resource.
    cost
        (n, pools) money a pair takes; broadcast zeros where there is no budget.
    fund
        (pools,) fund that pays.
    budget
        (funds + limits,) money there is, and after it, ravelled, what officers can take on.
    load
        Whose time pairs take; None where it is not limited.
    families
        Clients who stay together, two or more each.
    place
        (pools,) codes of places.
    group, labels
        (n,) codes of groups, and their labels.
    must
        (n,) who has to be placed.
    opportunity
        (pools,) the opportunity of a pool.
    sign
        1.0 where scores are maximised, -1.0 where they are minimised.
    """

    value: Floats
    capacity: Floats
    size: Floats
    unit_sizes: bool
    cost: Floats
    fund: Ints
    budget: Floats
    load: Load | None
    families: list[tuple[int, ...]]
    place: Ints
    group: Ints
    labels: list[Any]
    must: NDArray[np.bool_]
    opportunity: Ints
    opportunities: int
    sign: float

    @property
    def clients(self) -> int:
        """Number of clients."""
        return len(self.value)

    @property
    def pools(self) -> int:
        """Number of pools."""
        return len(self.opportunity)

    @property
    def funds(self) -> int:
        """Number of funds; the limits on officers' time stand behind them in ``budget``."""
        return len(self.budget) - (0 if self.load is None else self.load.limit.size)

    @property
    def only_seats(self) -> bool:
        """Whether nothing but whole seats binds: the fast exact method applies."""
        return self.unit_sizes and not self.families and not len(self.budget)


def problem(
    score: ArrayLike,
    capacity: ArrayLike,
    *,
    sizes: ArrayLike | None = None,
    cost: ArrayLike | None = None,
    fund: ArrayLike | None = None,
    budget: ArrayLike | None = None,
    together: Iterable[Iterable[int]] | None = None,
    place: Sequence[Any] | NDArray[Any] | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
    pins: Iterable[tuple[int, int]] = (),
    bans: Iterable[tuple[int, int]] = (),
    must_place: bool = False,
    sense: str = "max",
    reserved: Mapping[Any, ArrayLike] | None = None,
    officer: ArrayLike | None = None,
    week: ArrayLike | None = None,
    load: ArrayLike | None = None,
) -> Problem:
    """Return the problem that the arguments of :func:`matcher.planning.assign` describe.

    Raises
    ------
    InvalidPlanInput
        Where an argument breaks a rule; the message names it.
    PinConflict
        Where pins contradict each other, or anything else.
    """
    if sense not in SENSES:
        raise InvalidPlanInput(f"sense: expected one of {tuple(SENSES)}, got {sense!r}")
    value = columns.scores(score)
    n, m = value.shape
    seats = columns.numbers("capacity", capacity)
    d = seats.shape[1] if seats.ndim == 2 else 1
    seats = columns.amounts("capacity", capacity, [(m,), (m, d)]).reshape(m, d)
    size = _sizes(sizes, n, m, d)
    unit = sizes is None and d == 1
    money, fund_of, budgets = _money(cost, fund, budget, value)
    time = checked_load(officer, week, load, n, m)
    family = columns.families(together, n)
    places = np.arange(m) if place is None else columns.codes("place", place, m)[0]
    group, labels = np.zeros(n, dtype=np.int64), ["all"][:n]
    if groups is not None:
        group, labels = columns.codes("groups", groups, n)
    kept = columns.reserved_seats(reserved, labels if groups is not None else [], seats)
    pinned = columns.pairs("pins", pins, n, m)
    banned = columns.pairs("bans", bans, n, m)
    check_pins(value, seats, size, money, fund_of, budgets, family, places, pinned, banned)
    if time is not None:
        check_load_pins(time, pinned)
        budgets = np.concatenate([budgets, time.limit.ravel()])
    value = _admissible(value, pinned, banned, SENSES[sense])
    opportunity = np.arange(m)
    if kept:
        value, seats, opportunity = _pools(value, seats, group, labels, kept)
    size = _over(size, opportunity)
    if unit:
        seats = np.floor(seats + 1e-9)
        none_left = seats[:, 0] < 1
        value = np.where(none_left, np.nan, value) if none_left.any() else value
    else:
        value = np.where((size > seats + 1e-9).any(axis=2), np.nan, value)
    must = np.full(n, must_place)
    must[[i for i, _ in pinned]] = True
    for members in family:
        must[list(members)] = must[list(members)].any()
    return Problem(
        value=value, capacity=seats, size=size, unit_sizes=unit,
        cost=_over(money[:, :, None], opportunity)[:, :, 0], fund=fund_of[opportunity],
        budget=budgets, load=None if time is None else time.over(opportunity), families=family,
        place=places[opportunity], group=group, labels=labels,
        must=must, opportunity=opportunity, opportunities=m, sign=SENSES[sense],
    )  # fmt: skip


def _sizes(given: ArrayLike | None, n: int, m: int, d: int) -> Floats:
    """Return what pairs take (n, m, d)."""
    if given is None:
        return np.broadcast_to(np.ones(()), (n, m, d))
    shapes = {(n,): (n, 1, 1), (n, d): (n, 1, d), (n, m, d): (n, m, d)}
    if d == 1:
        shapes[n, m] = (n, m, 1)
    found = columns.amounts("sizes", given, list(shapes))
    return np.broadcast_to(found.reshape(shapes[found.shape]), (n, m, d))


def _money(
    cost: ArrayLike | None, fund: ArrayLike | None, budget: ArrayLike | None,
    value: Floats,
) -> tuple[Floats, Ints, Floats]:  # fmt: skip
    """Return cost (n, m), fund (m,) and budget (funds,); no funds where there is no budget."""
    n, m = value.shape
    if budget is None:
        if fund is not None or cost is not None:
            raise InvalidPlanInput("budget: expected with cost and fund, got none")
        return np.broadcast_to(np.zeros(()), (n, m)), np.zeros(m, dtype=np.int64), np.zeros(0)
    if cost is None:
        raise InvalidPlanInput("cost: expected with a budget, got none")
    budgets = columns.numbers("budget", budget).reshape(-1)
    budgets = columns.amounts("budget", budgets, [(len(budgets),)])
    money = columns.numbers("cost", cost)
    if money.shape == (n, m):
        money = np.where(np.isnan(value) & np.isnan(money), 0.0, money)
    money = columns.amounts("cost", money, [(n, m)])
    if fund is None:
        if len(budgets) != 1:
            raise InvalidPlanInput(f"fund: expected with {len(budgets)} budgets, got none")
        return money, np.zeros(m, dtype=np.int64), budgets
    return money, columns.indices("fund", fund, m, len(budgets)), budgets


def _admissible(
    value: Floats, pins: list[tuple[int, int]], bans: list[tuple[int, int]], sign: float
) -> Floats:
    """Return values with what is banned, and all but a pinned pair, forbidden."""
    if sign > 0 and not pins and not bans:
        return np.ascontiguousarray(value)
    value = sign * value
    for i, j in bans:
        value[i, j] = np.nan
    for i, j in pins:
        kept = value[i, j]
        value[i] = np.nan
        value[i, j] = kept
    return value


def _pools(
    value: Floats, capacity: Floats, group: Ints, labels: list[Any], kept: Mapping[Any, Floats]
) -> tuple[Floats, Floats, Ints]:
    """Return values, capacity and opportunity with a pool for every kept seat's group."""
    opportunity = [np.arange(value.shape[1])]
    values, seats = [value], [capacity - np.sum(list(kept.values()), axis=0)]
    for label, of_label in kept.items():
        here = np.flatnonzero(of_label.any(axis=1))
        opportunity.append(here)
        seats.append(of_label[here])
        hers = (group == labels.index(label))[:, None]
        values.append(np.where(hers, value[:, here], np.nan))
    return (
        np.ascontiguousarray(np.hstack(values)), np.maximum(np.vstack(seats), 0.0),
        np.concatenate(opportunity),
    )  # fmt: skip


def _over(array: Floats, opportunity: Ints) -> Floats:
    """Return (n, m, ·) spread over pools, still broadcast where it does not vary."""
    n, m, d = array.shape
    if len(opportunity) == m:
        return array
    if array.strides[1] == 0 or m == 0:
        return np.broadcast_to(array[:, :1], (n, len(opportunity), d))
    return array[:, opportunity]

"""A plan checked again from the inputs alone; nothing here is shared with the solvers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike, NDArray

from matcher.planning.audit_bound import proven_bound
from matcher.planning.audit_case import AuditCase
from matcher.planning.audit_rules import check_figures
from matcher.planning.errors import PlanAuditError
from matcher.planning.plan import Plan


@dataclass(frozen=True)
class Audit:
    """What an audit recomputed.

    Parameters
    ----------
    objective
        Total score of the pairs.
    bound
        What the plan's prices prove, over all pairs.
    gap
        Between the two.
    search_share
        How far the plan's own bound is tighter than what its prices prove, over the objective: the
        part that rests on the solver's search, and can't be recomputed.
    """

    objective: float
    bound: float
    gap: float
    search_share: float


def audit_plan(
    plan: Plan,
    score: ArrayLike,
    capacity: ArrayLike,
    sizes: ArrayLike | None = None,
    cost: ArrayLike | None = None,
    fund: ArrayLike | None = None,
    budget: ArrayLike | None = None,
    together: Iterable[Iterable[int]] | None = None,
    place: Sequence[Any] | NDArray[Any] | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
    floor: str | Mapping[Any, float] | None = None,
    pins: Iterable[tuple[int, int]] = (),
    bans: Iterable[tuple[int, int]] = (),
    must_place: bool = False,
    sense: str = "max",
    time_limit: float = 30.0,
    gap: float = 1e-4,
    seed: int = 0,
    *,
    reserved: Mapping[Any, ArrayLike] | None = None,
    officer: ArrayLike | None = None,
    week: ArrayLike | None = None,
    load: ArrayLike | None = None,
) -> Audit:
    """Return what the inputs say of a plan, after checking every rule.

    Parameters are those of :func:`matcher.planning.assign`; ``time_limit``, ``gap`` and ``seed``
    play no part.

    Raises
    ------
    PlanAuditError
        Listing every rule that the plan breaks.
    """
    del time_limit, seed
    case = AuditCase(
        plan, score, capacity, sizes, cost, fund, budget, together, place, groups, floor, pins,
        bans, must_place, sense, reserved, (officer, week, load),
    )  # fmt: skip
    check_figures(case, gap)
    if case.violations:
        raise PlanAuditError(case.violations)
    return _figures(case)


def _figures(case: AuditCase) -> Audit:
    bound, objective = proven_bound(case), case.objective()
    told = case.sign * case.plan.bound
    share = (bound - told) / max(abs(objective), 1e-12)
    return Audit(case.sign * objective, case.sign * bound, case.gap(objective, bound), share)

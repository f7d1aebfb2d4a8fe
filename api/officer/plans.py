"""Use cases about caseload plans: work out, store, look up, override."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from api.context import Context
from api.failures import Failure, NotFound, NotOffered, Refused
from api.officer import plan_queries as queries
from api.officer.plan_asked import OverrideNew, PlanNew
from api.officer.plan_inputs import Inputs, read
from api.officer.plan_rows import line_row, plan_row
from api.phrases import say
from api.visit import Visit
from matcher import Engine, UnknownId
from matcher import NotOffered as ForbiddenPair
from matcher.planning import PinConflict, Plan, Status
from matcher.planning.caseload_figures import Figures, figures
from matcher.planning.caseload_plan import pose
from matcher.planning.caseload_problem import CaseloadProblem
from matcher.planning.caseload_report import PlanLine, plan_lines
from matcher.planning.caseload_solve import BATCH, solve_as_asked
from matcher.planning.chances import chances
from matcher.planning.terms import PinRefused, ReserveRefused, Terms
from models.audit import Audit
from models.base import now
from models.plan import CaseloadPlan

Stage = Callable[[str, int], Callable[[int], None]]
"""Takes a step's phrase and size, and returns what counts its parts as they are done."""


def unwatched(phrase: str, size: int) -> Callable[[int], None]:
    """Count nothing."""
    del phrase, size
    return lambda parts: None


@dataclass(frozen=True, eq=False)
class Draft:
    """A plan that is worked out and not yet stored.

    Parameters
    ----------
    asked
        Whom it is for, on which terms.
    parent_id
        The plan it overrides.
    inputs
        What it was made from.
    problem, plan
        What was asked of the solver, and its answer.
    lines, figures
        The same as it is told.
    """

    asked: PlanNew
    parent_id: str | None
    inputs: Inputs
    problem: CaseloadProblem
    plan: Plan
    lines: tuple[PlanLine, ...]
    figures: Figures


def draft(
    visit: Visit,
    asked: PlanNew,
    parent_id: str | None = None,
    stage: Stage = unwatched,
    own: str | None = None,
) -> Draft:
    """Work a plan out, with the store released while it takes.

    Parameters
    ----------
    visit
        Who asks.
    asked
        Whom it is for, on which terms.
    parent_id
        The plan it overrides.
    stage
        Is told each step.
    own
        A plan whose seats count as free.

    Raises
    ------
    NotFound
        Where nobody is of the cohort or the officer, or a pin or a ban names nothing.
    NotOffered
        Where a gate forbids a pinned pair.
    Refused
        Where no plan keeps the terms; says which.
    """
    stage("work.reading_caseload", 0)
    with visit.reading() as context:
        inputs = read(context, asked, own)
    try:
        return _drafted(visit, inputs, asked, parent_id, stage)
    except Failure:
        with visit.writing() as context:
            note(context, "plan.refused", list(inputs.versions))
        raise


def store(context: Context, made: Draft) -> CaseloadPlan:
    """Keep a plan, and note whose cases were read for it."""
    plan = _row(context, made)
    versions = made.inputs.versions
    context.session.add(plan)
    context.session.flush()
    context.session.add_all(
        line_row(plan.plan_id, line, versions[line.client_id]) for line in made.lines
    )
    context.session.flush()
    note(context, "plan.make", list(versions))
    return plan


def _row(context: Context, made: Draft) -> CaseloadPlan:
    """Return the row of a plan under the next number."""
    return plan_row(
        f"P-{queries.plans_made(context.session) + 1:06d}",
        made.figures,
        parent_id=made.parent_id,
        who=context.actor,
        inputs_hash=made.problem.digest(),
        market_revision=made.inputs.view.revision,
        market_day=made.inputs.view.day,
        model_version=context.services.engine.version,
        asked=made.asked.model_dump(mode="json"),
        already_placed=made.inputs.already_placed,
        unaccompanied=made.inputs.unaccompanied,
    )


def overridden(context: Context, plan_id: str, change: OverrideNew) -> PlanNew:
    """Return the terms of a plan with other pins and bans.

    Raises
    ------
    NotFound
        Where there is no such plan.
    Refused
        Where the plan holds seats, which must be given back first.
    """
    old = queries.plan(context.session, plan_id)
    if old.status == "applied":
        raise Refused(say("plan.refused.holds_seats", context.language, plan=plan_id))
    asked = PlanNew.model_validate(old.asked)
    lifted = {pair.key for pair in change.lifted}
    shut = {pair.key for pair in change.bans} | lifted
    opened = {pair.key for pair in change.pins} | lifted
    moved = {pair.client_id for pair in change.pins}
    kept = [p for p in asked.pins if p.client_id not in moved and p.key not in shut]
    bans = [pair for pair in asked.bans if pair.key not in opened]
    changed = {"pins": kept + change.pins, "bans": bans + change.bans}
    return PlanNew.model_validate(asked.model_dump() | changed, from_attributes=True)


def one(context: Context, plan_id: str) -> CaseloadPlan:
    """Return a plan as it was made; every case in it is noted as read.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    found = queries.plan(context.session, plan_id)
    note(context, "plan.read", [line.client_id for line in queries.lines(context.session, plan_id)])
    return found


def page(context: Context, after: str, limit: int) -> tuple[Sequence[CaseloadPlan], str | None]:
    """Return plans, the newest first, and the id behind which there are more."""
    found = queries.page(context.session, after or None, limit + 1)
    return found[:limit], found[limit - 1].plan_id if len(found) > limit else None


def note(context: Context, action: str, client_ids: Sequence[str]) -> None:
    """Write to the audit trail that these cases were read or written."""
    same = {"at": now(), "who": context.actor, "action": action}
    rows = [{**same, "client_id": one, "request_id": context.request_id} for one in client_ids]
    if rows:
        context.session.execute(insert(Audit), rows)


def _drafted(
    visit: Visit, inputs: Inputs, asked: PlanNew, parent_id: str | None, stage: Stage
) -> Draft:
    engine = visit.services.engine
    if asked.to_come is not None and len(inputs.caseload) > BATCH:
        raise Refused(say("plan.refused.batch", visit.language, most=BATCH))
    problem = _posed(visit, engine, inputs, asked.terms(), stage)
    stage("work.planning", 0)
    try:
        plan = solve_as_asked(engine, problem)
    except PinConflict as conflict:
        raise Refused(say("plan.refused.conflict", visit.language, reason=conflict)) from None
    if plan.status not in (Status.OPTIMAL, Status.FEASIBLE):
        raise Refused(say(f"plan.refused.{plan.status.value}", visit.language))
    lines = plan_lines(engine, problem, plan)
    return Draft(asked, parent_id, inputs, problem, plan, lines, figures(problem, plan))


def _posed(
    visit: Visit, engine: Engine, inputs: Inputs, terms: Terms, stage: Stage
) -> CaseloadProblem:
    market, history = inputs.view.market, None
    worth = chances(
        engine, inputs.caseload, market, stage("work.valuing", len(inputs.caseload))
    )  # fmt: skip
    if inputs.earlier is not None:
        told = stage("work.valuing_earlier", len(inputs.earlier))
        history = chances(engine, inputs.earlier, market, told).value
    try:
        return pose(
            engine, inputs.caseload, market, worth, terms, inputs.taken, inputs.team, history
        )
    except UnknownId as unknown:
        raise NotFound(unknown.what, unknown.wanted) from None
    except ForbiddenPair as forbidden:
        raise NotOffered([reason.as_dict() for reason in forbidden.reasons]) from None
    except ReserveRefused as refused:
        words = {"offer": refused.opportunity_id, "free": refused.free}
        raise Refused(say("plan.refused.reserved", visit.language, **words)) from None
    except PinRefused as refused:
        words = {
            "client": refused.client_id,
            "offer": refused.opportunity_id,
            "other": refused.other,
        }
        raise Refused(say(f"plan.refused.{refused.code}", visit.language, **words)) from None

"""Use cases about caseload plans: work out, store, look up, override."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from api.context import Context
from api.failures import Failure, NotFound, NotOffered, Refused
from api.market_cache import MarketView
from api.officer import plan_queries as queries
from api.officer.plan_rows import line_row, plan_row
from api.officer.plan_schemas import OverrideNew, PairOf, PlanNew
from api.officer.records import client_record
from api.phrases import say
from api.visit import Visit
from matcher import Caseload, Engine, UnknownId
from matcher import NotOffered as ForbiddenPair
from matcher.planning import PinConflict, Plan, Status
from matcher.planning.caseload_plan import CaseloadProblem, chances, pose
from matcher.planning.caseload_report import Figures, PlanLine, figures, plan_lines
from matcher.planning.choices import solve
from matcher.planning.terms import PinRefused, Terms
from models.audit import Audit
from models.base import now
from models.client import Client
from models.plan import CaseloadPlan

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a plan is made from, read in one transaction.

    Parameters
    ----------
    caseload
        Clients to plan for.
    versions
        Version of each client's row, by id.
    already_placed
        Clients asked for who hold a seat and are left out.
    view
        The market.
    taken
        Seats held, by offer.
    """

    caseload: Caseload
    versions: Mapping[str, int]
    already_placed: int
    view: MarketView
    taken: Mapping[str, int]


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
    visit: Visit, asked: PlanNew, parent_id: str | None = None, progress: Progress | None = None
) -> Draft:
    """Work a plan out, with the store released while it takes.

    Raises
    ------
    NotFound
        Where nobody is of the cohort or the officer, or a pin or a ban names nothing.
    NotOffered
        Where a gate forbids a pinned pair.
    Refused
        Where no plan keeps the terms; says which.
    """
    with visit.reading() as context:
        inputs = _read(context, asked)
    try:
        return _drafted(visit, inputs, asked, parent_id, progress)
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
    shut = {_key(pair) for pair in change.bans}
    lifted = {_key(pair) for pair in change.pins}
    moved = {pair.client_id for pair in change.pins}
    kept = [p for p in asked.pins if p.client_id not in moved and _key(p) not in shut]
    bans = [pair for pair in asked.bans if _key(pair) not in lifted]
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


def note(context: Context, action: str, client_ids: Sequence[str]) -> None:
    """Write to the audit trail that these cases were read or written."""
    same = {"at": now(), "who": context.actor, "action": action}
    rows = [{**same, "client_id": one, "request_id": context.request_id} for one in client_ids]
    if rows:
        context.session.execute(insert(Audit), rows)


def terms_of(asked: PlanNew) -> Terms:
    """Return what was asked as the engine reads it."""
    return Terms(
        fund_usd=asked.fund_usd,
        floor=asked.floor,
        group=asked.group,
        pins=tuple(map(_key, asked.pins)),
        bans=tuple(map(_key, asked.bans)),
        together=tuple(map(tuple, asked.together)),
        time_limit=asked.time_limit,
        seed=asked.seed,
    )


def _key(pair: PairOf) -> tuple[str, str]:
    return pair.client_id, pair.opportunity_id


def _read(context: Context, asked: PlanNew) -> Inputs:
    found = queries.clients_to_plan(context.session, asked.cohort, asked.officer)
    if not found:
        raise _nobody(context, asked)
    held = queries.placed_clients(context.session)
    free = [(client, home) for client, home in found if client.client_id not in held]
    _require_in_scope(context, asked, {client.client_id for client, _ in free}, held)
    records = [client_record(client, home, context.today) for client, home in free]
    return Inputs(
        caseload=Caseload.from_records(records),
        versions={client.client_id: client.version for client, _ in free},
        already_placed=len(found) - len(free),
        view=context.services.markets.current(context.session, context.today),
        taken=queries.seats_held(context.session),
    )


def _nobody(context: Context, asked: PlanNew) -> Exception:
    if asked.cohort is not None:
        return NotFound("cohort", asked.cohort)
    if asked.officer is not None:
        return NotFound("officer", asked.officer)
    return Refused(say("plan.refused.nobody", context.language))


def _require_in_scope(context: Context, asked: PlanNew, ids: set[str], placed: set[str]) -> None:
    """Raise where the terms name a client who is not planned for."""
    named = [pair.client_id for pair in (*asked.pins, *asked.bans)]
    named += [client_id for family in asked.together for client_id in family]
    for client_id in named:
        if client_id in ids:
            continue
        if context.session.get(Client, client_id) is None:
            raise NotFound("client", client_id)
        why = "placed" if client_id in placed else "outside"
        raise Refused(say(f"plan.refused.{why}", context.language, client=client_id))


def _drafted(
    visit: Visit, inputs: Inputs, asked: PlanNew, parent_id: str | None, progress: Progress | None
) -> Draft:
    engine = visit.services.engine
    problem = _posed(visit, engine, inputs, terms_of(asked), progress)
    try:
        plan = solve(problem)
    except PinConflict as conflict:
        raise Refused(say("plan.refused.conflict", visit.language, reason=conflict)) from None
    if plan.status not in (Status.OPTIMAL, Status.FEASIBLE):
        raise Refused(say(f"plan.refused.{plan.status.value}", visit.language))
    lines = plan_lines(engine, problem, plan)
    return Draft(asked, parent_id, inputs, problem, plan, lines, figures(problem, plan))


def _posed(
    visit: Visit, engine: Engine, inputs: Inputs, terms: Terms, progress: Progress | None
) -> CaseloadProblem:
    market = inputs.view.market
    worth = chances(engine, inputs.caseload, market, progress)
    try:
        return pose(engine, inputs.caseload, market, worth, terms, inputs.taken)
    except UnknownId as unknown:
        raise NotFound("opportunity", unknown.wanted) from None
    except ForbiddenPair as forbidden:
        raise NotOffered([reason.as_dict() for reason in forbidden.reasons]) from None
    except PinRefused as refused:
        words = {
            "client": refused.client_id,
            "offer": refused.opportunity_id,
            "other": refused.other,
        }
        raise Refused(say(f"plan.refused.{refused.code}", visit.language, **words)) from None

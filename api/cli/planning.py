"""`placement plan` and what follows it: a caseload together, as stored plans."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import uuid4

import typer

from api.cli import plan_terms as terms
from api.cli.desk import Desk, open_desk, who
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.cli.plan_list import print_plans
from api.cli.plan_view import print_plan, print_why
from api.cli.watching import stages
from api.context import Context
from api.failures import PlanConflict
from api.officer import plan_applying, plan_why, plans
from api.officer.plan_answers import plan_body, summary
from api.officer.plan_asked import OverrideNew
from api.readiness import require_ready
from api.visit import Visit
from models.plan import CaseloadPlan

PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="Id of a plan.")]
Why = Annotated[
    str | None, typer.Option("--why", metavar="CLIENT", help="Say why, for one of the clients.")
]
Used = Callable[[Context, str], CaseloadPlan]


def plan(
    cohort: Annotated[str | None, typer.Option(help="Clients of one cohort.")] = None,
    officer: Annotated[str | None, typer.Option(help="Clients of one officer.")] = None,
    fund: terms.Fund = None,
    floor: terms.Floor = None,
    group: terms.Group = terms.SEX,
    pin: terms.Pins = None,
    ban: terms.Bans = None,
    together: terms.Together = None,
    households: terms.Households = False,
    reserve: terms.Reserve = None,
    must_place: terms.MustPlace = False,
    load: terms.Load = None,
    aim: terms.Aim = terms.GREATEST_TOTAL,
    to_come: terms.ToCome = None,
    why: Why = None,
    seconds: terms.Seconds = 30.0,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Plan for many clients together, under seats, money and fairness; the plan is stored."""
    desk = open_desk(database, lang, as_of, as_json)
    given = {
        "fund": fund, "floor": floor, "pin": pin, "ban": ban, "together": together,
        "reserve": reserve, "load": load,
    }  # fmt: skip
    asked = terms.asked(
        desk,
        given,
        cohort=cohort,
        officer=officer,
        group=group.value,
        households=households,
        must_place=must_place,
        aim=aim.value,
        to_come=to_come,
        time_limit=seconds,
    )
    visit = _visit(desk)
    with stages(desk) as stage:
        made = plans.draft(visit, asked, stage=stage)
        found = plan_why.explained(made, why, stage) if why else None
    _store_and_print(desk, visit, made, found)


def override_plan(
    plan: PlanId,
    pin: terms.Pins = None,
    ban: terms.Bans = None,
    lift: terms.Lifted = None,
    why: Why = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Plan again on a plan's terms with other pins and bans; the new plan names the old one."""
    desk = open_desk(database, lang, as_of, as_json)
    change = OverrideNew(
        pins=terms.pairs(desk, pin), bans=terms.pairs(desk, ban), lifted=terms.pairs(desk, lift)
    )
    visit = _visit(desk)
    with visit.reading() as context:
        asked = plans.overridden(context, plan, change)
    with stages(desk) as stage:
        made = plans.draft(visit, asked, plan, stage)
        found = plan_why.explained(made, why, stage) if why else None
    _store_and_print(desk, visit, made, found)


def show_plan(
    plan: PlanId,
    why: Why = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show a plan as it was made; with --why, what else could be chosen for one client."""
    desk = open_desk(database, lang, as_of, as_json)
    visit = _visit(desk)
    if why:
        with stages(desk) as stage:
            told = plan_why.of_stored(visit, plan, why, stage)
        _print(desk, told, lambda: print_why(desk, told))
        return
    with visit.writing() as context:
        body = plan_body(context, plans.one(context, plan))
    _print(desk, body, lambda: print_plan(desk, body))


def list_plans(
    after: Annotated[str, typer.Option(help="Plans before this id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most rows.")] = 20,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """List plans, the newest first."""
    desk = open_desk(database, lang, as_of, as_json)
    with _visit(desk).reading() as context:
        rows, last = plans.page(context, after, limit)
        items = [summary(row) for row in rows]
    body = {"items": items, "next": last}
    _print(desk, body, lambda: print_plans(desk, items, last))


def apply_plan(
    plan: PlanId,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Take every seat of a plan, or none and say why."""
    desk = open_desk(database, lang, as_of, as_json)
    _use(desk, plan, plan_applying.apply, "plan.applied")


def release_plan(
    plan: PlanId,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Give back every seat a plan holds."""
    desk = open_desk(database, lang, as_of, as_json)
    _use(desk, plan, plan_applying.release, "plan.released")


def _use(desk: Desk, plan: str, use: Used, phrase: str) -> None:
    """Take or give back seats, and say so; a refusal that is an answer keeps its audit rows."""
    conflict = None
    with desk.writing() as context:
        try:
            body = plan_body(context, use(context, plan))
        except PlanConflict as found:  # nothing was taken; that the cases were read stays noted
            conflict = found
    if conflict is not None:
        raise conflict
    count = body["figures"]["placed"]
    _print(desk, body, lambda: desk.out.print(desk.say(phrase, plan=plan, count=count)))


def _store_and_print(
    desk: Desk, visit: Visit, made: plans.Draft, found: plan_why.Explained | None
) -> None:
    with visit.writing() as context:
        body = plan_body(context, plans.store(context, made))
        told = plan_why.told(context, body, found) if found else None
    if told:
        _print(desk, body | {"why": told}, lambda: print_why(desk, told))
    else:
        _print(desk, body, lambda: print_plan(desk, body))


def _print(desk: Desk, body: Any, as_words: Callable[[], None]) -> None:
    if desk.as_json:
        desk.print_json(body)
    else:
        as_words()


def _visit(desk: Desk) -> Visit:
    require_ready(desk.services.database)
    return Visit(desk.services, who(), uuid4().hex, desk.language)

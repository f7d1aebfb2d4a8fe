"""`placement plan`, `apply-plan` and `release-plan`: a caseload together, as stored plans."""

from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer

from api.cli.desk import Desk, open_desk, who
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.cli.plan_view import print_plan, print_why
from api.cli.watching import working
from api.failures import Refused
from api.officer import plan_applying, plan_why, plans
from api.officer.plan_answers import plan_body
from api.officer.plan_schemas import PairOf, PlanNew
from api.readiness import require_ready
from api.visit import Visit
from matcher.planning.groupings import GROUPINGS
from matcher.planning.terms import FLOORS

FloorName = StrEnum("FloorName", [(name, name) for name in FLOORS])  # type: ignore[misc]
GroupName = StrEnum("GroupName", [(name, name) for name in GROUPINGS])  # type: ignore[misc]
SEX = GroupName("sex")

PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="Id of a plan.")]
Fund = Annotated[float | None, typer.Option(min=0, help="Money for grants, USD.")]
Floor = Annotated[
    FloorName | None, typer.Option("--floor", help="How far no group may fall behind others.")
]
Group = Annotated[GroupName, typer.Option("--group", help="What groups are made of.")]
Pins = Annotated[
    list[str] | None, typer.Option("--pin", metavar="C=O", help="Client who must get this offer.")
]
Bans = Annotated[
    list[str] | None, typer.Option("--ban", metavar="C=O", help="Client who may not get it.")
]
Together = Annotated[
    list[str] | None,
    typer.Option("--together", metavar="C,C", help="Clients placed in one province, or none."),
]
Why = Annotated[
    str | None, typer.Option("--why", metavar="CLIENT", help="Say why, for one of the clients.")
]
Seconds = Annotated[float, typer.Option("--seconds", min=1, max=120, help="Longest to solve.")]


def plan(
    cohort: Annotated[str | None, typer.Option(help="Clients of one cohort.")] = None,
    officer: Annotated[str | None, typer.Option(help="Clients of one officer.")] = None,
    fund: Fund = None,
    floor: Floor = None,
    group: Group = SEX,
    pin: Pins = None,
    ban: Bans = None,
    together: Together = None,
    why: Why = None,
    seconds: Seconds = 30.0,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Plan for many clients together, under seats, money and fairness; the plan is stored."""
    desk = open_desk(database, lang, as_of, as_json)
    asked = PlanNew(
        cohort=cohort,
        officer=officer,
        fund_usd=fund,
        floor=floor and floor.value,
        group=group.value,
        pins=_pairs(desk, pin),
        bans=_pairs(desk, ban),
        together=[family.split(",") for family in together or ()],
        time_limit=seconds,
    )
    visit = _visit(desk)
    with working(desk, "work.planning"):
        made = plans.draft(visit, asked)
        explained = plan_why.explained(made, why) if why else None
    with visit.writing() as context:
        body = plan_body(context, plans.store(context, made))
        told = explained and plan_why.told(context, explained)
    if as_json:
        desk.print_json(body | {"why": told} if told else body)
    elif told:
        print_why(desk, body, told)
    else:
        print_plan(desk, body)


def apply_plan(
    plan: PlanId,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Take every seat of a plan, or none and say why."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        body = plan_body(context, plan_applying.apply(context, plan))
    if as_json:
        desk.print_json(body)
    else:
        desk.out.print(desk.say("plan.applied", plan=plan, count=body["figures"]["placed"]))


def release_plan(
    plan: PlanId,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Give back every seat a plan holds."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        body = plan_body(context, plan_applying.release(context, plan))
    if as_json:
        desk.print_json(body)
    else:
        desk.out.print(desk.say("plan.released", plan=plan))


def _visit(desk: Desk) -> Visit:
    require_ready(desk.services.database)
    return Visit(desk.services, who(), uuid4().hex, desk.language)


def _pairs(desk: Desk, given: list[str] | None) -> list[PairOf]:
    """Read pairs written ``CLIENT=OPPORTUNITY``."""
    pairs = []
    for text in given or ():
        client_id, _, opportunity_id = text.partition("=")
        if not (client_id and opportunity_id):
            raise Refused(desk.say("plan.refused.pair", given=text))
        pairs.append(PairOf(client_id=client_id, opportunity_id=opportunity_id))
    return pairs

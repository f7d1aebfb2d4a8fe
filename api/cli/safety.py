"""`placement screen` and `clear`: what the safety screen found, and clearing it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from api.cli.desk import Desk, open_desk
from api.cli.figures import day
from api.cli.lines import hanging
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.cli.watching import working
from api.employer import employers, opportunities
from api.employer.opportunities import Screened
from api.employer.schemas import ClearanceNew, EmployerChange
from api.etags import etag
from api.flag_words import flag_name
from api.phrases import word
from matcher import Screen
from matcher.safety import Action

OfferId = Annotated[str, typer.Argument(metavar="OPPORTUNITY", help="Id of an offer.")]


def screen(
    opportunity: Annotated[
        str | None, typer.Argument(metavar="[OPPORTUNITY]", help="One offer, in full.")
    ] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say how many offers are clear, for review and blocked, and why; or all of one offer."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context, working(desk, "work.screening"):
        found = None if opportunity is None else opportunities.one(context, opportunity)
        view = None if found else opportunities.whole_market(context)
        flags = [opportunities.flag_body(context, flag) for flag in found.flags] if found else []
    if found is not None:
        print_screened(desk, found, flags)
    elif view is not None:
        print_summary(desk, view.screen)


def print_screened(desk: Desk, found: Screened, flags: Sequence[Mapping[str, Any]]) -> None:
    """Print one offer's verdict and flags."""
    key = found.record["opportunity_id"]
    if desk.as_json:
        desk.print_json({"opportunity_id": key, "verdict": found.verdict, "flags": flags})
        return
    verdict = word("verdict", found.verdict, desk.language)
    desk.out.print(Text(f"{found.record['title']} ({key}): {verdict}", style="bold"))
    for flag in flags:
        cleared = f" [{desk.say('screen.cleared')}]" if flag["cleared"] else ""
        said = f"{flag['code']}: {flag['message']}{cleared}"
        action = desk.say(f"action.{flag['action']}")
        desk.out.print(Text(hanging(action, said, desk.out.width, 12)))


def print_summary(desk: Desk, screen: Screen) -> None:
    """Print offers by verdict, and by flag."""
    summary = screen.summary()
    if desk.as_json:
        desk.print_json(summary.as_dict())
        return
    print_verdicts(desk, summary.clear, summary.review, summary.block)
    actions = {check.code: check.action for check in screen.checks}
    print_flags(desk, [(code, actions[code], count) for code, count in screen.counts().items()])


def print_verdicts(desk: Desk, clear: int, review: int, block: int) -> None:
    """Print numbers of offers by verdict, on one line."""
    parts = [
        f"{word('verdict', name, desk.language)} {count:,}"
        for name, count in (("clear", clear), ("review", review), ("block", block))
    ]
    desk.out.print(Text(" · ".join(parts), style="bold"))


def print_flags(desk: Desk, flags: Iterable[tuple[str, Action, int]]) -> None:
    """Print how many offers raised each flag, blocks first; notes are left out."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(desk.say("column.offers"), justify="right")
    table.add_column(desk.say("column.asks"), no_wrap=True)
    table.add_column(desk.say("column.flag"))
    rows = sorted(flags, key=lambda row: -row[1].severity)
    for code, action, count in rows:
        if action is not Action.NOTE:
            name = flag_name(code, desk.language)
            table.add_row(f"{count:,}", desk.say(f"action.{action}"), name)
    desk.out.print(table)


def clear(
    opportunity: OfferId,
    flags: Annotated[list[str], typer.Argument(metavar="FLAG...", help="Codes of review flags.")],
    by: Annotated[str, typer.Option("--by", help="Who looked into it.")],
    note: Annotated[str, typer.Option("--note", help="What was found.")],
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Clear review flags of an offer after looking into them: all that are named, or none."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        for flag in dict.fromkeys(flags):
            new = ClearanceNew(flag=flag, cleared_by=by, note=note)
            _, found = opportunities.clear(context, opportunity, new)
        bodies = [opportunities.flag_body(context, one) for one in found.flags]
    print_screened(desk, found, bodies)


def vet(
    employer: Annotated[str, typer.Argument(metavar="EMPLOYER", help="Id of an employer.")],
    until: Annotated[
        dt.datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day it holds.")
    ],
    database: DatabasePath = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Record that somebody visited an employer and vouches for it until a day."""
    desk = open_desk(database, lang, None, as_json)
    with desk.writing() as context:
        version = etag(employers.one(context, employer).version)
        changes = EmployerChange.model_validate(
            {"employer_vetted": True, "vetted_until": until.date()}
        )
        found = employers.change(context, employer, changes, version)
        facts = {"employer_id": found.employer_id, "vetted_until": found.vetted_until}
    if as_json:
        desk.print_json(facts)
        return
    desk.out.print(desk.say("vet.done", employer=employer, day=day(until.date())))

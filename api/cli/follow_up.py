"""`placement follow-up`: refer with consent, record the answer and the visits, see what is due."""

import datetime as dt
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from api.cli.desk import Desk, open_desk
from api.cli.options import DatabasePath, Json, Lang
from api.cli.suggesting import ClientId, OfferId
from api.etags import etag
from api.officer import follow_up as cases
from api.officer import follow_up_answers as answers
from api.officer import follow_up_queries as rows
from api.officer.follow_up_schemas import ReferralChange, ReferralNew, VisitNew

app = typer.Typer(no_args_is_help=True, help="Refer with consent; record how it went.")

ReferralId = Annotated[str, typer.Argument(metavar="REFERRAL", help="Id of a referral.")]


def _day(flag: str, words: str) -> Any:
    return typer.Option(flag, formats=["%Y-%m-%d"], help=words)


@app.command()
def refer(
    client: ClientId,
    opportunity: OfferId,
    consented: Annotated[
        bool, typer.Option("--consented", help="The client agreed to it.")
    ] = False,
    then: Annotated[str | None, typer.Option(metavar="OPPORTUNITY", help="What follows.")] = None,
    slate: Annotated[str | None, typer.Option(metavar="SLATE", help="Chosen from it.")] = None,
    on: Annotated[dt.datetime | None, _day("--on", "The day; today unless told.")] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Take an offer forward for a client who agreed to it."""
    values = {"opportunity_id": opportunity, "then_id": then, "slate_id": slate}
    new = ReferralNew.model_validate(values | {"consented": consented, "sent_on": _date(on)})
    desk = open_desk(database, lang, None, as_json)
    with desk.writing() as context:
        body = answers.referral_body(cases.refer(context, client, new), [])
    _show(desk, body, "follow_up.referred", referral=body["referral_id"], client=client)


@app.command()
def answer(
    client: ClientId,
    referral: ReferralId,
    state: Annotated[str, typer.Argument(help="accepted, declined or revoked.")],
    started_on: Annotated[dt.datetime | None, _day("--started-on", "The first day.")] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Record how a referral was answered, and when it started."""
    change = ReferralChange.model_validate({"state": state, "started_on": _date(started_on)})
    desk = open_desk(database, lang, None, as_json)
    with desk.writing() as context:
        version = etag(rows.referral(context.session, client, referral).version)
        body = answers.referral_body(*cases.answer(context, client, referral, change, version))
    state_word = desk.say(f"referral.{state}")
    _show(desk, body, "follow_up.answered", referral=referral, state=state_word)


@app.command()
def visit(
    client: ClientId,
    referral: ReferralId,
    outcome: Annotated[str, typer.Option(help="retained, better, ended, harm or not_reached.")],
    on: Annotated[dt.datetime, _day("--on", "The day of the visit.")],
    ended_on: Annotated[dt.datetime | None, _day("--ended-on", "The day it ended.")] = None,
    income: Annotated[float | None, typer.Option(help="Own income last month, US$.")] = None,
    warning: Annotated[list[str] | None, typer.Option(help="What to watch; may repeat.")] = None,
    employer_reported: Annotated[
        bool, typer.Option("--employer-reported", help="Harm at this employer: pause its offers.")
    ] = False,
    database: DatabasePath = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Record a follow-up visit, or that nobody was reached."""
    values = {"outcome": outcome, "income_usd": income, "warnings": warning or []}
    days = {"visited_on": _date(on), "ended_on": _date(ended_on)}
    new = VisitNew.model_validate(values | days | {"employer_reported": employer_reported})
    desk = open_desk(database, lang, None, as_json)
    with desk.writing() as context:
        body = answers.visit_body(*cases.visit(context, client, referral, new))
    word = desk.say(f"outcome.{outcome}")
    _show(desk, body, "follow_up.visited", referral=referral, outcome=word, day=body["day"])


@app.command("list")
def list_referrals(
    client: ClientId, database: DatabasePath = None, lang: Lang = None, as_json: Json = False
) -> None:
    """List the referrals of a client with their visits."""
    desk = open_desk(database, lang, None, as_json)
    with desk.writing() as context:
        body = answers.referrals_body(cases.of_client(context, client))
    if as_json:
        desk.print_json(body)
        return
    table = _table(desk, "referral", "offer", "state", "started", "visits")
    for item in body["items"]:
        visits = [f"{v['day']}: {desk.say('outcome.' + v['outcome'])}" for v in item["visits"]]
        state = desk.say(f"referral.{item['state']}")
        cells = (item["referral_id"], item["opportunity_id"], state, item["started_on"] or "–")
        table.add_row(*cells, "\n".join(visits))
    desk.out.print(table)


@app.command()
def due(
    officer: Annotated[str | None, typer.Option(help="Visits of one officer.")] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List the visits that should be made, the longest overdue first."""
    desk = open_desk(database, lang, None, as_json)
    with desk.writing() as context:
        body = answers.due_body(cases.due(context, officer))
    if as_json:
        desk.print_json(body)
        return
    table = _table(desk, "client", "referral", "offer", "visit", "due")
    for item in body["items"]:
        ids = (item["client_id"], item["referral_id"], item["opportunity_id"])
        table.add_row(*ids, str(item["window_days"]), item["due_on"])
    desk.out.print(table if body["items"] else desk.say("follow_up.none_due"))


def _date(value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


def _table(desk: Desk, *columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(desk.say(f"column.{name}"))
    return table


def _show(desk: Desk, body: dict[str, Any], phrase: str, **facts: Any) -> None:
    if desk.as_json:
        desk.print_json(body)
    else:
        desk.out.print(desk.say(phrase, **facts))

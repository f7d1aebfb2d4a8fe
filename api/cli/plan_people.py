"""`placement accompany` and `livelihoods`: who accompanies whom, and what a household could do."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from api.cli.desk import Desk, open_desk
from api.cli.figures import amount, percent
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.failures import Refused
from api.officer import plan_livelihoods, plan_officers


def accompany(
    officer: Annotated[str, typer.Argument(metavar="OFFICER", help="Name of the officer.")],
    clients: Annotated[list[str] | None, typer.Argument(metavar="CLIENT", help="Ids.")] = None,
    cohort: Annotated[str | None, typer.Option(help="All clients of one cohort.")] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Let an officer accompany clients: plans by officer, and officers' weeks, go by it."""
    desk = open_desk(database, lang, as_of, as_json)
    if not clients and cohort is None:
        raise Refused(desk.say("plan.refused.typed", expected="CLIENT, --cohort", given="–"))
    if not 1 <= len(officer) <= 64:
        raise Refused(desk.say("plan.refused.typed", expected="OFFICER (1-64)", given=officer))
    with desk.writing() as context:
        changed = plan_officers.accompany(context, officer, clients or [], cohort)
    if as_json:
        desk.print_json({"officer": officer, "changed": changed})
    else:
        desk.out.print(desk.say("plan.accompanied", officer=officer, count=len(changed)))


def livelihoods(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="Id of a client.")],
    grant: Annotated[float, typer.Option(min=0, max=1e6, help="Grant beside own money, USD.")] = 0,
    days: Annotated[
        float | None,
        typer.Option(min=0, max=310, help="Days a month for the work."),
    ] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show which main and side livelihood a household could start: income against risk."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        body = plan_livelihoods.frontier(context, client, grant, days)
    if as_json:
        desk.print_json(body)
    else:
        _print(desk, body, grant)


def _print(desk: Desk, body: Mapping[str, Any], grant: float) -> None:
    if body["capital_unknown"]:
        desk.out.print(desk.say("livelihoods.capital_unknown"))
    if not body["items"]:
        desk.out.print(desk.say("livelihoods.none", client=body["client_id"], grant=amount(grant)))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=desk.out.width)
    for key in ("main", "side"):
        table.add_column(desk.say(f"column.{key}"), ratio=1)
    for key in ("days", "household_income", "risk", "start"):
        heading = desk.say(f"column.{key}").replace(" ", "\n")
        table.add_column(heading, justify="right", no_wrap=True)
    for item in _each_pair_once(body["items"]):
        both = [item["main_days"], *([item["side_days"]] if item["side"] else [])]
        table.add_row(
            item["main_name"],
            item["side_name"] or "–",
            " + ".join(f"{days:.0f}" for days in both),
            amount(item["income_usd"]),
            percent(item["risk"]),
            amount(item["start_usd"]),
        )
    desk.out.print(table)
    desk.out.print(desk.say("livelihoods.told"))


def _each_pair_once(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the best-paid mix of each main and side livelihood, in order."""
    first: dict[tuple[str, str | None], dict[str, Any]] = {}
    for item in items:
        first.setdefault((item["main"], item["side"]), item)
    return list(first.values())

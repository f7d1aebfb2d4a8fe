"""`placement demo`: a generated world to look at, loaded once and shown."""

import datetime as dt
from typing import Annotated, Any

import typer

from api.cli.desk import Desk, open_desk, who
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.cli.slate_view import print_client, print_helps, print_refusal, print_slate
from api.cli.watching import stages, working
from api.context import Context
from api.failures import Refused
from api.intake.demo import COHORT, DemoSize, load, loaded
from api.intake.showing import Shown, show
from api.officer import answers

app = typer.Typer(
    invoke_without_command=True,
    help="Load the generated demo world where it is not there, and show three slates.",
)

Clients = Annotated[int, typer.Option(min=1, max=1_000_000, help="Clients to draw.")]
Offers = Annotated[int, typer.Option(min=1, max=1_000_000, help="Offers to draw.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of every draw.")]
Many = Annotated[int, typer.Option("-k", min=1, max=20, help="Most suggestions a slate.")]
SIZE = DemoSize()


@app.callback()
def demo(
    ctx: typer.Context,
    clients: Clients = SIZE.clients,
    opportunities: Offers = SIZE.opportunities,
    seed: Seed = SIZE.seed,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Load the demo world unless it is there as of today, then show it."""
    if ctx.invoked_subcommand is not None:
        return
    desk = open_desk(database, lang, as_of, as_json)
    _load_unless_there(desk, DemoSize(clients, opportunities, seed))
    _show(desk, 3)


@app.command("load")
def load_world(
    clients: Clients = SIZE.clients,
    opportunities: Offers = SIZE.opportunities,
    seed: Seed = SIZE.seed,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Draw the world and put it in place of the database, in one step."""
    desk = open_desk(database, lang, as_of, as_json)
    _load(desk, DemoSize(clients, opportunities, seed))
    if as_json:
        counts: dict[str, Any] = {"clients": clients, "opportunities": opportunities, "seed": seed}
        path = {"path": str(desk.services.database.path)}
        desk.print_json(counts | {"day": desk.services.today()} | path)


@app.command("show")
def show_world(
    k: Many = 3,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show three clients of the cohort `malaysia-august`, and one offer that is not made."""
    _show(open_desk(database, lang, as_of, as_json), k)


@app.command("history")
def draw_history(
    placements: Annotated[int, typer.Option(min=1, max=100_000, help="Placements to draw.")] = 2000,
    lost: Annotated[float, typer.Option(min=0, max=0.9, help="Share lost to follow-up.")] = 0.3,
    seed: Seed = SIZE.seed,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Draw four years of placements and visits for the demo world, to learn from."""
    from api.intake.history import History, write_history

    desk = open_desk(database, lang, as_of, as_json)
    wanted = History(placements, lost, seed)
    with desk.writing() as context, stages(desk) as stage:
        started, visits = write_history(context, wanted, stage)
    if as_json:
        desk.print_json({"placements": started, "visits": visits})
    else:
        desk.out.print(desk.say("history.done", placements=f"{started:,}", visits=f"{visits:,}"))


def _load_unless_there(desk: Desk, size: DemoSize) -> None:
    """Load the world; where real rows stand beside an older one, show what is there."""
    there = loaded(desk.services.database)
    if there == (size, desk.services.today()):
        return
    try:
        _load(desk, size)
    except Refused:
        if there is None:
            raise
        desk.err.print(desk.say("demo.kept", day=there[1].isoformat()))


def _load(desk: Desk, size: DemoSize) -> None:
    services = desk.services
    with stages(desk) as stage:
        path = load(services, size, services.today(), who(), stage)
    desk.err.print(
        desk.say(
            "demo.loaded",
            clients=f"{size.clients:,}",
            opportunities=f"{size.opportunities:,}",
            path=path,
        )
    )


def _show(desk: Desk, k: int) -> None:
    with desk.writing() as context:
        with working(desk, "work.matching"):
            shown = show(context, COHORT, k)
        if desk.as_json:
            desk.print_json(_plain(shown))
        else:
            _print(desk, context, shown)


def _print(desk: Desk, context: Context, shown: Shown) -> None:
    for case in shown.cases:
        desk.out.rule()
        print_client(desk, context, case.client)
        print_slate(desk, answers.slate_body(case.slate))
        print_helps(desk, case.helps)
    desk.out.rule()
    first = shown.cases[0].client.client_id
    title = f"{shown.refused_title} ({shown.refused_id})"
    print_refusal(desk, first, title, shown.reasons)
    desk.out.rule()
    desk.out.print(desk.say("demo.next", client=first))


def _plain(shown: Shown) -> dict[str, Any]:
    first = shown.cases[0].client.client_id
    cases = [
        {
            "slate": answers.slate_body(case.slate),
            "help": answers.helps_body(case.client.client_id, case.helps)["items"],
        }
        for case in shown.cases
    ]
    refusal = answers.why_not_body(first, shown.refused_id, shown.reasons)
    return {"day": dt.date.isoformat(shown.cases[0].slate.head["market_day"]), "cases": cases} | {
        "why_not": refusal
    }

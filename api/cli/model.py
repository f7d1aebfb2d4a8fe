"""`placement model`: train, judge, promote and watch the model that answers."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from api.analyst import jobs
from api.analyst.refusing import refusing
from api.analyst.routes import run_body
from api.cli.desk import Desk, open_desk
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.cli.watching import Stage, stages, working
from api.failures import Refused
from models.training_run import TrainingRun

app = typer.Typer(no_args_is_help=True, help="Learn from outcomes; nothing answers unproven.")

Version = Annotated[str, typer.Argument(metavar="VERSION", help="Of a stored model.")]
ByWhom = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the training.")]
HeldOutFrom = Annotated[
    dt.datetime | None,
    typer.Option(
        "--held-out-from",
        formats=["%Y-%m-%d"],
        help="Nothing from this day on is learned from; the latest quarter without it.",
    ),
]


@app.command()
def train(
    by: ByWhom = None,
    seed: Seed = 0,
    held_out_from: HeldOutFrom = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Train a model on the outcomes so far, but for the latest, which judge it."""
    desk = open_desk(database, lang, as_of, as_json)
    day = held_out_from.date() if held_out_from else None
    with desk.writing(by) as context:
        run_id = jobs.queue(context, seed, day).run_id
    run = _work(desk, run_id)
    if run.state != "done":
        raise Refused(run.problem or desk.say("model.not_done", run=run_id))
    _show(desk, run_body(run), "model.trained", version=run.made_version)


@app.command("work")
def work(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A training run that is queued.")],
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Do a training run that is queued; the service starts this itself."""
    desk = open_desk(database, lang, as_of, as_json)
    done = _work(desk, run)
    state = desk.say(f"run.{done.state}")
    _show(desk, run_body(done), "model.run", run=run, state=state)


def _work(desk: Desk, run_id: str) -> TrainingRun:
    with stages(desk) as stage:
        return jobs.work(desk.services, run_id, lambda step, share: _step(stage, step))


def _step(stage: Stage, step: str) -> None:
    stage(f"run.{step}", 0)


@app.command("list")
def list_models(database: DatabasePath = None, lang: Lang = None, as_json: Json = False) -> None:
    """List every stored model, the newest first, with the gate's verdict."""
    from api.analyst import judging

    desk = open_desk(database, lang, None, as_json)
    found = judging.listing(desk.services)
    if as_json:
        desk.print_json(found)
        return
    table = _table(desk, "model", "made", "outcomes", "log_loss", "verdict", "answers")
    for one in found["items"]:
        loss = one["metrics"].get("log_loss")
        table.add_row(
            one["version"],
            one["created_at"][:10],
            "–" if one["outcomes"] is None else f"{one['outcomes']:,}",
            "–" if loss is None else f"{loss:.3f}",
            desk.say(f"verdict.{_verdict_word(one)}"),
            desk.say("model.yes") if one["active"] else "",
        )
    desk.out.print(table if found["items"] else desk.say("model.none"))
    if found["active"] is None:
        desk.out.print(desk.say("model.expert_answers"))


def _verdict_word(one: dict[str, Any]) -> str:
    if one["problem"]:
        return "unreadable"
    return {None: "none", True: "passed", False: "refused"}[one["passed"]]


@app.command()
def evaluate(
    version: Version,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show how a model does on placements after its training, beside the expert, by group."""
    from api.analyst import training
    from api.group_names import attribute_name, group_name

    desk = open_desk(database, lang, as_of, as_json)
    with refusing(), working(desk, "model.judging"):
        found = training.evaluate(desk.visit(), version)
    if as_json:
        desk.print_json(found)
        return
    desk.out.print(desk.say("model.period", first=found["from"], last=found["to"]))
    table = _table(desk, "figure", "model", "expert")
    for name, value in found["figures"].items():
        table.add_row(name, f"{value:.4g}", f"{found['expert'][name]:.4g}")
    desk.out.print(table)
    table = _table(desk, "attribute", "group", "rows", "log_loss", "surplus")
    for row in found["groups"]:
        loss, surplus = (
            f"{row[f]:+.3f} ({row[f'{f}_low']:+.3f}…{row[f'{f}_high']:+.3f})"
            for f in ("log_loss", "surplus")
        )
        attribute = attribute_name(row["attribute"], desk.language)
        group = group_name(desk.services, row["attribute"], row["group"], desk.language)
        table.add_row(attribute, group, str(row["n"]), loss, surplus)
    desk.out.print(table)


@app.command()
def compare(
    version: Version,
    by: ByWhom = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Put a model to the promotion gate, against what answers now; the verdict is kept."""
    from api.analyst import judging

    desk = open_desk(database, lang, as_of, as_json)
    with refusing(), working(desk, "model.judging"):
        verdict = judging.compare(desk.visit(by), version)
    if as_json:
        desk.print_json(verdict.as_dict())
        return
    word = "passed" if verdict.passed else "refused"
    current = verdict.current or desk.say("model.expert")
    desk.out.print(
        desk.say("model.compared", verdict=desk.say(f"verdict.{word}"), current=current)
        + " "
        + desk.say("model.outcomes", n=verdict.n, lost=verdict.lost)
    )
    for check in verdict.checks:
        if check.status != "passed" or not check.group:
            desk.out.print(f"  {MARKS[check.status]} {check.message}", soft_wrap=True)


MARKS = {"passed": "+", "failed": "−", "unsure": "?"}


@app.command()
def promote(
    version: Version,
    by: By,
    database: DatabasePath = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Let a model answer that the gate has passed; --by is a second person."""
    from api.analyst import judging

    desk = open_desk(database, lang, None, as_json)
    with refusing():
        ledger = judging.promote(desk.services, version, by)
    _show(desk, {"active": ledger.active or None}, "model.promoted", version=version, by=by)


@app.command()
def rollback(
    by: By, database: DatabasePath = None, lang: Lang = None, as_json: Json = False
) -> None:
    """Go back to what answered before."""
    from api.analyst import judging

    desk = open_desk(database, lang, None, as_json)
    with refusing():
        ledger = judging.roll_back(desk.services, by)
    now = ledger.active or desk.say("model.expert")
    _show(desk, {"active": ledger.active or None}, "model.rolled_back", version=now)


@app.command()
def card(
    version: Version,
    page: Annotated[
        Path | None, typer.Option(help="Write it to this file, as a page to open or print.")
    ] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Print the card of a model, as Markdown."""
    from api.analyst import judging
    from matcher.learning.card_page import card_page

    desk = open_desk(database, lang, None, as_json)
    with refusing():
        found = judging.card(desk.services, version)
    if page is not None:
        page.write_text(card_page(found), encoding="utf-8")
    elif as_json:
        desk.print_json(asdict(found))
    else:
        typer.echo(found.markdown(), nl=False)


@app.command()
def drift(
    since: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day; the end of the training without it."),
    ] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Tell what moved since the training: inputs, scores, outcomes."""
    from api.analyst import judging

    desk = open_desk(database, lang, as_of, as_json)
    with refusing(), working(desk, "model.judging"):
        found = judging.drifted(desk.visit(), since.date() if since else None)
    if as_json:
        desk.print_json(found.as_dict())
        return
    for message in found.messages:
        desk.out.print(message, soft_wrap=True)


def _table(desk: Desk, *columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(desk.say(f"column.{name}"), no_wrap=place == 0)
    return table


def _show(desk: Desk, body: dict[str, Any], phrase: str, **facts: Any) -> None:
    if desk.as_json:
        desk.print_json(body)
    else:
        desk.out.print(desk.say(phrase, **facts), soft_wrap=True)

"""The `placement` command, composed of its groups."""

import os
import sys

import typer

from api.cli import (
    batch,
    database,
    demo,
    follow_up,
    importing,
    model,
    plan_people,
    planning,
    safety,
    serving,
    simulating,
    suggesting,
)
from api.cli.oneline import OneLineErrors

app = typer.Typer(
    name="placement",
    cls=OneLineErrors,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Safe, feasible, reachable and climate-resilient livelihoods, with exact reasons.",
)
app.add_typer(demo.app, name="demo")
app.command("clients")(suggesting.clients)
app.command("suggest")(suggesting.suggest)
app.command("why")(suggesting.why)
app.command("why-not")(suggesting.why_not)
app.command("what-would-help")(suggesting.what_would_help)
app.command("livelihoods")(plan_people.livelihoods)
app.command("accompany")(plan_people.accompany)
app.command("plan")(planning.plan)
app.command("plans")(planning.list_plans)
app.command("show-plan")(planning.show_plan)
app.command("override-plan")(planning.override_plan)
app.command("apply-plan")(planning.apply_plan)
app.command("release-plan")(planning.release_plan)
app.add_typer(follow_up.app, name="follow-up")
app.add_typer(model.app, name="model")
app.add_typer(importing.app, name="import")
app.command("screen")(safety.screen)
app.command("clear")(safety.clear)
app.command("vet")(safety.vet)
app.command("batch")(batch.batch)
app.command("simulate")(simulating.simulate)
app.command("serve")(serving.serve)
app.add_typer(database.app, name="db")


def keep_output() -> None:
    """Keep standard output for this program: what compiled solvers print goes to stderr.

    HiGHS prints a line now and then, whatever it is told; one such line would break ``--json``.
    """
    if sys.stdout is None:  # closed by who called
        return
    ours, told = os.dup(1), sys.stdout
    os.dup2(2, 1)
    sys.stdout = os.fdopen(ours, "w", encoding=told.encoding, errors=told.errors, buffering=1)


def main() -> None:
    """Run the command line."""
    keep_output()
    app()

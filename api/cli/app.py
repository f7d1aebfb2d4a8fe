"""The `placement` command."""

import gc
import os
import sys

import typer

from api.cli.commands import Commands

app = typer.Typer(
    name="placement",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Safe, feasible, reachable and climate-resilient livelihoods, with exact reasons.",
)


@app.callback()
def placement() -> None:
    """Do nothing before a command: what it needs is loaded with it."""


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
    try:
        app()
    finally:
        gc.freeze()  # all goes with the process: it need not be looked through once more

"""The commands by name, each loaded when it is asked for: to serve need not wait for planning."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

import typer
from typer.core import TyperGroup

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "clients": "suggesting:clients",
        "suggest": "suggesting:suggest",
        "why": "suggesting:why",
        "why-not": "suggesting:why_not",
        "what-would-help": "suggesting:what_would_help",
        "livelihoods": "plan_people:livelihoods",
        "accompany": "plan_people:accompany",
        "plan": "planning:plan",
        "plans": "planning:list_plans",
        "show-plan": "planning:show_plan",
        "override-plan": "planning:override_plan",
        "apply-plan": "planning:apply_plan",
        "release-plan": "planning:release_plan",
        "screen": "safety:screen",
        "clear": "safety:clear",
        "vet": "safety:vet",
        "batch": "batch:batch",
        "simulate": "simulating:simulate",
        "serve": "serving:serve",
        "demo": "demo:app",
        "follow-up": "follow_up:app",
        "model": "model:app",
        "import": "importing:app",
        "db": "database:app",
    }
)
"""Module of this folder, and what stands for the command there."""

USAGE = (typer.TyperException, typer.Exit, typer.Abort)


class Commands(TyperGroup):
    """The commands; what they refuse ends with one line on stderr and exit code 1."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return their names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, loaded now; None where there is no such."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.commands[cmd_name] = _loaded(cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is meant; of a name that is none, similar ones are told."""
        if args and args[0] not in COMMANDS:
            for name in COMMANDS:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except USAGE:
            raise
        except BrokenPipeError:
            raise typer.Exit(1) from None
        except Exception as error:
            from api.cli.oneline import told

            typer.echo(f"placement: {told(error)}", err=True)
            raise typer.Exit(1) from None


def _loaded(name: str) -> Any:
    """Return a command, or a group of some, from its module."""
    module, attribute = COMMANDS[name].split(":")
    found = getattr(import_module(f"api.cli.{module}"), attribute)
    alone = typer.Typer(pretty_exceptions_enable=False)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    return typer.main.get_group(alone).commands[name]

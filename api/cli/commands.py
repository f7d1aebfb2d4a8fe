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


class _Loading(dict[str, Any]):
    """Commands by name; each is loaded when it is first looked up."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(COMMANDS))

    def __getitem__(self, name: str) -> Any:
        if (found := super().__getitem__(name)) is None:
            found = self[name] = _loaded(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """Return a command, or the default where there is no such."""
        try:
            return self[name]
        except KeyError:
            return default

    def items(self) -> Any:
        """Return names and commands, all loaded."""
        return {name: self[name] for name in COMMANDS}.items()


class Commands(TyperGroup):
    """The commands; what they refuse ends with one line on stderr and exit code 1."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self.commands = _Loading()

    def list_commands(self, ctx: Any) -> list[str]:
        """Return their names."""
        return list(COMMANDS)

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

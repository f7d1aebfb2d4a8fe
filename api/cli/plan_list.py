"""Plans in a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table

from api.cli.desk import Desk
from api.phrases import word

Body = Mapping[str, Any]


def print_plans(desk: Desk, items: Sequence[Body], last: str | None) -> None:
    """Print a list of plans."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=desk.out.width)
    table.add_column(desk.say("column.plan"), no_wrap=True)
    table.add_column(desk.say("column.made"), no_wrap=True)
    table.add_column(desk.say("column.state"), no_wrap=True)
    table.add_column(desk.say("column.placed"), justify="right", no_wrap=True)
    table.add_column(desk.say("column.kept"), justify="right", no_wrap=True)
    table.add_column(desk.say("column.terms"), ratio=1)
    for item in items:
        table.add_row(
            item["plan_id"],
            item["created_at"][:10],
            word("plan_status", item["status"], desk.language),
            f"{item['placed']}/{item['clients']}",
            f"{item['objective']:.1f}",
            _terms(item["asked"]),
        )
    desk.out.print(table)
    if last is not None:
        desk.out.print(desk.say("plans.more", after=last))


def _terms(asked: Body) -> str:
    """The terms that were asked for, in their own names."""
    return ", ".join(f"{name} {_term(value)}" for name, value in asked.items())


def _term(value: Any) -> str:
    """A term's value; what is long is counted."""
    return f"({len(value)})" if isinstance(value, list | dict) else str(value)

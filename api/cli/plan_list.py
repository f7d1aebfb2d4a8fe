"""Plans in a list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from shlex import quote
from types import MappingProxyType
from typing import Any, Final

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
            terms_asked(item["asked"]),
        )
    desk.out.print(table)
    if last is not None:
        desk.out.print(desk.say("plans.more", after=last))


def terms_asked(asked: Body) -> str:
    """The terms that were asked for, as the options that would ask for them again."""
    return " ".join(option for name, value in asked.items() for option in _options(name, value))


def _options(name: str, value: Any) -> Iterator[str]:
    if value is None or value is False:
        return
    if name in PLAIN and value is True:
        yield f"--{PLAIN[name]}"
    elif name in PLAIN:
        yield f"--{PLAIN[name]} {quote(_told(value))}"
    elif name in EACH:
        option, form = EACH[name]
        for one in value.items() if isinstance(value, Mapping) else value:
            yield f"--{option} {quote(form(one))}"


def _told(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _pair(one: Body) -> str:
    return f"{one['client_id']}={one['opportunity_id']}"


def _label(one: tuple[str, float]) -> str:
    return f"{one[0]}={one[1]:g}"


def _fund(one: Body) -> str:
    return f"{one['employer_id']}={one['usd']:g}"


def _kept(one: Body) -> str:
    label = one.get("group")
    return f"{one['opportunity_id']}={one['seats']}" + (f":{label}" if label else "")


PLAIN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cohort": "cohort",
        "officer": "officer",
        "fund_usd": "fund",
        "floor": "floor",
        "group": "group",
        "households": "households",
        "must_place": "must-place",
        "cases_a_week": "load",
        "aim": "aim",
        "to_come": "to-come",
        "time_limit": "seconds",
    }
)
"""Option of each term that has one value."""

EACH: Final[Mapping[str, tuple[str, Callable[[Any], str]]]] = MappingProxyType(
    {
        "funds": ("fund", _fund),
        "floors": ("floor", _label),
        "pins": ("pin", _pair),
        "bans": ("ban", _pair),
        "together": ("together", ",".join),
        "reserved": ("reserve", _kept),
        "cases_of": ("load", _label),
    }
)
"""Option of each term that may be told several times, and how one is written."""

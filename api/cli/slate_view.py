"""A slate, a suggestion and the reasons behind them, as lines and tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from api.cli.desk import Desk
from api.cli.figures import amount, between, day, percent, signed
from api.cli.lines import hanging
from api.context import Context
from api.officer.records import age_years
from api.phrases import word
from api.place_names import place_name
from models.client import Client

SHOWN_REASONS = 3
INDENT = 3
Suggestion = Mapping[str, Any]


def print_client(desk: Desk, context: Context, client: Client) -> None:
    """Print who a slate is for, on one line."""
    age = age_years(client, context.today)
    facts = [
        client.client_id,
        client.cohort,
        desk.say("client.age", years=f"{age:.0f}") if age is not None else None,
        place_name(desk.services, client.home_place, desk.language),
    ]
    desk.out.print(Text(" · ".join(filter(None, facts)), style="bold"))


def print_slate(desk: Desk, slate: Mapping[str, Any]) -> None:
    """Print a slate: the table, then each suggestion with its reasons."""
    suggestions = slate["suggestions"]
    desk.out.print(
        desk.say(
            "slate.counts",
            shown=len(suggestions),
            admissible=f"{slate['admissible']:,}",
            considered=f"{slate['considered']:,}",
            day=slate["market_day"],
        )
    )
    if suggestions:
        desk.out.print(_table(desk, suggestions))
    for suggestion in suggestions:
        print_reasons(desk, suggestion)
    if slate["note"]:
        desk.out.print(hanging("·", slate["note"], desk.out.width, 2))


def _table(desk: Desk, suggestions: Sequence[Suggestion]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=desk.out.width)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column(desk.say("column.offer"), ratio=1)
    table.add_column(desk.say("column.kind"), no_wrap=True)
    for key in ("90d", "interval", "180d", "income", "way"):
        heading = desk.say(f"column.{key}").replace(" ", "\n")
        table.add_column(heading, justify="right", no_wrap=True)
    for row in suggestions:
        table.add_row(
            str(row["position"]),
            row["title"],
            word("kind", row["kind"], desk.language),
            percent(row["retention_90d"]),
            between(*row["interval"]),
            percent(row["retention_180d"]),
            amount(row["net_income_usd"]),
            amount(row["travel_minutes"]),
        )
    return table


def print_reasons(desk: Desk, suggestion: Suggestion) -> None:
    """Print a suggestion with its weightiest reasons, what is certain, hoped for, to check."""
    width = desk.out.width
    steps = " → ".join(suggestion["steps"])
    head = f"{suggestion['title']} ({steps})"
    desk.out.print(Text(hanging(f"{suggestion['position']}.", head, width, INDENT), style="bold"))
    if about := " · ".join(filter(None, (suggestion["employer"], suggestion["place"]))):
        desk.out.print(Text(hanging("", about, width, INDENT), style="dim"))
    for sign, style, lines in _weightiest(suggestion["reasons"]):
        for line in lines:
            said = f"{line['text']} ({signed(line['contribution'])})"
            _print_under(desk, sign, said, style)
    for key in ("certain", "hoped"):
        _print_under(desk, desk.say(f"slate.{key}"), suggestion[key])
    for caution in suggestion["cautions"]:
        _print_under(desk, desk.say("slate.caution"), caution, "yellow")
    desk.out.print()


def _print_under(desk: Desk, label: str, text: str, style: str = "") -> None:
    indent = " " * INDENT
    lines = hanging(label, text, desk.out.width - INDENT, max(2, cell_len(label) + 1))
    desk.out.print(Text("\n".join(indent + line for line in lines.split("\n")), style=style))


def _weightiest(
    reasons: Iterable[Mapping[str, Any]],
) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    ordered = sorted(reasons, key=lambda line: -abs(line["contribution"]))
    good = [line for line in ordered if line["contribution"] > 0][:SHOWN_REASONS]
    bad = [line for line in ordered if line["contribution"] < 0][:SHOWN_REASONS]
    return [("+", "green", good), ("−", "red", bad)]


def print_sum(desk: Desk, suggestion: Suggestion) -> None:
    """Print every contribution of a suggestion, adding up to its score and its chances."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=desk.out.width)
    table.add_column(desk.say("column.reason"), ratio=1)
    table.add_column(desk.say("column.adds"), justify="right", no_wrap=True)
    table.add_row(desk.say("why.base"), signed(suggestion["base"]))
    for line in suggestion["reasons"]:
        style = "dim" if not line["contribution"] else ""
        table.add_row(line["text"], signed(line["contribution"]), style=style)
    table.add_section()
    table.add_row(desk.say("why.score"), signed(suggestion["score"]), style="bold")
    desk.out.print(Text(f"{suggestion['title']} ({' → '.join(suggestion['steps'])})", style="bold"))
    desk.out.print(table)
    desk.out.print(
        desk.say(
            "why.chances",
            first=percent(suggestion["retention_90d"]),
            interval=between(*suggestion["interval"]),
            second=percent(suggestion["retention_180d"]),
        )
    )


def print_refusal(desk: Desk, client_id: str, title: str, reasons: Sequence[Any]) -> None:
    """Print why an offer is not made, or that it may be."""
    if not reasons:
        desk.out.print(desk.say("why_not.none", client=client_id, offer=title))
        return
    heading = desk.say("why_not.heading", client=client_id, offer=title)
    desk.out.print(Text(heading, style="bold"))
    for reason in reasons:
        _print_under(desk, "−", reason.message, "red")


def print_helps(desk: Desk, helps: Sequence[Any]) -> None:
    """Print what would help."""
    desk.out.print(Text(desk.say("help.heading" if helps else "help.none"), style="bold"))
    for found in helps:
        _print_under(desk, "→", found.message, "cyan")


def print_clients(desk: Desk, context: Context, rows: Sequence[Client]) -> None:
    """Print clients as a table."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for key in ("client", "cohort", "age", "home", "consent"):
        table.add_column(desk.say(f"column.{key}"))
    for client in rows:
        age = age_years(client, context.today)
        consent = {True: "yes", False: "no", None: "unknown"}[client.consent_to_match]
        table.add_row(
            client.client_id,
            client.cohort or "",
            f"{age:.0f}" if age is not None else "?",
            place_name(desk.services, client.home_place, desk.language) or "?",
            desk.say(f"answer.{consent}"),
        )
    desk.out.print(table)


def print_day(desk: Desk, context: Context) -> None:
    """Print the day offers are judged on."""
    desk.out.print(desk.say("slate.day", day=day(context.today)))

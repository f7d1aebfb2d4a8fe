"""What an import did, in words and tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from api.cli.desk import Desk
from api.cli.lines import hanging
from api.cli.safety import print_flags, print_verdicts
from api.intake.imports import Screened, Stored
from api.phrases import word
from data.exchange import Import

SHOWN_PROBLEMS = 20
SHOWN_PLACES = 15


def print_offers(desk: Desk, stored: Stored, screen: Screened, rejects: Path | None) -> None:
    """Print what an import of offers did, what the screen says, and what was not told."""
    if desk.as_json:
        desk.print_json(_plain(stored) | {"screen": screen.as_dict()})
        return
    _print_counts(desk, stored, rejects)
    print_verdicts(desk, **screen.verdicts)
    print_flags(desk, screen.flags)
    notes = stored.found.notes
    if "no_wage" in notes.counts:
        desk.out.print(desk.say("import.wages", rows=notes.counts["no_wage"]))
    _print_places(desk, notes.places_not_told)
    _print_remarks(desk, stored.found)


def print_clients(desk: Desk, stored: Stored, rejects: Path | None) -> None:
    """Print what an import of clients did, and what was not told."""
    if desk.as_json:
        desk.print_json(_plain(stored))
        return
    _print_counts(desk, stored, rejects)
    _print_figures(desk, stored.found.notes.counts)
    _print_places(desk, stored.found.notes.places_not_told)
    _print_remarks(desk, stored.found)


def print_refusal(desk: Desk, found: Import, file: str) -> None:
    """Print why a file was refused: one line on stderr, and every problem."""
    if desk.as_json:
        problems = [problem.as_dict() for problem in found.problems]
        desk.print_json({"written": 0, "problems": problems})
    else:
        _print_problems(desk, found)
    sentence = desk.say(
        "import.refused", file=file, problems=f"{len(found.problems):,}", rows=f"{found.bad_rows:,}"
    )
    typer.echo(f"placement: {sentence}", err=True)


def print_tables(desk: Desk, found: Mapping[str, Any], folder: Path) -> None:
    """Print what an import of reference tables gave and what it lacks."""
    if desk.as_json:
        desk.print_json(dict(found))
        return
    figures = {name: value for name, value in found.items() if isinstance(value, int | float)}
    figures |= {f"{name}": len(value) for name, value in found.items() if isinstance(value, list)}
    _print_figures(desk, figures)
    for missing in found.get("missing", ()):
        words = " — ".join(str(value) for value in missing.values() if value)
        desk.out.print(Text(hanging("−", words, desk.out.width, 2)))
    desk.out.print(desk.say("import.tables", folder=folder))


def _plain(stored: Stored) -> dict[str, Any]:
    return {
        **stored.found.notes.as_dict(),
        "written": len(stored.written),
        "already_there": stored.there,
        "bad_rows": stored.found.bad_rows,
        "problems": [problem.as_dict() for problem in stored.found.problems],
    }


def _print_counts(desk: Desk, stored: Stored, rejects: Path | None) -> None:
    read, kept = stored.found.notes.rows_read, len(stored.written)
    desk.out.print(Text(desk.say("import.read", read=read, kept=kept), style="bold"))
    if stored.there:
        desk.out.print(desk.say("import.there", rows=stored.there))
    if stored.found.problems:
        desk.out.print(desk.say("import.bad", rows=stored.found.bad_rows))
        _print_problems(desk, stored.found)
        if rejects is not None:
            desk.out.print(desk.say("import.rejects", file=rejects))


def _print_problems(desk: Desk, found: Import) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for key in ("row", "field", "value", "rule"):
        table.add_column(desk.say(f"column.{key}"))
    for problem in found.problems[:SHOWN_PROBLEMS]:
        row = "" if problem.row is None else str(problem.row)
        cells = (row, problem.column, problem.value, problem.rule)
        table.add_row(*(Text(cell) for cell in cells))
    desk.out.print(table)
    if (more := len(found.problems) - SHOWN_PROBLEMS) > 0:
        desk.out.print(desk.say("import.more", rows=more))


def _print_places(desk: Desk, places: Mapping[str, int]) -> None:
    if not places:
        return
    total = sum(places.values())
    desk.out.print(desk.say("import.places", rows=total, texts=len(places)))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(desk.say("column.rows"), justify="right")
    table.add_column(desk.say("column.place"))
    ordered = sorted(places.items(), key=lambda item: (-item[1], item[0]))
    for text, count in ordered[:SHOWN_PLACES]:
        table.add_row(f"{count:,}", Text(text))
    desk.out.print(table)


def _print_figures(desk: Desk, figures: Mapping[str, Any]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column()
    for name, value in figures.items():
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.2f}"
        table.add_row(shown, word("figure", name, desk.language))
    desk.out.print(table)


def _print_remarks(desk: Desk, found: Import) -> None:
    for remark in found.notes.remarks:
        desk.out.print(Text(hanging("·", remark, desk.out.width, 2)))

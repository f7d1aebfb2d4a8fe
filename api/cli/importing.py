"""`placement import`: vacancies, job postings, clients, ESCO and PRISM."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.desk import Desk, open_desk, who
from api.cli.import_view import print_clients, print_offers, print_refusal, print_tables
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.cli.watching import working
from api.intake.imports import BadRows, screened, store_clients, store_offers
from api.readiness import require_ready
from data import read_reference
from data.exchange import (
    EscoImport,
    Import,
    PrismImport,
    import_esco,
    import_prism,
    read_job_postings,
    read_oscar,
    read_vacancies,
)

app = typer.Typer(no_args_is_help=True, help="Read files of other programs: all rows or none.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out, keep the good.")]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="Write what is wrong here.")
]


@app.command("vacancies")
def vacancies(
    file: File,
    mapping: Annotated[
        str, typer.Option("--mapping", help="camhr, template, or the path of a mapping file.")
    ] = "template",
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Import vacancies, trainings and grants from CSV or XLSX."""
    desk = _ready(database, lang, as_of, as_json)
    with working(desk, "work.reading", file=file.name):
        found = read_vacancies(file, mapping, desk.services.reference, skip_bad=skip_bad)
    _store_offers(desk, found, file, rejects)


@app.command("job-postings")
def job_postings(
    file: File,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Import schema.org JobPosting JSON."""
    desk = _ready(database, lang, as_of, as_json)
    with working(desk, "work.reading", file=file.name):
        found = read_job_postings(file, desk.services.reference, skip_bad=skip_bad)
    _store_offers(desk, found, file, rejects)


@app.command("clients")
def clients(
    file: File,
    source: Annotated[str, typer.Option(help="Prefix of ids where the file has none.")] = "oscar",
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Import clients from an OSCaR list; names are never read."""
    desk = _ready(database, lang, as_of, as_json)
    services = desk.services
    with working(desk, "work.reading", file=file.name):
        found = read_oscar(
            file, services.reference, services.today(), skip_bad=skip_bad, source=source
        )
    with _refusing(desk, file, rejects), working(desk, "work.writing"):
        stored = store_clients(services, found, file.name, who())
    _write_rejects(stored.found, rejects)
    print_clients(desk, stored, rejects)


@app.command("esco")
def esco(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The CSV release.")],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Replace the built-in skills by those of an ESCO release."""
    desk = open_desk(None, lang, as_json=as_json)
    target = desk.services.settings.reference_folder
    with working(desk, "work.reading", file=folder.name):
        found: EscoImport = import_esco(folder, target, read_reference())
        read_reference(target)
    print_tables(desk, found.as_dict(), target)


@app.command("prism")
def prism(
    file: File,
    skip_bad: SkipBad = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Replace province flood levels by the commune values of a PRISM file."""
    desk = open_desk(None, lang, as_json=as_json)
    target = desk.services.settings.reference_folder
    with working(desk, "work.reading", file=file.name):
        found: PrismImport = import_prism(file, target, read_reference(), skip_bad=skip_bad)
        read_reference(target)
    print_tables(desk, found.as_dict(), target)


def _ready(database: str | None, lang: Any, as_of: Any, as_json: bool) -> Desk:
    desk = open_desk(database, lang, as_of, as_json)
    require_ready(desk.services.database)
    return desk


def _store_offers(desk: Desk, found: Import, file: Path, rejects: Path | None) -> None:
    with _refusing(desk, file, rejects), working(desk, "work.writing"):
        stored = store_offers(desk.services, found, file.name, who())
    with working(desk, "work.screening"):
        ids = [record["opportunity_id"] for record in stored.found.accepted]
        screen = screened(desk.services, ids)
    _write_rejects(stored.found, rejects)
    print_offers(desk, stored, screen, rejects)


@contextmanager
def _refusing(desk: Desk, file: Path, rejects: Path | None) -> Iterator[None]:
    """End the command with every problem where bad rows refuse the file."""
    try:
        yield
    except BadRows as refused:
        _write_rejects(refused.found, rejects)
        print_refusal(desk, refused.found, file.name)
        raise typer.Exit(1) from None


def _write_rejects(found: Import, rejects: Path | None) -> None:
    if rejects is not None and found.problems:
        found.write_rejects(rejects)

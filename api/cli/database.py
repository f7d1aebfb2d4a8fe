"""`placement db`: where the database is, whether it is as it should be, bringing it there."""

import typer

from api.cli.desk import open_desk
from api.cli.options import DatabasePath, Json, Lang
from api.failures import NotReady
from api.readiness import differences, require_ready
from api.readiness import upgrade as bring_up
from models import schema

app = typer.Typer(no_args_is_help=True, help="The database: path, check, upgrade.")


@app.command("path")
def path(database: DatabasePath = None, lang: Lang = None, as_json: Json = False) -> None:
    """Print where the database is."""
    desk = open_desk(database, lang, as_json=as_json)
    where = desk.services.database.path
    text = desk.services.database.url.render_as_string() if where is None else str(where)
    if as_json:
        desk.print_json({"path": text, "present": where is None or where.exists()})
    else:
        typer.echo(text)


@app.command("upgrade")
def upgrade(database: DatabasePath = None, lang: Lang = None, as_json: Json = False) -> None:
    """Create the database where it is not there, and bring it to the newest schema."""
    desk = open_desk(database, lang, as_json=as_json)
    bring_up(desk.services.database)
    _report(desk.say("db.upgraded", revision=schema.newest()), as_json)


@app.command("check")
def check(database: DatabasePath = None, lang: Lang = None, as_json: Json = False) -> None:
    """Check that the database is at the newest schema and departs from it in nothing."""
    desk = open_desk(database, lang, as_json=as_json)
    require_ready(desk.services.database)
    if found := differences(desk.services.database):
        raise NotReady(desk.say("db.differs", found="; ".join(found)))
    _report(desk.say("db.as_it_should", revision=schema.newest()), as_json)


def _report(sentence: str, as_json: bool) -> None:
    if as_json:
        typer.echo(f'{{"revision": "{schema.newest()}"}}')
    else:
        typer.echo(sentence)

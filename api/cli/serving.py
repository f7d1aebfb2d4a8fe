"""`placement serve`: the HTTP service on this machine."""

import datetime as dt
import gc
import socket
from typing import Annotated

import typer

from api.beside import Beside, help_beside
from api.cli.options import AsOf, DatabasePath, Lang, database_url
from api.settings import Language, from_environment

GARBAGE = 10_000
"""Objects that come and stay before those in circles are looked for; answers leave hardly any."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port.")] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
) -> None:
    """Serve the HTTP API; stop with Ctrl-C."""
    with help_beside(from_environment(database_url=database_url(database)).database_url) as beside:
        _serve(beside, host, port, database, lang, as_of)


def _serve(
    beside: Beside,
    host: str | None,
    port: int | None,
    database: str | None,
    lang: Language | None,
    as_of: dt.datetime | None,
) -> None:
    import uvicorn  # what takes seconds to load comes now, while the market is read

    from api.app import create_app
    from api.cli.desk import open_desk
    from api.readiness import require_ready

    desk = open_desk(database, lang, as_of)
    require_ready(desk.services.database)
    settings = desk.services.settings
    address = (host or settings.host, port or settings.port)
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    listener = socket.create_server(address, family=family)
    # without it each answer waits some 40 ms for the client's acknowledgement of its head
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    gc.set_threshold(GARBAGE)
    typer.echo(desk.say("serve.at", host=address[0], port=address[1]), err=True)
    config = uvicorn.Config(
        create_app(settings, beside),
        access_log=False,
        server_header=False,
        log_level="warning",
    )
    uvicorn.Server(config).run(sockets=[listener])

"""`placement batch`: all clients against all offers, on the workers of this or of many machines."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsOf, Json, Lang
from matcher.forking import load_workers

Clients = Annotated[
    str, typer.Option("--clients", metavar="PATH|DB", help="Parquet, or a database.")
]
Offers = Annotated[
    str, typer.Option("--opportunities", metavar="PATH|DB", help="Parquet, or a database.")
]
Out = Annotated[
    Path, typer.Option("--out", metavar="FOLDER", help="Results; what is done there is kept.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler, tcp:// or tls://.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Local workers; one a core without it.")
]
Slates = Annotated[
    bool, typer.Option("--slates", help="Full slates with reasons, not the best by score.")
]
Memory = Annotated[int, typer.Option(metavar="MB", help="For one block, beside the market.")]
Many = Annotated[int, typer.Option("--k", "-k", min=1, max=20, help="Most offers a client.")]


def batch(
    clients: Clients,
    opportunities: Offers,
    out: Out,
    scheduler: Scheduler = None,
    workers: Workers = None,
    k: Many = 5,
    slates: Slates = False,
    memory: Memory = 256,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Find the best offers of every client, into Parquet; a run that was broken off goes on."""
    if scheduler is None:
        load_workers()  # while this process loads the rest

    from api.cli.batching import Places, run_batch
    from api.cli.desk import open_desk

    desk = open_desk(None, lang, as_of, as_json)
    places = Places(clients, opportunities, out, scheduler, workers)
    run_batch(desk, places, as_of, k=k, slates=slates, memory_mb=memory)

"""`placement clients`, `suggest`, `why` and `why-not`."""

from typing import Annotated

import typer

from api.cli.desk import open_desk
from api.cli.options import AsOf, DatabasePath, Json, Lang
from api.cli.slate_view import (
    print_client,
    print_clients,
    print_helps,
    print_refusal,
    print_slate,
    print_sum,
)
from api.cli.watching import working
from api.employer import queries as offers
from api.officer import answers, queries, slates
from api.officer import clients as officer_clients

ClientId = Annotated[str, typer.Argument(metavar="CLIENT", help="Id of a client.")]
OfferId = Annotated[str, typer.Argument(metavar="OPPORTUNITY", help="Id of an offer.")]
Many = Annotated[int, typer.Option("-k", min=1, max=20, help="Most suggestions.")]


def clients(
    cohort: Annotated[str | None, typer.Option(help="Clients of one cohort.")] = None,
    after: Annotated[str, typer.Option(help="Clients behind this id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most rows.")] = 20,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """List clients, to find an id."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        rows, last = officer_clients.page(context, after, limit, cohort)
        if as_json:
            items = [answers.client_body(context, row) for row in rows]
            desk.print_json({"items": items, "next": last})
            return
        print_clients(desk, context, rows)
        if last is not None:
            desk.out.print(desk.say("clients.more", after=last))


def suggest(
    client: ClientId,
    k: Many = 5,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Suggest the few offers that fit a client, with reasons; the slate is stored."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        with working(desk, "work.matching"):
            slate = slates.make(context, client, k)
        body = answers.slate_body(slate)
        if as_json:
            desk.print_json(body)
            return
        print_client(desk, context, queries.client(context.session, client))
        print_slate(desk, body)


def why(
    client: ClientId,
    opportunity: OfferId,
    then: Annotated[
        str | None,
        typer.Option("--then", metavar="OPPORTUNITY", help="What follows it, for a pathway."),
    ] = None,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say exactly why an offer, or a pathway, scores as it does for a client."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        with working(desk, "work.matching"):
            body = answers.suggestion_body(slates.why(context, client, opportunity, then))
        if as_json:
            desk.print_json(body)
            return
        print_sum(desk, body)


def why_not(
    client: ClientId,
    opportunity: OfferId,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say every reason why an offer is not made to a client."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        with working(desk, "work.matching"):
            reasons = slates.why_not(context, client, opportunity)
        if as_json:
            desk.print_json(answers.why_not_body(client, opportunity, reasons))
            return
        offer = offers.opportunity(context.session, opportunity)
        title = (desk.language == "km" and offer.title_km) or offer.title
        print_refusal(desk, client, f"{title} ({opportunity})", reasons)


def what_would_help(
    client: ClientId,
    database: DatabasePath = None,
    lang: Lang = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say what can change and what it would open or improve for a client."""
    desk = open_desk(database, lang, as_of, as_json)
    with desk.writing() as context:
        with working(desk, "work.matching"):
            helps = slates.what_would_help(context, client)
        if as_json:
            desk.print_json(answers.helps_body(client, helps))
            return
        print_helps(desk, helps)

"""Use cases that take the seats of a plan, and give them back: all of them or none."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from api.context import Context
from api.failures import PlanConflict, Refused
from api.officer import plan_inputs
from api.officer import plan_queries as queries
from api.officer.plan_asked import PlanNew
from api.officer.plan_words import refusals as in_words
from api.officer.plans import note
from api.officer.records import client_record
from api.phrases import say
from matcher import Caseload
from matcher.planning.recheck import refusals
from models.base import now
from models.plan import CaseloadPlan, Placement, PlanLine

Conflict = dict[str, Any]


def apply(context: Context, plan_id: str) -> CaseloadPlan:
    """Take every seat of a plan, in this one transaction; again, it changes nothing.

    Each pair is asked again of the gates as things stand now: consent that was withdrawn, a report
    of harm, an offer that closed. A seat that somebody else was given since is a conflict, and so
    is an officer's week that other plans have filled since.

    Raises
    ------
    NotFound
        Where there is no such plan.
    Refused
        Where its seats were given back: plan again.
    PlanConflict
        Listing every conflict; nothing is taken.
    """
    plan = queries.plan(context.session, plan_id, lock=True)
    lines = [line for line in queries.lines(context.session, plan_id) if line.opportunity_id]
    note(context, "plan.apply", [line.client_id for line in lines])
    if plan.status == "released":
        raise Refused(say("plan.refused.released", context.language, plan=plan_id))
    if plan.status == "proposed":
        found = [*_forbidden(context, lines), *_taken(context, lines)]
        if conflicts := [*found, *_overburdened(context, plan, lines)]:
            raise PlanConflict(conflicts)
        _take(context, plan, lines)
    return plan


def release(context: Context, plan_id: str) -> CaseloadPlan:
    """Give back every seat a plan holds; again, it changes nothing.

    Raises
    ------
    NotFound
        Where there is no such plan.
    Refused
        Where it was never applied.
    """
    plan = queries.plan(context.session, plan_id, lock=True)
    if plan.status == "proposed":
        raise Refused(say("plan.refused.holds_none", context.language, plan=plan_id))
    lines = queries.lines(context.session, plan_id)
    note(context, "plan.release", [line.client_id for line in lines if line.opportunity_id])
    queries.release(context.session, plan_id)
    plan.status = "released"
    context.session.flush()
    return plan


def _forbidden(context: Context, lines: Sequence[PlanLine]) -> Iterator[Conflict]:
    """Pairs that a gate forbids by now."""
    found = queries.clients_of(context.session, [line.client_id for line in lines])
    records = [client_record(client, home, context.today) for client, home in found]
    market = context.services.markets.current(context.session, context.today).market
    engine = context.services.engine
    asked = [_pair(line) for line in lines]
    refused = refusals(engine, Caseload.from_records(records), market, asked)
    for line in lines:
        if codes := refused.get(_pair(line)):
            same = dict.fromkeys(codes, 1)
            words = in_words(same, engine.knowledge, context.language)
            yield _conflict(context, line, "forbidden", reasons=words)


def _taken(context: Context, lines: Sequence[PlanLine]) -> Iterator[Conflict]:
    """Clients who hold a seat by now, and lines for which no seat is left."""
    placed = queries.placed_clients(context.session)
    left = _seats_left(context, lines)
    for line in lines:
        if line.client_id in placed:
            yield _conflict(context, line, "placed")
        elif left[str(line.opportunity_id)] < 1:
            yield _conflict(context, line, "no_seat")
        else:
            left[str(line.opportunity_id)] -= 1


def _overburdened(
    context: Context, plan: CaseloadPlan, lines: Sequence[PlanLine]
) -> Iterator[Conflict]:
    """Lines for which an officer has no time left in the week the offer begins."""
    found = queries.clients_of(context.session, [line.client_id for line in lines])
    clients = [client for client, _ in found]
    asked = PlanNew.model_validate(plan.asked)
    there = {client.officer for client in clients}
    named = {name: cases for name, cases in asked.cases_of.items() if name in there}
    asked = asked.model_copy(update={"cases_of": named})
    team = plan_inputs.team(context, asked, clients, plan.plan_id)
    if team is None:
        return
    offers = queries.offers(context.session, [str(line.opportunity_id) for line in lines])
    begun = Counter(team.begun)
    for line in lines:
        officer = team.officer.get(line.client_id, "")
        if officer not in team.cases or line.opportunity_id not in offers:
            continue
        offer, _ = offers[line.opportunity_id]
        monday = plan_inputs.monday(offer.starts_on, context.today)
        begun[officer, monday] += 1
        if begun[officer, monday] > team.cases[officer]:
            words = {"officer": officer, "week": monday.isoformat()}
            yield _conflict(context, line, "no_time", **words)


def _seats_left(context: Context, lines: Sequence[PlanLine]) -> Counter[str]:
    offers = [str(line.opportunity_id) for line in lines]
    left = Counter(queries.seats_posted(context.session, offers))
    left.subtract(held.opportunity_id for held in queries.placements(context.session, offers))
    return left


def _take(context: Context, plan: CaseloadPlan, lines: Sequence[PlanLine]) -> None:
    """Give each line the lowest free seat of its offer.

    Where two transactions get here at once, on a store that allows it, the later one finds the
    seat's number gone, and nothing of it stays.
    """
    posted = queries.seats_posted(context.session, [str(line.opportunity_id) for line in lines])
    held: dict[str, set[int]] = defaultdict(set)
    for taken in queries.placements(context.session, posted):
        held[taken.opportunity_id].add(taken.seat)
    try:
        with context.session.begin_nested():
            for line in lines:
                offer = str(line.opportunity_id)
                seat = _lowest_free(held[offer])
                held[offer].add(seat)
                context.session.add(
                    Placement(
                        plan_id=plan.plan_id,
                        client_id=line.client_id,
                        opportunity_id=offer,
                        seat=seat,
                        seats_posted=posted[offer],
                        who=context.actor,
                    )
                )
            plan.status, plan.applied_at, plan.applied_by = "applied", now(), context.actor
    except IntegrityError:
        raise PlanConflict([_conflict(context, line, "no_seat") for line in lines]) from None


def _lowest_free(held: set[int]) -> int:
    """Return the lowest number that is not held.

    Examples
    --------
    >>> _lowest_free(set()), _lowest_free({1, 2, 4})
    (1, 3)
    """
    return next(seat for seat in range(1, len(held) + 2) if seat not in held)


def _pair(line: PlanLine) -> tuple[str, str]:
    return line.client_id, str(line.opportunity_id)


def _conflict(context: Context, line: PlanLine, code: str, **values: str) -> Conflict:
    client_id, opportunity_id = _pair(line)
    words = {"client": client_id, "offer": opportunity_id, **values}
    return {
        "client_id": client_id,
        "opportunity_id": opportunity_id,
        "code": code,
        "message": say(f"plan.conflict.{code}", context.language, **words),
    }

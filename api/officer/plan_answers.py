"""Plans as they are answered: rows, with the names and words a reader needs."""

from typing import Any

from api.context import Context
from api.officer import plan_queries as queries
from api.officer.plan_asked import PlanNew
from api.officer.plan_schemas import PlanOut, PlanSummaryOut
from api.officer.plan_words import reason
from api.place_names import place_name
from models.employer import Employer
from models.opportunity import Opportunity
from models.plan import CaseloadPlan, PlanLine

Offers = dict[str, tuple[Opportunity, Employer | None]]
_OWN = ("clients", "placed", "objective", "bound", "gap", "seconds")


def plan_body(context: Context, plan: CaseloadPlan) -> dict[str, Any]:
    """Return a plan with its lines as answered."""
    lines = queries.lines(context.session, plan.plan_id)
    scarce = [seat["opportunity_id"] for seat in plan.figures["scarce"]]
    named = [line.then_id or line.opportunity_id for line in lines]
    offers = queries.offers(context.session, {*scarce, *filter(None, named)})
    homes = _homes(context, lines)
    values = plan.model_dump(include=set(PlanOut.model_fields) - {"figures"})
    figures = dict(plan.figures) | {name: getattr(plan, name) for name in _OWN}
    figures["scarce"] = [
        seat | {"title": _title(context, offers, seat["opportunity_id"])}
        for seat in plan.figures["scarce"]
    ]
    told = [_line(context, line, offers, homes) for line in lines]
    answer = values | {"figures": figures, "lines": told}
    return PlanOut.model_validate(answer).model_dump(mode="json")


def summary(plan: CaseloadPlan) -> dict[str, Any]:
    """Return a plan as it stands in a list: its figures, and what was asked beyond the usual."""
    asked = PlanNew.model_validate(plan.asked).model_dump(mode="json", exclude_defaults=True)
    values = plan.model_dump(include=set(PlanSummaryOut.model_fields)) | {"asked": asked}
    return PlanSummaryOut.model_validate(values).model_dump(mode="json")


def _homes(context: Context, lines: Any) -> dict[str, str | None]:
    ids = [line.client_id for line in lines]
    found = queries.clients_of(context.session, ids)
    return {client.client_id: client.home_place for client, _ in found}


def _line(
    context: Context, line: PlanLine, offers: Offers, homes: dict[str, str | None]
) -> dict[str, Any]:
    shown = line.then_id or line.opportunity_id
    offer, employer = offers.get(shown or "", (None, None))
    values = line.model_dump(exclude={"plan_id", "client_version"})
    return values | {
        "title": _title(context, offers, shown) if shown else None,
        "employer": employer.employer_name if employer else None,
        "place": _place(context, offer, homes[line.client_id]) if offer else None,
        "reason": reason(line, context.services.engine.knowledge, context.language),
    }


def _title(context: Context, offers: Offers, opportunity_id: str) -> str | None:
    if opportunity_id not in offers:
        return None
    offer, _ = offers[opportunity_id]
    return (context.language == "km" and offer.title_km) or offer.title


def _place(context: Context, offer: Opportunity, home: str | None) -> str | None:
    """Where the work is: at home, else the first place posted."""
    at_home = offer.kind == "grant" or offer.home_based
    code = home if at_home else next(iter(offer.places or []), None)
    return place_name(context.services, code, context.language)

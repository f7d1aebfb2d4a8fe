"""Routes of caseload plans: input, call, output."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.deps import Id, Reading, Visiting, Writing
from api.errors import responses
from api.fields import Body
from api.idempotency import Answer, Key, answered, once
from api.officer import plan_applying, plan_livelihoods, plan_why, plans
from api.officer.plan_answers import plan_body, summary
from api.officer.plan_asked import OverrideNew, PlanNew
from api.officer.plan_schemas import LivelihoodsOut, PlanOut, PlanPage, PlanWhyOut
from api.paging import Cursor, Limit, after, next_link
from api.visit import Visit

router = APIRouter(prefix="/v1/plans", tags=["plans"])
households = APIRouter(prefix="/v1", tags=["plans"])

Grant = Annotated[
    float, Query(ge=0, le=1e6, description="A grant beside the household's own money, USD.")
]
Days = Annotated[
    float | None,
    Query(ge=0, le=310, description="Days a month to work on it; left out: a person's month."),
]


@router.post(
    "",
    operation_id="create_plan",
    status_code=201,
    response_model=PlanOut,
    responses=responses(404, 409),
)
def create_plan(visit: Visiting, body: PlanNew, key: Key = None) -> Response:
    """Plan for many clients together, under seats, money and fairness, with its proof."""
    return _once(visit, "create_plan", key, body, lambda: plans.draft(visit, body))


@router.get("", operation_id="list_plans", response_model=PlanPage, responses=responses())
def list_plans(
    context: Reading, request: Request, limit: Limit = 20, cursor: Cursor = None
) -> JSONResponse:
    """List plans, the newest first; who is in one stands in the plan itself."""
    rows, last = plans.page(context, after(cursor), limit)
    body = {"items": [summary(plan) for plan in rows]}
    return JSONResponse(body, headers=next_link(request, last))


@router.get(
    "/{plan_id}", operation_id="read_plan", response_model=PlanOut, responses=responses(404)
)
def read_plan(context: Writing, plan_id: Id) -> JSONResponse:
    """Return a plan as it was made."""
    return JSONResponse(plan_body(context, plans.one(context, plan_id)))


@router.get(
    "/{plan_id}/clients/{client_id}/why",
    operation_id="explain_plan_line",
    response_model=PlanWhyOut,
    responses=responses(404, 409),
)
def explain_plan_line(visit: Visiting, plan_id: Id, client_id: Id) -> JSONResponse:
    """Say why a client stands in a plan so, and what each other choice would do to the others."""
    return JSONResponse(plan_why.of_stored(visit, plan_id, client_id))


@router.post(
    "/{plan_id}/overrides",
    operation_id="create_override",
    status_code=201,
    response_model=PlanOut,
    responses=responses(404, 409),
)
def create_override(visit: Visiting, plan_id: Id, body: OverrideNew, key: Key = None) -> Response:
    """Plan again with other pins and bans; the new plan names the one it overrides."""

    def work_out() -> plans.Draft:
        with visit.reading() as context:
            asked = plans.overridden(context, plan_id, body)
        return plans.draft(visit, asked, plan_id)

    return _once(visit, f"create_override {plan_id}", key, body, work_out)


@router.post(
    "/{plan_id}/apply",
    operation_id="apply_plan",
    response_model=PlanOut,
    responses=responses(404, 409),
)
def apply_plan(context: Writing, plan_id: Id) -> JSONResponse:
    """Take every seat of a plan or none; 409 lists each conflict. Again, it changes nothing."""
    return JSONResponse(plan_body(context, plan_applying.apply(context, plan_id)))


@router.post(
    "/{plan_id}/release",
    operation_id="release_plan",
    response_model=PlanOut,
    responses=responses(404, 409),
)
def release_plan(context: Writing, plan_id: Id) -> JSONResponse:
    """Give back every seat a plan holds."""
    return JSONResponse(plan_body(context, plan_applying.release(context, plan_id)))


@households.get(
    "/clients/{client_id}/livelihoods",
    operation_id="read_livelihoods",
    response_model=LivelihoodsOut,
    responses=responses(404),
)
def read_livelihoods(
    context: Writing, client_id: Id, grant_usd: Grant = 0.0, labour_days: Days = None
) -> JSONResponse:
    """Return which main and side livelihoods a household could start: income against risk."""
    return JSONResponse(plan_livelihoods.frontier(context, client_id, grant_usd, labour_days))


def _once(
    visit: Visit, operation: str, key: str | None, body: Body, work_out: Callable[[], plans.Draft]
) -> Response:
    """Answer a keyed request from its first time; else work the plan out, then store it."""
    request = body.model_dump(mode="json")
    with visit.reading() as context:
        known = answered(context, operation, key, request)
    if known is not None:
        return known
    made = work_out()
    with visit.writing() as context:

        def act() -> Answer:
            plan = plans.store(context, made)
            return Answer(plan_body(context, plan), 201, {"Location": f"/v1/plans/{plan.plan_id}"})

        return once(context, operation, key, request, act)

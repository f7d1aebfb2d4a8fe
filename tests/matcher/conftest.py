"""A small world, one engine over the built-in tables, and records that pass every gate."""

import dataclasses
import datetime as dt
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from data import Reference, demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.knowledge import Knowledge
from matcher.vocabulary import DOCUMENTS

settings.register_profile(
    "matcher",
    settings(),  # what the gate asks of every test: the same examples each time
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("matcher")

Record = dict[str, Any]

AS_OF = dt.date(2026, 9, 1)

CLIENT: Mapping[str, Any] = {
    "client_id": "C-1",
    "consent_to_match": True,
    "age_years": 30,
    "home_place": "120101",
    "transport": "motorbike",
    "max_commute_minutes": 60,
    "willing_to_relocate": False,
    "exclusion_areas": [],
    "avoid_settings": [],
    "excluded_livelihoods": [],
    "preferred_livelihoods": [],
    "preferred_kinds": [],
    "skills": [],
    "experience": {},
    "schooling": "upper_secondary",
    "can_read": True,
    "documents": ["national_id"],
    "difficulties": [],
    "household_size": 4,
    "children_under_6": 0,
    "childcare_at_home": True,
    "household_income_usd": 100,
    "household_livelihoods": {"rice": 100},
    "land_m2": 20_000,
    "has_water": True,
    "debt_usd": 0,
    "debt_service_usd": 0,
    "capital_usd": 5_000,
    "idpoor": "none",
}
"""A client of whom everything is known and to whom anything nearby may be offered."""

SAFE: Mapping[str, Any] = {
    "employer_id": "E-1",
    "employer_name": "Rice shop",
    "employer_vetted": True,
    "vetted_until": dt.date(2027, 6, 30),
    "harm_report_open": False,
    "places": ["120109"],
    "place_text": "Phnom Penh",
    "settings": [],
    "required_documents": [],
    "requires_reading": False,
    "required_schooling": "none",
    "demands": [],
    "worker_fee_usd": 0,
    "deposit_usd": 0,
    "documents_kept": False,
    "debt_worked_off": False,
    "live_in": False,
    "cross_border": False,
    "via_broker": False,
    "guarded_compound": False,
    "posted_on": dt.date(2026, 8, 20),
    "closes_on": dt.date(2026, 12, 1),
    "starts_on": dt.date(2026, 12, 15),
    "seats": 3,
}

DECENT: Mapping[str, Any] = {
    "hours_per_day": 8,
    "hours_per_week": 48,
    "overtime_hours_per_day": 0,
    "overtime_compulsory": False,
    "overtime_premium": 1.5,
    "rest_day_premium": 2.0,
    "night_premium": 1.3,
    "night_work": False,
    "weekly_rest_hours": 24,
    "min_age": 18,
    "hazardous": False,
    "annual_leave_days_per_month": 1.5,
    "fixed_term_months": 12,
    "written_contract": True,
    "nssf_registered": True,
    "housing_provided": False,
    "transport_provided": False,
}

OFFERS: Mapping[str, Mapping[str, Any]] = {
    "vacancy": {
        "kind": "vacancy",
        "title": "Shop assistant",
        "livelihood": "shop_sales",
        "isco_code": "5223",
        "sector": "retail",
        "monthly_wage_usd": 220,
        **DECENT,
    },
    "training": {
        "kind": "training",
        "title": "Sewing course",
        "livelihood": "tailoring",
        "isco_code": "7531",
        "sector": "education",
        "course_months": 4,
        "stipend_usd": 68,
        "course_fee_usd": 0,
        "teaches": ["sew garments"],
        "hazardous": False,
        "night_work": False,
    },
    "grant": {
        "kind": "grant",
        "title": "Start-up grant",
        "livelihood": "chickens",
        "isco_code": "6122",
        "sector": "agriculture",
        "home_based": True,
        "places": ["12"],
        "grant_usd": 200,
    },
}
"""An offer of each kind that no gate holds against anyone who lives nearby."""


@pytest.fixture(scope="session")
def reference() -> Reference:
    return read_reference()


@pytest.fixture(scope="session")
def engine(reference: Reference) -> Engine:
    return Engine(reference)


@pytest.fixture(scope="session")
def knowledge(engine: Engine) -> Knowledge:
    return engine.knowledge


@pytest.fixture(scope="session")
def plain(reference: Reference) -> Any:
    """Return the slow reference: the formulas in loops, sharing no code with the engine."""
    spec = importlib.util.spec_from_file_location("plain", Path(__file__).with_name("plain.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Plain(reference)


@pytest.fixture(scope="session")
def world() -> demo.World:
    return demo.world(clients=40, opportunities=500, seed=7, as_of=AS_OF)


@pytest.fixture(scope="session")
def caseload(world: demo.World) -> Caseload:
    return Caseload.from_records(world.clients)


@pytest.fixture(scope="session")
def market(world: demo.World) -> Market:
    return Market.from_records(world.opportunities, world.as_of)


@pytest.fixture(scope="session")
def make_client() -> Callable[..., Record]:
    """Make a client who passes every gate; changes replace fields, None makes one unknown."""
    return lambda **changes: {**CLIENT, **changes}


@pytest.fixture(scope="session")
def make_offer() -> Callable[..., Record]:
    """Make an offer that passes every gate; changes replace fields, None makes one unknown."""

    def make(opportunity_id: str = "O-1", kind: str = "vacancy", **changes: Any) -> Record:
        return {"opportunity_id": opportunity_id, **SAFE, **OFFERS[kind], **changes}

    return make


@pytest.fixture(scope="session")
def meet(engine: Engine) -> Callable[..., Any]:
    """Ask the engine's method about one client and some offers."""

    def ask(method: str, client: Record, *offers: Record, **more: Any) -> Any:
        caseload = Caseload.from_records([client])
        return getattr(engine, method)(caseload, Market.from_records(offers, AS_OF), **more)

    return ask


@pytest.fixture(scope="session")
def reasons(engine: Engine) -> Callable[..., set[str]]:
    """Return the codes for which one offer may not be made to one client."""

    def codes(client: Record, offer: Record) -> set[str]:
        tables = Caseload.from_records([client]), Market.from_records([offer], AS_OF)
        found = engine.why_not(*tables, client["client_id"], offer["opportunity_id"])
        return {reason.code for reason in found}

    return codes


@pytest.fixture(scope="session")
def open_clients(world: demo.World) -> list[Record]:
    """Return the world's clients without what would keep most offers from them."""
    at_ease: Record = {
        "consent_to_match": True,
        "exclusion_areas": [],
        "avoid_settings": [],
        "excluded_livelihoods": [],
        "documents": list(DOCUMENTS),
        "schooling": "tertiary",
        "can_read": True,
        "age_years": 30,
        "land_m2": 20_000,
        "has_water": True,
    }
    return [
        {**client, **at_ease, "home_place": client.get("home_place") or CLIENT["home_place"]}
        for client in world.clients
    ]


@pytest.fixture(scope="session")
def with_tables(reference: Reference) -> Callable[..., Engine]:
    """Return an engine over the reference with some tables replaced."""
    return lambda **tables: Engine(dataclasses.replace(reference, **tables))

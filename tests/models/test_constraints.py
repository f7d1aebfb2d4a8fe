"""The database itself refuses what no row may hold."""

import datetime as dt
import math
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from models.base import now
from models.client import Client
from models.employer import Employer
from models.household import Household
from models.opportunity import Clearance, Opportunity
from models.registry import METADATA

NOW = {"created_at": now(), "updated_at": now()}
GOOD: dict[type, dict[str, Any]] = {
    Client: {"client_id": "C-1"} | NOW,
    Household: {"household_id": "H-1"} | NOW,
    Employer: {"employer_id": "E-1"} | NOW,
    Opportunity: {"opportunity_id": "V-1", "kind": "vacancy", "title": "Tailor"} | NOW,
}


def add(connection: Connection, model: type, **values: Any) -> None:
    table = METADATA.tables[str(model.__tablename__)]  # type: ignore[attr-defined]
    connection.execute(insert(table), [GOOD[model] | values])


@pytest.mark.parametrize("model", GOOD)
def test_a_row_that_tells_nothing_more_is_taken(connection: Connection, model: type) -> None:
    add(connection, model)
    table = METADATA.tables[str(model.__tablename__)]  # type: ignore[attr-defined]
    assert connection.execute(select(table.c.version)).scalar_one() == 1


@pytest.mark.parametrize(
    ("model", "values"),
    [
        # a word that is none of the column's
        (Client, {"sex": "f"}),
        (Client, {"transport": "tractor"}),
        (Client, {"schooling": "some"}),
        (Household, {"idpoor": "3"}),
        (Opportunity, {"kind": "pathway"}),
        (Opportunity, {"sector": "crime"}),
        (Opportunity, {"gender_only": "other"}),
        (Opportunity, {"required_schooling": "phd"}),
        # a number out of range, infinite, or none at all
        (Client, {"age_years": -1, "age_recorded_on": dt.date(2026, 1, 1)}),
        (Client, {"age_years": 121, "age_recorded_on": dt.date(2026, 1, 1)}),
        (Client, {"max_commute_minutes": 1441}),
        (Client, {"capital_usd": -0.01}),
        (Household, {"household_size": 0}),
        (Household, {"children_under_6": -1}),
        (Household, {"household_income_usd": math.inf}),
        (Household, {"debt_usd": -5}),
        (Opportunity, {"monthly_wage_usd": -1}),
        (Opportunity, {"monthly_wage_usd": "a lot"}),
        (Opportunity, {"hours_per_day": 25}),
        (Opportunity, {"hours_per_week": 169}),
        (Opportunity, {"seats": -1}),
        (Opportunity, {"deposit_usd": math.inf}),
        # a code of the wrong shape
        (Client, {"home_place": "123"}),
        (Client, {"home_place": "12ab"}),
        (Opportunity, {"isco_code": "75311"}),
        (Opportunity, {"isco_code": "7x"}),
        # a text too long or too short
        (Client, {"client_id": ""}),
        (Client, {"client_id": "C" * 65}),
        (Employer, {"employer_name": "n" * 501}),
        (Opportunity, {"title": ""}),
        (Opportunity, {"description": "d" * 20_001}),
        # a flag that is neither true nor false
        (Client, {"consent_to_match": 2}),
        (Employer, {"employer_vetted": 7}),
        # a mapping for a list, a list for a mapping
        (Client, {"skills": {"sewing": 1}}),
        (Client, {"experience": ["7531"]}),
        (Opportunity, {"places": "12"}),
        # fields that contradict each other
        (Client, {"age_years": 20}),
        (Client, {"age_recorded_on": dt.date(2026, 1, 1)}),
        (
            Client,
            {
                "birth_date": dt.date(2000, 1, 1),
                "age_years": 26,
                "age_recorded_on": dt.date(2026, 1, 1),
            },
        ),
        (Opportunity, {"monthly_wage_usd": 200, "monthly_wage_max_usd": 150}),
        (Opportunity, {"min_age": 30, "max_age": 20}),
        (Opportunity, {"kind": "grant"}),
        (Opportunity, {"teaches": ["sew"]}),
        (Opportunity, {"course_months": 3}),
        # what must be known and is not
        (Opportunity, {"title": None}),
        (Opportunity, {"kind": None}),
        # a reference to nothing
        (Client, {"household_id": "H-none"}),
        (Opportunity, {"employer_id": "E-none"}),
    ],
)
def test_a_bad_row_is_refused(connection: Connection, model: type, values: dict[str, Any]) -> None:
    with pytest.raises((IntegrityError, StatementError, OperationalError)):
        add(connection, model, **values)


def test_unknown_and_empty_stay_apart(connection: Connection) -> None:
    add(connection, Client, documents=[], skills=None)
    table = METADATA.tables["client"]
    row = connection.execute(select(table.c.documents, table.c.skills)).one()
    assert (row.documents, row.skills) == ([], None)
    unknown = connection.execute(select(table.c.client_id).where(table.c.skills.is_(None))).all()
    assert len(unknown) == 1


def test_a_flag_is_cleared_once(connection: Connection) -> None:
    add(connection, Opportunity)
    table = METADATA.tables[str(Clearance.__tablename__)]
    row = {
        "opportunity_id": "V-1",
        "flag": "live_in",
        "cleared_by": "Dara",
        "note": "visited",
        "cleared_at": now(),
    }
    connection.execute(insert(table), [row])
    with pytest.raises(IntegrityError, match="UNIQUE"):
        connection.execute(insert(table), [row])

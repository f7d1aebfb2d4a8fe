"""Two processes apply overlapping plans at the same moment, many times: no seat is given twice."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

ROOT = Path(__file__).parents[2]
ROUNDS = 200
APPLIER = """
import sys
from uuid import uuid4
from api.failures import PlanConflict
from api.officer import plan_applying
from api.services import Services
from api.settings import Settings
from api.visit import Visit

services = Services(Settings(database_url=sys.argv[1], today=sys.argv[3]))
services.warm()
print("ready", flush=True)
for _ in sys.stdin:
    try:
        with Visit(services, "tests", uuid4().hex, "en").writing() as context:
            plan_applying.apply(context, sys.argv[2])
        print("applied", flush=True)
    except PlanConflict as conflict:
        codes = {found["code"] for found in conflict.conflicts}
        print("conflict", *sorted(codes), flush=True)
"""


@contextmanager
def applier(url: str, plan_id: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process that applies a plan once for every line it is sent."""
    command = [sys.executable, "-c", APPLIER, url, plan_id, "2026-11-23"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()


def share_clients_and_make_seats_scarce(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (
            "UPDATE client SET officer = CASE rowid % 3 WHEN 0 THEN 'sok' WHEN 1 THEN 'dara' END",
            "UPDATE opportunity SET seats = 1 WHERE seats > 1",
        ):
            connection.execute(text(statement))
    engine.dispose()


def test_no_seat_is_given_twice(start: object, world_path: Path) -> None:
    url = f"sqlite:///{world_path}"
    share_clients_and_make_seats_scarce(url)
    world: TestClient = start(world_path)  # type: ignore[operator]
    plans = [world.post("/v1/plans", json={"officer": name}).json() for name in ("sok", "dara")]
    wanted = [{line["opportunity_id"] for line in plan["lines"]} - {None} for plan in plans]
    assert wanted[0] & wanted[1], "the plans must want a seat in common"
    engine = create_engine(url)
    seen = set()
    with ExitStack() as stack:
        both = [stack.enter_context(applier(url, plan["plan_id"])) for plan in plans]
        for _ in range(ROUNDS):
            for process in both:
                process.stdin.write("go\n")  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
            said = [process.stdout.readline().strip() for process in both]  # type: ignore[union-attr]
            assert sorted(said) == ["applied", "conflict no_seat"]
            seen.add(said.index("applied"))
            with engine.begin() as connection:
                overfull = connection.execute(
                    text(
                        "SELECT opportunity_id FROM placement JOIN opportunity USING"
                        " (opportunity_id) GROUP BY opportunity_id, seats HAVING count(*) > seats"
                    )
                ).all()
                held = connection.execute(text("SELECT count(*) FROM placement")).scalar_one()
                connection.execute(text("DELETE FROM placement"))
                connection.execute(
                    text(
                        "UPDATE caseload_plan SET status = 'proposed', applied_at = NULL,"
                        " applied_by = NULL"
                    )
                )
            assert overfull == []
            assert held == len(wanted[said.index("applied")])
    engine.dispose()
    assert seen <= {0, 1}


def test_the_database_itself_refuses_a_seat_twice(start: object, world_path: Path) -> None:
    world: TestClient = start(world_path)  # type: ignore[operator]
    plan = world.post("/v1/plans", json={"cohort": "malaysia-august"}).json()
    applied = world.post(f"/v1/plans/{plan['plan_id']}/apply", json={})
    assert applied.status_code == 200, applied.text
    engine = create_engine(f"sqlite:///{world_path}")
    again = (
        "INSERT INTO placement (plan_id, client_id, opportunity_id, seat, seats_posted, who, at)"
        " SELECT plan_id, 'C-000060', opportunity_id, {seat}, seats_posted, who, at"
        " FROM placement LIMIT 1"
    )
    for seat, refusal in (("seat", "UNIQUE"), ("seats_posted + 1", "seat_posted")):
        with (
            engine.connect() as connection,
            pytest.raises(Exception, match=refusal),
        ):
            connection.execute(text(again.format(seat=seat)))
    engine.dispose()
